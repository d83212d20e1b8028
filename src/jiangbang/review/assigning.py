"""What may happen to the assignment: proposed by the kernel, changed by hand, released to the experts."""

from __future__ import annotations

import math
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.affinity import Demand, Floats, Offer, affinities
from jiangbang.kernel.assignment import (
    Assignment,
    InfeasibleError,
    Problem,
    Shortage,
    assign,
    assign_by_lot,
    from_matrix,
    shortages,
)
from jiangbang.kernel.review import ReviewSpec
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.blind import text_of
from jiangbang.review.dossiers import eligible, record_of
from jiangbang.review.messages import CARDS
from jiangbang.review.models import Card, Reviewed, Seat
from jiangbang.review.profiles import profile_of, sealed
from jiangbang.review.recusing import kept_apart, sitting

# Dossiers that a sentence names before it only counts them.
MOST_NAMED: Final = 5
SEED_BITS: Final = 32
# A likelihood that bounds nothing, in hundredths.
MOST_LIKELY: Final = 100
State = Card.State


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What is to be assigned: dossiers and seats, who fits whom and who may not, how many each still needs or takes."""

    dossiers: Sequence[Dossier]
    seats: Sequence[Seat]
    affinity: Floats
    conflict: np.ndarray
    demand: np.ndarray
    room: np.ndarray


@act("assignment.made")
def assign_dossiers(edition: Edition, *, at_most: int | None = None, by: User) -> int:
    """Give every eligible dossier the experts that it still lacks: all at first, later only the gaps that recusals and releases left.

    The proposal is the kernel's: the worst-served dossier first, then the sum. With `at_most` it is drawn by lot instead, and no pair of
    expert and dossier was likelier than so many in a hundred. It is seen by no expert before it is released. Returns how many cards were
    made.

    Refused: `permission`; `bound` outside 1 to 100; `nobody` who has confirmed and declared; `no_dossier`; `impossible`, with what is
    short; `too_low` when the bound alone leaves no assignment.
    """
    _lead(by, edition)
    if at_most is not None and not 0 < at_most <= MOST_LIKELY:
        raise Refused("bound", _("A bound is a whole number of percent from 1 to 100."))
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    need = need_of(edition)
    if not need.seats:
        raise Refused("nobody", _("Nobody has confirmed the seat and declared relations yet."))
    if not need.dossiers:
        raise Refused("no_dossier", _("Screening has found nobody eligible yet."))
    if not need.demand.sum():
        nothing_changed()
        return 0
    problem = _problem(edition, need)
    seed = secrets.randbits(SEED_BITS)
    found = _found(problem, need, at_most, seed)
    codes = _codes(edition, need.dossiers)
    made = [
        Card(
            reviewed=codes[need.dossiers[row].pk],
            seat=need.seats[column],
            affinity=round(1000 * float(need.affinity[row, column])),
        )
        for row, column in zip(found.dossiers.tolist(), found.experts.tolist(), strict=True)
    ]
    Card.objects.bulk_create(made, batch_size=500)
    facts = {
        "dossiers": int((need.demand > 0).sum()),
        "count": len(made),
        "score": round(1000 * found.min_dossier_affinity),
        "optimal": found.optimal,
        **({} if at_most is None else {"at_most": at_most, "seed": seed}),
    }
    record("assignment.made", by=by, edition=edition.key, subject=f"edition:{edition.key}", facts=facts)
    return len(made)


def _problem(edition: Edition, need: Need) -> Problem:
    """What the kernel is asked. `least_per_expert` is kept in the first assignment, where the dossiers and the recusals allow it."""
    problem = from_matrix(need.affinity, conflict=need.conflict, demand=need.demand, load_max=need.room)
    least = min(rules_of(edition).least_per_expert, int(need.demand.sum()) // len(need.seats))
    if not least or _live(edition).exists():
        return problem
    loads = np.minimum(need.room, least)
    fairer = from_matrix(need.affinity, conflict=need.conflict, demand=need.demand, load_min=loads, load_max=need.room)
    return problem if shortages(fairer) else fairer


def _found(problem: Problem, need: Need, at_most: int | None, seed: int) -> Assignment:
    """The kernel's answer, or the refusal that says what is short."""
    try:
        if at_most is None:
            return assign(problem, aim="fair")
        return assign_by_lot(problem, at_most=at_most / MOST_LIKELY, seed=seed)
    except InfeasibleError as error:
        if error.shortages:
            raise Refused("impossible", short_sentence(error.shortages, need)) from None
    values = {"n": at_most, "least": least_bound(need)}
    said = (
        _("No assignment keeps every pair at %(n)d%% or less; by who may judge what, %(least)d%% is needed.") % values
    )
    raise Refused("too_low", said)


