"""The screening queue's copies of how clauses stand, brought up to date for many dossiers at once."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.screening.models import Screening
from jiangbang.screening.standings import standings_of

_COPIES = ["answer", "open_count", "because", "fact_count"]


def refresh(dossiers: Sequence[Dossier]) -> None:
    """Compute the clauses of these dossiers anew and keep their answer for lists; those not in screening are passed over.

    The dossiers' `edition`, `person` and `accepted_revision` should be at hand.
    """
    rows = {row.pk: row for row in Screening.objects.filter(dossier__in=dossiers)}
    at_hand = [dossier for dossier in dossiers if dossier.pk in rows]
    if not at_hand:
        return
    counts: dict[object, int] = {}
    for pk in DeclaredFact.objects.filter(dossier__in=at_hand).values_list("dossier_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    for pk, found in standings_of(at_hand).items():
        row, answer = rows[pk], found.eligibility
        row.answer, row.open_count = answer.answer, found.open_count
        row.because, row.fact_count = f" {' '.join(answer.because)} ", counts.get(pk, 0)
    Screening.objects.bulk_update(rows.values(), _COPIES, batch_size=200)
