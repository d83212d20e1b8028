"""What may happen to recusals: declared before any file opens, found in the data, decided by the organiser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.review import policy
from jiangbang.review.dossiers import eligible, judged
from jiangbang.review.matching import Among, Match, Tie, bound_by, found_in_data
from jiangbang.review.models import Card, Draw, Recusal, Relation, Seat
from jiangbang.review.profiles import profile_of, sealed, unsealed

MOST_TIES: Final = 50
State, Origin = Recusal.State, Recusal.Origin


@act("relations.declared", "recusal.found", "card.voided")
def declare_relations(seat: Seat, ties: Sequence[Tie], *, among: Among | None = None, by: User) -> int:
    """The expert declares whom and what he is bound to (nothing: an empty list), and the files may open. How many recusals come of it.

    May be called again: relations are added, none is taken back. The expert does not learn what they lead to.
    `among`: all eligible dossiers as they stand, from a caller who lets many declare and has read them.

    Refused: `permission`; `not_confirmed`; `unknown_kind`; `empty` for a relation to nobody; `too_many`.
    """
    seat = _locked(seat)
    if not policy.is_expert(by, seat.draw.edition):
        raise Refused("permission", _("You may not declare for this expert."))
    if seat.state != Seat.State.CONFIRMED:
        raise Refused("not_confirmed", _("Confirm your seat first."))
    if any(tie.kind not in Relation.Kind.values for tie in ties):
        raise Refused("unknown_kind", _("Choose what kind of relation it is."))
    if any(not tie.person.strip() and not tie.organisation.strip() for tie in ties):
        raise Refused("empty", _("Name the person or the organisation of each relation."))
    if len(ties) + seat.relations.count() > MOST_TIES:
        raise Refused("too_many", _("More than 50 relations cannot be declared here. Write to the organiser's office."))
    now = timezone.now()
    Relation.objects.bulk_create(
        Relation(
            seat=seat,
            kind=tie.kind,
            sealed=sealed(seat.entry.expert, json.dumps(asdict(tie), ensure_ascii=False)),
            declared_at=now,
        )
        for tie in ties
    )
    seat.declared_at = now
    seat.save(update_fields=["declared_at"])
    edition, subject = seat.draw.edition, seat.entry.expert.subject
    record("relations.declared", by=by, edition=edition.key, subject=subject, facts={"count": len(ties)})
    dossiers = judged(eligible(edition), edition) if among is None else among
    made = _keep(seat, bound_by(ties, dossiers), Origin.DECLARED, by=by)
    return made + _keep(seat, _found(seat, dossiers), Origin.FOUND, by=by)


@act("recusal.found", "card.voided")
def find_recusals(edition: Edition, *, by: User) -> int:
    """Look through the data again: profiles and declared relations of everybody who sits against all eligible dossiers. How many are new.

    Refused: `permission`.
    """
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not decide on recusals."))
    dossiers = judged(eligible(edition), edition)
    count = 0
    for seat in sitting(edition).select_for_update(of=("self",)):
        count += _keep(seat, bound_by(ties_of(seat), dossiers), Origin.DECLARED, by=by)
        count += _keep(seat, _found(seat, dossiers), Origin.FOUND, by=by)
    if not count:
        nothing_changed()
    return count


@act("recusal.decided", "card.voided")
def decide_recusal(recusal: Recusal, *, stands: bool, reason: str, by: User) -> None:
    """The organiser decides on a recusal: it stands, or it is dismissed. Refused: `permission`; `no_reason`."""
    recusal = _locked_recusal(recusal)
    edition = recusal.seat.draw.edition
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not decide on recusals."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the decision."))
    state = State.STANDS if stands else State.DISMISSED
    recusal.state, recusal.decided_by, recusal.decided_at = state, by, timezone.now()
    recusal.sealed_reason = sealed(recusal.seat.entry.expert, reason.strip()[:1000])
    recusal.save(update_fields=["state", "decided_by", "decided_at", "sealed_reason"])
    if stands:
        _void_cards(recusal.seat, [str(recusal.dossier_id)], by=by)
    facts = {"kind": recusal.kind, "state": str(state)}
    record("recusal.decided", by=by, edition=edition.key, subject=recusal.subject, facts=facts)


@act("recusal.found", "card.voided")
def set_recusal(seat: Seat, dossier: Dossier, *, kind: str, reason: str, by: User) -> Recusal:
    """The office keeps an expert from a dossier for a reason that no data shows. Refused: `permission`; `no_reason`; `unknown_kind`."""
    seat = _locked(seat)
    if not policy.may_lead_review(by, seat.draw.edition):
        raise Refused("permission", _("You may not decide on recusals."))
    if kind not in Recusal.Kind.values:
        raise Refused("unknown_kind", _("Choose what kind of relation it is."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the decision."))
    made = _keep(seat, [Match(str(dossier.pk), kind, True, reason.strip()[:1000])], Origin.OFFICE, by=by)
    if not made:
        nothing_changed()
    return Recusal.objects.get(seat=seat, dossier=dossier, kind=kind)


def _void_cards(seat: Seat, dossiers: Iterable[str], *, by: User) -> None:
    """A recusal that comes after the assignment voids the cards of the pair; what was signed stays as a trace."""
    cards = Card.objects.filter(seat=seat, reviewed_id__in=list(dossiers)).exclude(state=Card.State.VOID)
    for card in cards.select_for_update():
        card.state = Card.State.VOID
        card.save(update_fields=["state"])
        record("card.voided", by=by, edition=seat.draw.edition.key, subject=card.subject, facts={"reason": "recusal"})


def sitting(edition: Edition) -> QuerySet[Seat]:
    """The seats that are held in the edition's draw."""
    rows = Seat.objects.filter(draw__edition=edition, draw__state=Draw.State.HELD)
    return (
        rows.filter(state__in=(Seat.State.ASKED, Seat.State.CONFIRMED))
        .select_related("draw__edition", "entry__expert")
        .defer("draw__edition__document", "draw__document")
        .order_by("panel", "mark")
    )


