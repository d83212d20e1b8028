"""What must always hold of panels, cards and rankings."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, F

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.invariant import Invariant, gaps, unlike
from jiangbang.register.models import Entry
from jiangbang.review.access import rules_of
from jiangbang.review.drawing import published
from jiangbang.review.models import (
    Card,
    Draw,
    Expert,
    PoolEntry,
    Ranking,
    Recusal,
    Reviewed,
    Seat,
    Shortlisted,
    SignedCard,
)

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_DRAW: Final = "draw again from the published file: jiangbang draw"
_SITS: Final = (Seat.State.ASKED, Seat.State.CONFIRMED)
_LIVE: Final = Card.objects.exclude(state=Card.State.VOID)


# -- the draw ------------------------------------------------------------------------------------------------------------


def _undrawn() -> Iterator[str]:
    """Seats that are not as they were drawn: panel, kind and order."""
    for drawn in Draw.objects.filter(state=Draw.State.HELD):
        told = {
            (panel["name"], kind == "alternates", place, code)
            for panel in drawn.result
            for kind in ("members", "alternates")
            for place, code in enumerate(panel[kind], 1)
        }
        rows = Seat.objects.filter(draw=drawn).select_related("entry__expert")
        seated = {(one.panel, one.alternate, one.place, one.entry.expert.code) for one in rows}
        yield from (f"{drawn.subject}: {panel} {place} {code}" for panel, _kind, place, code in told ^ seated)


def _redrawn() -> Iterator[str]:
    """Draws whose published file is not the one that the register has the hash of."""
    said = {(subject, facts["sha256"]) for subject, facts in _facts("draw.held")}
    for drawn in Draw.objects.filter(state=Draw.State.HELD):
        if (drawn.subject, hashlib.sha256(published(drawn)).hexdigest()) not in said:
            yield drawn.subject


def _too_many_sit() -> Iterator[str]:
    for drawn in Draw.objects.filter(state=Draw.State.HELD):
        seats = {panel["name"]: len(panel["members"]) for panel in drawn.result}
        rows = Seat.objects.filter(draw=drawn, state__in=_SITS).order_by()
        for panel, many in rows.values_list("panel").annotate(many=Count("pk")):
            if many > seats.get(panel, 0):
                yield f"{drawn.subject}: {many} sit on {panel}"


def _seat_twice() -> Iterator[str]:
    """Seats that two follow into."""
    rows = Seat.objects.filter(replaces__isnull=False).order_by().values_list("replaces")
    return (f"seat {pk}: {many} follow" for pk, many in rows.annotate(many=Count("pk")).filter(many__gt=1))


# -- cards ---------------------------------------------------------------------------------------------------------------


def _unseated() -> Iterator[str]:
    """Open cards of whoever does not sit any more: nobody will ever sign them."""
    return (one.subject for one in _LIVE.filter(state=Card.State.OPEN).exclude(seat__state__in=_SITS))


def _partial() -> Iterator[str]:
    """Cards that keep an expert and a dossier together that a recusal keeps apart."""
    apart = set(Recusal.objects.filter(state=Recusal.State.STANDS).values_list("seat_id", "dossier_id"))
    rows = _LIVE.values_list("pk", "seat_id", "reviewed_id")
    return (f"card:{pk}" for pk, seat, dossier in rows if (seat, dossier) in apart)


def _overloaded() -> Iterator[str]:
    """Experts with more dossiers than they agreed to take, or than the rules allow."""
    rows = _LIVE.order_by().values_list("seat_id", "reviewed__edition_id", "seat__entry__capacity")
    counted = list(rows.annotate(many=Count("pk")))
    most = _rules({edition for _seat, edition, *_rest in counted}, "most_per_expert")
    for seat, edition, capacity, many in counted:
        if many > min(capacity, most[edition]):
            yield f"seat {seat}: {many} cards of {min(capacity, most[edition])}"


def _overread() -> Iterator[str]:
    """Dossiers that more experts judge than the rules say."""
    counted = list(_LIVE.order_by().values_list("reviewed_id", "reviewed__edition_id").annotate(many=Count("pk")))
    wanted = _rules({edition for _pk, edition, _many in counted}, "per_dossier")
    return (f"dossier:{pk}: {many} cards" for pk, edition, many in counted if many > wanted[edition])


def _rules(editions: set[Any], name: str) -> dict[Any, int]:
    return {one.pk: getattr(rules_of(one), name) for one in Edition.objects.filter(pk__in=editions)}


def _unsigned() -> Iterator[str]:
    rows = Card.objects.filter(state=Card.State.SIGNED, signed=None)
    return (one.subject for one in rows.only("pk"))


def _signatures() -> Iterator[tuple[object, int]]:
    return iter(SignedCard.objects.order_by().values_list("card_id").annotate(many=Count("pk")))


def _committed() -> Iterator[str]:
    """Signed cards whose fingerprint the register does not have."""
    said = {(subject, facts["commitment"]) for subject, facts in _facts("card.signed")}
    rows = SignedCard.objects.values_list("card_id", "commitment")
    return (f"card:{pk}" for pk, commitment in rows if (f"card:{pk}", commitment) not in said)


def _out_of_range() -> Iterator[str]:
    """Signed points that the rubric does not have."""
    rubrics = {one.pk: {line.key: line for line in rules_of(one).rubric} for one in _reviewing()}
    for pk, edition, scores in SignedCard.objects.values_list("card_id", "card__reviewed__edition_id", "scores"):
        lines = rubrics[edition]
        if set(scores) != set(lines) or not all(
            lines[key].lowest <= points <= lines[key].highest for key, points in scores.items()
        ):
            yield f"card:{pk}"


def _reviewing() -> list[Edition]:
    return list(Edition.objects.filter(pk__in=Reviewed.objects.values("edition").distinct()))


def _superseded() -> Iterator[str]:
    rows = _LIVE.filter(reviewed__dossier__state=Dossier.State.SUPERSEDED)
    return (one.subject for one in rows)


# -- rankings ------------------------------------------------------------------------------------------------------------


def _reranked() -> Iterator[str]:
    """Rankings whose files are not the ones that the register has the hashes of."""
    said = {(subject, facts["scores"], facts["sha256"]) for subject, facts in _facts("ranking.computed")}
    for one in Ranking.objects.all():
        hashes = (hashlib.sha256(text.encode()).hexdigest() for text in (one.scores_csv, one.result_csv))
        if (one.subject, *hashes) not in said:
            yield one.subject


def _unlisted() -> Iterator[str]:
    """Shortlists that hold another number than the register says."""
    said = {subject: facts["count"] for subject, facts in _facts("shortlist.taken")}
    held = Counter(Shortlisted.objects.filter(off=False).values_list("ranking_id", flat=True))
    for pk in Ranking.objects.filter(taken_at__isnull=False).values_list("pk", flat=True):
        if held.pop(pk, 0) != said.get(f"ranking:{pk}"):
            yield f"ranking:{pk}"
    yield from (f"ranking:{pk}: not taken" for pk in held)


def _misplaced() -> Iterator[str]:
    """Shortlisted dossiers that stand elsewhere in the published order."""
    for ranking in Ranking.objects.filter(taken_at__isnull=False):
        rows = csv.DictReader(io.StringIO(ranking.result_csv))
        order = {row["dossier"]: int(row["rank"]) for row in rows}
        for one in ranking.shortlist.select_related("reviewed"):
            if order.get(one.reviewed.code) != one.rank:
                yield f"{ranking.subject}: {one.reviewed.code} at {one.rank}"


def _facts(type_name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return iter(Entry.objects.filter(type=type_name).values_list("subject", "facts"))


INVARIANTS: Final = (
    Invariant(
        "review.experts_numbered",
        "The experts of a programme are numbered without a gap.",
        _ACTS,
        lambda: gaps(Expert.objects.all(), "number", "programme"),
    ),
    Invariant(
        "review.pool_of_programme",
        "Whoever stands in an edition's pool is an expert of its programme.",
        _ACTS,
        lambda: PoolEntry.objects.exclude(expert__programme=F("edition__programme")),
    ),
    Invariant("review.seats_drawn", "The seats are the ones that were drawn.", _DRAW, _undrawn),
    Invariant("review.draw_published", "A draw's file is the one that the register knows.", _DRAW, _redrawn),
    Invariant("review.panel_not_overfull", "No more sit on a panel than it has seats.", _ACTS, _too_many_sit),
    Invariant("review.no_seat_twice", "No seat is filled twice.", _ACTS, _seat_twice),
    Invariant(
        "review.card_of_edition",
        "A card keeps an expert and a dossier of one edition together.",
        _ACTS,
        lambda: Card.objects.exclude(reviewed__edition=F("seat__draw__edition")),
    ),
    Invariant("review.open_card_seated", "Every open card belongs to somebody who sits.", _ACTS, _unseated),
    Invariant("review.recused_apart", "No recused expert has a card of the dossier.", _ACTS, _partial),
    Invariant("review.load_kept", "No expert has more dossiers than agreed.", _ACTS, _overloaded),
    Invariant("review.readers_kept", "No dossier has more readers than the rules say.", _ACTS, _overread),
    Invariant("review.signed_has_scores", "Every signed card has what was signed.", _ACTS, _unsigned),
    Invariant(
        "review.signatures_numbered",
        "The signatures of a card are numbered without a gap.",
        _ACTS,
        lambda: gaps(SignedCard.objects.all(), "number", "card_id"),
    ),
    Invariant(
        "review.signatures_registered",
        "The register knows every signature, once.",
        _ACTS,
        lambda: unlike(_signatures(), "card", "card.signed"),
    ),
    Invariant("review.scores_committed", "Every score is the one whose fingerprint was registered.", _ACTS, _committed),
    Invariant(
        "review.scores_in_range", "Every score has the rubric's lines, within their bounds.", _ACTS, _out_of_range
    ),
    Invariant("review.none_superseded", "No superseded dossier is judged.", _ACTS, _superseded),
    Invariant(
        "review.rankings_numbered",
        "The rankings of an edition are numbered without a gap.",
        _ACTS,
        lambda: gaps(Ranking.objects.all(), "number", "edition_id"),
    ),
    Invariant("review.ranking_published", "A ranking's files are the ones that the register knows.", _ACTS, _reranked),
    Invariant("review.shortlist_whole", "A shortlist holds as many as the register says.", _ACTS, _unlisted),
    Invariant("review.shortlist_in_order", "A shortlist stands in the published order.", _ACTS, _misplaced),
)