def least_bound(need: Need) -> int:
    """Below so many in a hundred no lot can give each dossier its experts: who may judge the most closed dossier, and the room of all."""
    open_to = (~need.conflict).sum(axis=1)
    wanted = need.demand > 0
    return math.ceil(MOST_LIKELY * float((need.demand[wanted] / np.maximum(open_to[wanted], 1)).max()))


def need_of(edition: Edition) -> Need:
    """Dossiers, seats and what keeps them apart, as they stand."""
    rules = rules_of(edition)
    dossiers = list(eligible(edition).order_by("pk"))
    seats = [seat for seat in sitting(edition) if seat.state == Seat.State.CONFIRMED and seat.declared_at]
    live = list(_live(edition).values_list("reviewed_id", "seat_id", "state"))
    given, loads = Counter(row[0] for row in live), Counter(row[1] for row in live)
    # a void card keeps its expert away from the dossier for good
    held = {(pk, seat) for pk, seat in _cards(edition).values_list("reviewed_id", "seat_id")}
    apart = {(UUID(dossier), seat) for seat, dossier in kept_apart(edition)}
    conflict = _outside_panels(dossiers, seats, rules)
    rows, columns = {one.pk: row for row, one in enumerate(dossiers)}, {one.pk: at for at, one in enumerate(seats)}
    for dossier, seat in apart | held:
        if dossier in rows and seat in columns:
            conflict[rows[dossier], columns[seat]] = True
    demand = np.array([max(0, rules.per_dossier - given[dossier.pk]) for dossier in dossiers], dtype=np.int64)
    return Need(dossiers, seats, fits(dossiers, seats), conflict, demand, _room(seats, rules, loads))


def _outside_panels(dossiers: Sequence[Dossier], seats: Sequence[Seat], rules: ReviewSpec) -> np.ndarray:
    """Whether the panel of each seat (column) does not judge the class of each dossier (row)."""
    outside = np.zeros((len(dossiers), len(seats)), dtype=bool)
    for panel in rules.panels:
        judges = {kind: panel.judges(kind) for kind in {one.industry_class for one in dossiers}}
        rows = np.array([not judges[one.industry_class] for one in dossiers], dtype=bool)
        columns = np.array([seat.panel == panel.rules.name for seat in seats], dtype=bool)
        outside |= np.outer(rows, columns)
    return outside


def fits(dossiers: Sequence[Dossier], seats: Sequence[Seat]) -> Floats:
    """How well each dossier and each seat fit, from classes and words."""
    demands = [Demand(one.industry_class, text_of(record_of(one), one.edition.spec.form)) for one in dossiers]
    offers = [Offer(tuple(seat.entry.expert.classes), profile_of(seat.entry.expert).text) for seat in seats]
    return affinities(demands, offers)


def _room(seats: Sequence[Seat], rules: ReviewSpec, loads: Counter[int]) -> np.ndarray:
    most = [min(rules.most_per_expert, seat.entry.capacity) - loads[seat.pk] for seat in seats]
    return np.array([max(0, one) for one in most], dtype=np.int64)


def short_sentence(shortages: Iterable[Shortage], need: Need) -> str:
    """Which dossiers fail, and by how many places."""
    said = []
    for one in shortages:
        codes = [need.dossiers[row].name or "—" for row in one.dossiers]
        names = "、".join(codes[:MOST_NAMED]) + ("…" if len(codes) > MOST_NAMED else "")
        values = {"n": len(codes), "names": names, "needed": one.needed, "available": one.available}
        said.append(
            _("%(n)d dossiers (%(names)s) need %(needed)d places; the experts open to them have %(available)d") % values
        )
    advice = _("Raise capacities, decide on doubtful recusals, or call alternates.")
    return _("There is no assignment: %(shortages)s. %(advice)s") % {"shortages": _("; ").join(said), "advice": advice}


def _codes(edition: Edition, dossiers: Sequence[Dossier]) -> dict[UUID, Reviewed]:
    """The dossiers' codes; new ones get the next numbers in a random order."""
    known = {one.dossier_id: one for one in Reviewed.objects.filter(edition=edition)}
    fresh = [one for one in dossiers if one.pk not in known]
    secrets.SystemRandom().shuffle(fresh)
    made = [
        Reviewed(dossier=one, edition=edition, code=f"D{number:03d}")
        for number, one in enumerate(fresh, len(known) + 1)
    ]
    Reviewed.objects.bulk_create(made, batch_size=500)
    return {**known, **{one.dossier_id: one for one in made}}


