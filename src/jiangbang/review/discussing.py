"""What may happen to discussions: opened by the edition's rule, talked over without names, scored a second time, ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.messages import DISCUSSION
from jiangbang.review.models import Card, Discussion, Ranking, Remark, Reviewed, SignedCard
from jiangbang.review.profiles import profile_of, sealed, unsealed
from jiangbang.review.signed import counted, gap
from jiangbang.vaults import vault

LONGEST_REMARK: Final = 1000
MOST_REMARKS: Final = 20
State = Card.State


def wide_dossiers(edition: Edition) -> dict[Reviewed, int]:
    """The dossiers that the edition's rule (`discuss_from`) wants talked over and that were not yet: wholly signed, far apart.

    With the points between highest and lowest card, widest first. Three queries.
    """
    rules = rules_of(edition)
    if not rules.discuss_from:
        return {}
    talked_over = Discussion.objects.filter(reviewed__edition=edition).values("reviewed")
    unsigned = Card.objects.filter(reviewed__edition=edition, state=State.OPEN).values("reviewed")
    rows = Reviewed.objects.filter(edition=edition).exclude(pk__in=talked_over).exclude(pk__in=unsigned)
    dossiers = {one.pk: one for one in rows.select_related("dossier")}
    found: dict[Reviewed, int] = {}
    for pk, cards in groupby(counted(edition), key=lambda one: one.reviewed):
        apart = gap((one.scores for one in cards), rules)
        if pk in dossiers and apart >= rules.discuss_from:
            found[dossiers[pk]] = round(apart)
    return dict(sorted(found.items(), key=lambda row: (-row[1], row[0].code)))


@act("discussion.opened", "card.reopened", "message.posted")
def open_discussions(edition: Edition, *, by: User) -> int:
    """Open the discussion of every dossier that the rule wants talked over: its signed cards are asked for again, its experts are written
    to. What was signed stays as a trace. How many. Refused: `permission`; `off` where the edition has no such rule; `nothing`; `taken`."""
    _lead(by, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if not rules_of(edition).discuss_from:
        raise Refused("off", _("This edition has no rule that dossiers are talked over (discuss_from)."))
    if Ranking.objects.filter(edition=edition, taken_at__isnull=False).exists():
        raise Refused("taken", _("The shortlist of this edition has been taken already."))
    wide, now = wide_dossiers(edition), timezone.now()
    if not wide:
        raise Refused("nothing", _("No dossier's cards lie so far apart."))
    asked: dict[int, list[Card]] = {}
    for reviewed, points in wide.items():
        made = Discussion.objects.create(reviewed=reviewed, gap=points, opened_by=by, opened_at=now)
        cards = Card.objects.filter(reviewed=reviewed, state=State.SIGNED).select_related("seat__entry__expert")
        for card in cards.select_for_update(of=("self",)):
            card.state, card.asked_again_at = State.OPEN, now
            card.save(update_fields=["state", "asked_again_at"])
            facts = {"number": SignedCard.objects.filter(card=card).count()}
            record("card.reopened", by=by, edition=edition.key, subject=card.subject, facts=facts)
            asked.setdefault(card.seat_id, []).append(card)
        facts = {
            "points": points,
            "count": sum(card.reviewed_id == reviewed.pk for row in asked.values() for card in row),
        }
        record("discussion.opened", by=by, edition=edition.key, subject=made.subject, facts=facts)
    for own in asked.values():
        _tell(own, edition, by=by)
    return len(wide)


def _tell(cards: list[Card], edition: Edition, *, by: User) -> None:
    """Write to an expert that dossiers are talked over."""
    profile = profile_of(cards[0].seat.entry.expert)
    if profile.email:
        context = {
            "edition": edition.name,
            "name": profile.name,
            "count": str(len(cards)),
            "link": absolute(reverse("review_cards")),
        }
        post_message(DISCUSSION.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by)


@act("discussion.remarked")
def add_remark(card: Card, text: str, *, by: User) -> Remark:
    """The expert of a card says something to the others, who read it without a name.

    Refused: `permission`; `closed` when the card is not asked for again; `empty`; `too_long`; `too_many`.
    """
    rows = Card.objects.select_for_update(of=("self",)).select_related("reviewed__edition", "seat__entry__expert")
    card = rows.get(pk=card.pk)
    edition, said = card.reviewed.edition, text.replace("\0", "").strip()
    if not policy.is_expert(by, edition):
        raise Refused("permission", _("You may not write for this expert."))
    discussion = Discussion.objects.filter(reviewed=card.reviewed).first()
    if discussion is None or card.state != State.OPEN or card.asked_again_at is None:
        raise Refused("closed", _("This dossier is not talked over now, or you have signed it again."))
    if not said:
        raise Refused("empty", _("Write something."))
    if len(said) > LONGEST_REMARK:
        raise Refused("too_long", _("A remark has at most 1,000 characters."))
    number = card.remarks.count() + 1
    if number > MOST_REMARKS:
        raise Refused("too_many", _("At most 20 remarks on one dossier."))
    made = Remark.objects.create(
        discussion=discussion, card=card, sealed=sealed(card.seat.entry.expert, said), written_at=timezone.now()
    )
    record("discussion.remarked", by=by, edition=edition.key, subject=discussion.subject, facts={"number": number})
    return made


@act("discussion.ended", "card.restored")
def end_discussion(discussion: Discussion, *, reason: str, by: User) -> int:
    """End a discussion in which somebody has not signed again: the first score of such a card stands. How many cards that were.

    Refused: `permission`; `no_reason`; `over`.
    """
    rows = Discussion.objects.select_for_update(of=("self",)).select_related("reviewed__edition")
    discussion = rows.get(pk=discussion.pk)
    edition = discussion.reviewed.edition
    _lead(by, edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it is kept with the discussion."))
    waiting = Card.objects.filter(reviewed=discussion.reviewed, state=State.OPEN, asked_again_at__isnull=False)
    cards = list(waiting.select_related("reviewed__edition", "seat__entry__expert").select_for_update(of=("self",)))
    if not cards:
        raise Refused("over", _("Everybody has signed again: this discussion is over."))
    for card in cards:
        put_back(card, by=by)
    discussion.ended_by, discussion.ended_at = by, timezone.now()
    discussion.sealed_reason = vault().seal(reason.strip()[:1000].encode(), _aad(discussion))
    discussion.save(update_fields=["ended_by", "ended_at", "sealed_reason"])
    record("discussion.ended", by=by, edition=edition.key, subject=discussion.subject, facts={"count": len(cards)})
    return len(cards)


def put_back(card: Card, *, by: User) -> None:
    """Put a card back to what was signed last; what has been typed since is dropped. Part of an act that may write `card.restored`."""
    last, expert = SignedCard.objects.filter(card=card).latest("number"), card.seat.entry.expert
    said = comments_of(card, bytes(last.sealed))
    card.state, card.scores = State.SIGNED, dict(last.scores)
    card.sealed_comments = sealed(expert, json.dumps(said, ensure_ascii=False)) if said else b""
    card.version += 1
    card.save(update_fields=["state", "scores", "sealed_comments", "version"])
    edition, facts = card.reviewed.edition, {"number": last.number}
    record("card.restored", by=by, edition=edition.key, subject=card.subject, facts=facts)


def comments_of(card: Card, signed: bytes) -> Mapping[str, str]:
    """The comments in what was signed. Raises VaultError."""
    return dict(json.loads(unsealed(card.seat.entry.expert, signed))["comments"])


def reason_of(discussion: Discussion) -> str:
    """Why it was ended. Raises VaultError."""
    return (
        vault().unseal(bytes(discussion.sealed_reason), _aad(discussion)).decode() if discussion.sealed_reason else ""
    )


def _lead(by: User, edition: Edition) -> None:
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not lead the discussions of this edition."))


def _aad(discussion: Discussion) -> bytes:
    return f"discussion:{discussion.pk}".encode()
