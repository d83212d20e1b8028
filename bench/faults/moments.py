"""The five acts that must not be lost, met in a rehearsal: each as something to do again, and a look at how often it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from jiangbang.conferral.conferring import to_confer
from jiangbang.conferral.models import Award
from jiangbang.decision.models import Round, Voter
from jiangbang.decision.voting import votes_in
from jiangbang.nomination.models import Packet
from jiangbang.notice.models import NoticeVersion
from jiangbang.rehearsal import conferral, decision, notice, review, stages
from jiangbang.review.models import SignedCard
from jiangbang.review.scoring import own_cards

Meet = Callable[[str, Callable[[], object], Callable[[], int]], None]


@contextmanager
def standing_before(meet: Meet) -> Iterator[None]:
    """Call `meet` with name, act and effect before each of the acts; then let it happen."""

    def receive(reading: Any, **told: Any) -> Any:
        before = Packet.objects.filter(sha256=reading.sha256).count()

        def effect() -> int:
            found = list(Packet.objects.filter(sha256=reading.sha256))
            whole = all(one.revisions.count() == one.accepted_count + one.waiting_count for one in found)
            return len(found) - before if whole else -1

        meet("receive", lambda: original["receive"](reading, **told), effect)
        return original["receive"](reading, **told)

    def sign(seat: Any, *, by: Any) -> Any:
        ready = own_cards(seat).filter(state="open").count()

        def effect() -> int:
            signed = SignedCard.objects.filter(card__seat=seat).count()
            return {0: 0, ready: 1}.get(signed, -1)

        meet("sign", lambda: original["sign"](seat, by=by), effect)
        return original["sign"](seat, by=by)

    def take(voting: Any, member: Any, slip: str) -> Any:
        # slip and ballot belong together: the ballot is what must not be lost
        marks = list(voting.candidates[: voting.seats])
        before = votes_in(Round.objects.get(pk=voting.pk))

        def vote() -> None:
            original["take"](voting, member, slip)
            decision.ballots.put_ballot(voting, member, slip, marks)

        def effect() -> int:
            cast = votes_in(Round.objects.get(pk=voting.pk)) - before
            served = Voter.objects.filter(round=voting, attendance__sat_by=member, served=True).count()
            return cast if served or not cast else -1

        if not decision.ballots.recused_codes(member):
            meet("vote", vote, effect)
        return original["take"](voting, member, slip)

    def publish(prepared: Any, *, by: Any) -> Any:
        meet(
            "publish",
            lambda: original["publish"](prepared, by=by),
            lambda: NoticeVersion.objects.filter(notice=prepared, notice__published_at__isnull=False).count(),
        )
        return original["publish"](prepared, by=by)

    def give(edition: Any, *, by: Any) -> Any:
        waiting = len(to_confer(edition))

        def effect() -> int:
            return {0: 0, waiting: 1}.get(Award.objects.filter(edition=edition).count(), -1)

        meet("confer", lambda: original["confer"](edition, by=by), effect)
        return original["confer"](edition, by=by)

    original: dict[str, Callable[..., Any]] = {
        "receive": stages.acts.receive_packet,
        "sign": review.scoring.sign_cards,
        "take": decision.ballots.take_slip,
        "publish": notice.publishing.publish_notice,
        "confer": conferral.confer,
    }
    with (
        mock.patch.object(stages.acts, "receive_packet", receive),
        mock.patch.object(review.scoring, "sign_cards", sign),
        mock.patch.object(decision.ballots, "take_slip", take),
        mock.patch.object(notice.publishing, "publish_notice", publish),
        mock.patch.object(conferral, "confer", give),
    ):
        yield