@act("assignment.changed")
def move_card(card: Card, to: Seat, *, reason: str, by: User) -> Card:
    """Give an open card to another expert, by hand. What the first one noted down is not handed on.

    Refused: `permission`; `no_reason`; `not_open`; `not_seated`; `conflict`; `has_it`; `full`; `panel`.
    """
    card = _locked(card)
    edition = card.reviewed.edition
    _lead(by, edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason."))
    if card.state != State.OPEN:
        raise Refused("not_open", _("This card is signed or void."))
    _check_move(card, to)
    found = fits([_whole(card.reviewed.dossier_id)], [to])
    moved = Card.objects.create(
        reviewed=card.reviewed, seat=to, affinity=round(1000 * float(found[0, 0])), released_at=card.released_at
    )
    card.state, card.sealed_reason = State.VOID, sealed(card.seat.entry.expert, reason.strip()[:1000])
    card.save(update_fields=["state", "sealed_reason"])
    record("assignment.changed", by=by, edition=edition.key, subject=moved.subject, facts={"replaces": card.subject})
    return moved


def _check_move(card: Card, to: Seat) -> None:
    edition, rules = card.reviewed.edition, rules_of(card.reviewed.edition)
    if to.draw.edition_id != edition.pk or to.state != Seat.State.CONFIRMED or not to.declared_at:
        raise Refused("not_seated", _("This expert does not sit, or has not declared relations yet."))
    if (to.pk, str(card.reviewed_id)) in kept_apart(edition):
        raise Refused("conflict", _("A recusal keeps this expert from the dossier."))
    if Card.objects.filter(reviewed=card.reviewed, seat=to).exists():
        raise Refused("has_it", _("This expert has the dossier already, or had it."))
    panel = next((one for one in rules.panels if one.rules.name == to.panel), None)
    if panel is not None and not panel.judges(card.reviewed.dossier.industry_class):
        raise Refused("panel", _("The expert's panel does not judge this class."))
    if not _room([to], rules, Counter(_live(edition).values_list("seat_id", flat=True)))[0]:
        raise Refused("full", _("This expert has as many dossiers as agreed."))


@act("assignment.released", "message.posted")
def release_cards(edition: Edition, *, by: User) -> int:
    """Let the experts see their cards, and tell them. Returns how many cards are new to them. Refused: `permission`; `nothing`."""
    _lead(by, edition)
    waiting = list(
        _live(edition).filter(released_at=None).select_related("seat__entry__expert").select_for_update(of=("self",))
    )
    if not waiting:
        raise Refused("nothing", _("There is nothing to release: assign first."))
    Card.objects.filter(pk__in=[card.pk for card in waiting]).update(released_at=timezone.now())
    facts = {"count": len(waiting)}
    record("assignment.released", by=by, edition=edition.key, subject=f"edition:{edition.key}", facts=facts)
    counts = Counter(card.seat_id for card in waiting)
    for seat in {card.seat_id: card.seat for card in waiting}.values():
        tell_expert(seat, edition, counts[seat.pk], by=by)
    return len(waiting)


def tell_expert(seat: Seat, edition: Edition, count: int, *, by: User) -> None:
    """Write to an expert that dossiers wait. Part of an act."""
    profile = profile_of(seat.entry.expert)
    if profile.email:
        context = {
            "edition": edition.name,
            "name": profile.name,
            "count": count,
            "link": absolute(reverse("review_cards")),
        }
        post_message(CARDS.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by)


@act("assignment.cleared")
def clear_proposal(edition: Edition, *, by: User) -> int:
    """Take back what was proposed and not released. How many cards. Refused: `permission`."""
    _lead(by, edition)
    gone, _kinds = _live(edition).filter(released_at=None).delete()
    if not gone:
        nothing_changed()
        return 0
    record("assignment.cleared", by=by, edition=edition.key, subject=f"edition:{edition.key}", facts={"count": gone})
    return gone


def _cards(edition: Edition) -> QuerySet[Card]:
    return Card.objects.filter(reviewed__edition=edition)


def _live(edition: Edition) -> QuerySet[Card]:
    """Cards that are open or signed."""
    return _cards(edition).exclude(state=State.VOID)


def _whole(pk: UUID) -> Dossier:
    return Dossier.objects.select_related(
        "edition", "accepted_revision__person", "accepted_revision__dossier__edition"
    ).get(pk=pk)


def _lead(by: User, edition: Edition) -> None:
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not assign the dossiers of this edition."))


def _locked(card: Card) -> Card:
    rows = Card.objects.select_for_update(of=("self",)).select_related(
        "reviewed__edition", "reviewed__dossier", "seat__entry__expert"
    )
    return rows.get(pk=card.pk)
