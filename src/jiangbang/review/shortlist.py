"""Who stands on the shortlist: all that the later stages know of the review."""

from __future__ import annotations

from dataclasses import dataclass

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.models import Shortlisted


@dataclass(frozen=True, slots=True)
class Nominee:
    """One dossier of the shortlist, its place in the published ranking, and the code under which the experts knew it."""

    dossier: Dossier
    rank: int
    code: str


def shortlist_of(edition: Edition) -> list[Nominee]:
    """The shortlist in the order of the ranking; empty before it is taken. One query."""
    rows = (
        Shortlisted.objects.filter(ranking__edition=edition, ranking__taken_at__isnull=False, off=False)
        .select_related("reviewed__dossier")
        .order_by("rank")
    )
    return [Nominee(row.reviewed.dossier, row.rank, row.reviewed.code) for row in rows]
