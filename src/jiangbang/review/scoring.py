"""Scoring: an expert's notes are kept as they are written, signed cards are locked; what is opened again or void leaves its trace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.review import Criterion, ReviewSpec
from jiangbang.nomination.pages import label_of
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.register.canonical import commitment, new_salt
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.models import Card, Recusal, Seat, SignedCard
from jiangbang.review.profiles import sealed, unsealed

LONGEST_COMMENT: Final = 1000
State = Card.State


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands on a card: points and comments by the rubric's keys."""

    scores: Mapping[str, int]
    comments: Mapping[str, str]
    # asked for again in a discussion, and neither confirmed nor changed since
    to_confirm: bool = False


class ChangedElsewhere(Refused):
    """The card was changed on another device since; `card` is as it stands there."""

    def __init__(self, card: Card) -> None:
        super().__init__("changed", _("This card was changed on another device meanwhile."))
        self.card = card


def filled(card: Card) -> Filled:
    """The card as the expert last kept it. Raises VaultError."""
    comments = unsealed(card.seat.entry.expert, bytes(card.sealed_comments))
    again = card.asked_again_at
    to_confirm = again is not None and (card.saved_at is None or card.saved_at <= again)
    return Filled(dict(card.scores), json.loads(comments) if comments else {}, to_confirm)


def missing(card: Filled, rules: ReviewSpec) -> list[str]:
    """What a card still lacks before it can be signed, in words."""
    said = [_("talked over: say that your points stand, or change them")] if card.to_confirm else []
    said += [_("%(line)s: no score") % {"line": label_of(one)} for one in rules.rubric if one.key not in card.scores]
    return said + [
        _("%(line)s: say why") % {"line": label_of(one)}
        for one in rules.rubric
        if one.key in card.scores and needs_comment(one, card) and not card.comments.get(one.key, "").strip()
    ]


def needs_comment(line: Criterion, card: Filled) -> bool:
    return line.needs_comment(card.scores[line.key])


def read_points(line: Criterion, text: str) -> int | None:
    """Points as typed; None for an empty field. Refused: `points` with the line and its bounds."""
    plain = text.strip()
    if not plain:
        return None
    if (
        not plain.isascii()
        or not plain.isdecimal()
        or not line.lowest <= int(plain[:6]) <= line.highest
        or len(plain) > 6
    ):
        values = {"line": label_of(line), "lowest": line.lowest, "highest": line.highest}
        raise Refused("points", _("%(line)s takes whole points from %(lowest)d to %(highest)d.") % values)
    return int(plain)


@transaction.atomic
def keep_card(
    card: Card, scores: Mapping[str, str], comments: Mapping[str, str], *, expected: int | None, by: User
) -> Card:
    """Keep what an expert has typed so far, half a card too. These are the expert's own notes: no entry is written before the signature.

    `expected` is the version that the page knew; None: whatever stands there. Refused: `permission`; `closed` for a signed or void card;
    `points`; `too_long`. Raises ChangedElsewhere.
    """
    card = _own(card, by)
    if expected is not None and expected != card.version:
        raise ChangedElsewhere(card)
    rules, kept = rules_of(card.reviewed.edition), filled(card)
    points, said = dict(kept.scores), dict(kept.comments)
    for line in rules.rubric:
        if line.key in scores:
            value = read_points(line, scores[line.key])
            points = {key: old for key, old in points.items() if key != line.key}
            points |= {} if value is None else {line.key: value}
        if line.key in comments:
            text = comments[line.key].replace("\0", "").strip()
            if len(text) > LONGEST_COMMENT:
                raise Refused("too_long", _("A comment has at most 1,000 characters."))
            said[line.key] = text
    return _write(card, points, said)


def _write(card: Card, points: Mapping[str, int], said: Mapping[str, str]) -> Card:
    said = {key: text for key, text in said.items() if text}
    card.scores = dict(points)
    card.sealed_comments = sealed(card.seat.entry.expert, json.dumps(said, ensure_ascii=False)) if said else b""
    card.version, card.saved_at = card.version + 1, timezone.now()
    card.save(update_fields=["scores", "sealed_comments", "version", "saved_at"])
    return card


@act("sheet.brought")
def bring_sheet(seat: Seat, rows: Sequence[tuple[Card, Filled]], *, by: User) -> int:
    """Take the scores of a checked sheet into the expert's open cards, all or none. Refused: as `keep_card`; `empty`."""
    if not rows:
        raise Refused("empty", _("The sheet has no scores."))
    for card, given in rows:
        found = _own(card, by)
        kept = filled(found)
        _write(found, {**kept.scores, **given.scores}, {**kept.comments, **given.comments})
    edition = seat.draw.edition
    record("sheet.brought", by=by, edition=edition.key, subject=seat.entry.expert.subject, facts={"count": len(rows)})
    return len(rows)