def kept_apart(edition: Edition) -> set[tuple[int, str]]:
    """Pairs of seat and dossier that a recusal keeps apart; a doubt does so until it is dismissed."""
    rows = Recusal.objects.filter(seat__draw__edition=edition).exclude(state=State.DISMISSED)
    return {(seat, str(dossier)) for seat, dossier in rows.values_list("seat_id", "dossier_id")}


def ties_of(seat: Seat) -> list[Tie]:
    """What the expert declared. Raises VaultError."""
    rows = seat.relations.order_by("pk")
    return [Tie(**json.loads(unsealed(seat.entry.expert, bytes(row.sealed)))) for row in rows]


def _found(seat: Seat, dossiers: Among) -> list[Match]:
    return found_in_data(profile_of(seat.entry.expert), seat.entry.unit_code, dossiers)


def _keep(seat: Seat, matches: Iterable[Match], origin: Recusal.Origin, *, by: User) -> int:
    """Keep the matches that are not known yet."""
    known = {(str(pk), kind) for pk, kind in seat.recusals.values_list("dossier_id", "kind")}
    count, now = 0, timezone.now()
    for match in matches:
        if (match.dossier, match.kind) in known:
            continue
        known.add((match.dossier, match.kind))
        state = State.STANDS if match.certain else State.DOUBT
        made = Recusal.objects.create(
            seat=seat,
            dossier_id=match.dossier,
            kind=match.kind,
            origin=origin,
            state=state,
            sealed_ground=sealed(seat.entry.expert, match.ground[:1000]),
            made_at=now,
        )
        facts = {"kind": match.kind, "origin": str(origin), "state": str(state)}
        record("recusal.found", by=by, edition=seat.draw.edition.key, subject=made.subject, facts=facts)
        _void_cards(seat, [match.dossier], by=by)
        count += 1
    return count


def _locked(seat: Seat) -> Seat:
    rows = Seat.objects.select_for_update(of=("self",)).select_related("draw__edition", "entry__expert")
    return rows.defer("draw__edition__document", "draw__document").get(pk=seat.pk)


def _locked_recusal(recusal: Recusal) -> Recusal:
    rows = Recusal.objects.select_for_update(of=("self",)).select_related("seat__draw__edition", "seat__entry__expert")
    return rows.get(pk=recusal.pk)
