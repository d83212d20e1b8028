"""Rehearsed benefits: a forum for those who hold titles, answers, who was there, and a recommendation for a higher title."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jiangbang.accounts.models import User
from jiangbang.benefits.models import Guest
from jiangbang.benefits.offering import Said, answer, invite, kinds_of, note_attendance, offer_benefit, today
from jiangbang.benefits.queries import turns
from jiangbang.benefits.recommending import note_result, recommend_further, targets_of
from jiangbang.conferral.queries import awards_of
from jiangbang.programme.models import Edition

PLACES = 20
HIGHER = 3


def rehearse_benefits(edition: Edition, *, by: User, say: Callable[[str], object]) -> None:
    """Offer a forum that begins today, invite by turns, note answers and who was there; recommend the first few for a higher title."""
    held, kinds, targets = [one for one in awards_of(edition) if one.held], kinds_of(edition), targets_of(edition)
    if not held:
        return
    first, invited = today(edition), 0
    if kinds:
        said = Said(
            kinds[-1], f"{first.year}年{kinds[-1]}", "市工人文化宫", first, first + timedelta(days=1), PLACES, first
        )
        offer = offer_benefit(edition, said, by=by)
        invited = invite(offer, [one.award for one in turns(offer)[: PLACES + 2]], by=by)
        for place, guest in enumerate(offer.guests.order_by("pk")):
            done = answer(guest, coming=place % 5 != 4, source="office", by=by)
            if done.state == Guest.State.COMING:
                note_attendance(done, came=place % 7 != 6, by=by)
    for place, award in enumerate(held[:HIGHER] if targets else ()):
        further = recommend_further(award, targets[0], reason="技术水平突出，示范作用明显", by=by)
        if place < HIGHER - 1:
            document = f"示范〔{first.year}〕8号" if place == 0 else ""
            note_result(further, conferred=place == 0, document=document, on=first, by=by)
    say(
        f"{invited} holders of titles were invited to a forum, {min(HIGHER, len(held))} are recommended for a higher title."
    )