@act("card.signed")
def sign_cards(seat: Seat, *, by: User) -> int:
    """Sign every open card of the expert that is whole, and lock it. How many were signed.

    Refused: `permission`; `incomplete` when none is whole.
    """
    edition, rules = seat.draw.edition, rules_of(seat.draw.edition)
    if not policy.is_expert(by, edition):
        raise Refused("permission", _("You may not sign for this expert."))
    count = 0
    for card in own_cards(seat).filter(state=State.OPEN).select_for_update(of=("self",)).order_by("pk"):
        given = filled(card)
        if missing(given, rules):
            continue
        _sign(card, given, by=by)
        count += 1
    if not count:
        raise Refused(
            "incomplete", _("No card is complete yet: each line needs points, and a comment at the extremes.")
        )
    return count


def _sign(card: Card, given: Filled, *, by: User) -> None:
    last = SignedCard.objects.filter(card=card).aggregate(last=Max("number"))["last"] or 0
    salt, comments = new_salt(), dict(given.comments)
    value: dict[str, Any] = {"card": str(card.pk), "scores": dict(given.scores), "comments": comments}
    secret = json.dumps({"salt": salt.hex(), "comments": comments}, ensure_ascii=False)
    signed = SignedCard.objects.create(
        card=card,
        number=last + 1,
        scores=dict(given.scores),
        sealed=sealed(card.seat.entry.expert, secret),
        commitment=commitment(value, salt),
        signed_by=by,
        signed_at=timezone.now(),
    )
    card.state = State.SIGNED
    card.save(update_fields=["state"])
    facts = {"number": signed.number, "commitment": signed.commitment}
    record("card.signed", by=by, edition=card.reviewed.edition.key, subject=card.subject, facts=facts)


@act("card.reopened")
def reopen_card(card: Card, *, reason: str, by: User) -> None:
    """Open a signed card again for its expert, with a reason; what was signed stays. Refused: `permission`; `no_reason`; `not_signed`."""
    card = _locked(card)
    edition = card.reviewed.edition
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not open signed cards again."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason."))
    if card.state != State.SIGNED:
        raise Refused("not_signed", _("This card is not signed."))
    card.state, card.sealed_reason = State.OPEN, sealed(card.seat.entry.expert, reason.strip()[:1000])
    card.save(update_fields=["state", "sealed_reason"])
    number = SignedCard.objects.filter(card=card).count()
    record("card.reopened", by=by, edition=edition.key, subject=card.subject, facts={"number": number})


@act("card.recused", "card.voided")
def recuse(card: Card, *, kind: str, reason: str, by: User) -> None:
    """The expert recognises somebody: the card is void, signed or not, and the dossier needs another expert. The trace stays.

    Refused: `permission`; `unknown_kind`; `no_reason`; `void`.
    """
    card = _locked(card)
    edition = card.reviewed.edition
    if not policy.is_expert(by, edition):
        raise Refused("permission", _("You may not declare for this expert."))
    if kind not in Recusal.Kind.values:
        raise Refused("unknown_kind", _("Choose what kind of relation it is."))
    if not reason.strip():
        raise Refused("no_reason", _("Say in a few words what the relation is."))
    if card.state == State.VOID:
        return nothing_changed()
    expert = card.seat.entry.expert
    Recusal.objects.update_or_create(
        seat=card.seat,
        dossier_id=card.reviewed_id,
        kind=kind,
        defaults={
            "origin": Recusal.Origin.LATER,
            "state": Recusal.State.STANDS,
            "sealed_ground": sealed(expert, reason.strip()[:1000]),
            "made_at": timezone.now(),
        },
    )
    card.state, card.sealed_reason = State.VOID, sealed(expert, reason.strip()[:1000])
    card.save(update_fields=["state", "sealed_reason"])
    record("card.recused", by=by, edition=edition.key, subject=card.subject, facts={"kind": kind})
    record("card.voided", by=by, edition=edition.key, subject=card.subject, facts={"reason": "recusal"})
    return None


def own_cards(seat: Seat) -> QuerySet[Card]:
    """The cards that an expert sees: released, not void, once his relations are declared."""
    rows = Card.objects.filter(seat=seat, released_at__isnull=False).exclude(state=State.VOID)
    if seat.declared_at is None or not seat.sits:
        rows = rows.none()
    return rows.select_related("reviewed__edition", "seat__entry__expert").defer("reviewed__edition__document")


def _own(card: Card, by: User) -> Card:
    card = _locked(card)
    if not policy.is_expert(by, card.reviewed.edition):
        raise Refused("permission", _("You may not write on this card."))
    if card.state != State.OPEN or card.released_at is None:
        raise Refused("closed", _("This card is signed or void: nothing was changed on it."))
    return card


def _locked(card: Card) -> Card:
    rows = Card.objects.select_for_update(of=("self",)).select_related("reviewed__edition", "seat__entry__expert")
    return rows.defer("reviewed__edition__document").get(pk=card.pk)
