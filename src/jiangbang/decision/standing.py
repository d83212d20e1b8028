"""Who stands before the leading group: the shortlist, and what the consultation says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.shortlist import shortlist_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the shortlist, as the leading group meets him. Only those `cleared` by the consultation stand."""

    dossier: Dossier
    rank: int
    code: str
    cleared: bool
    # departments whose answer is not in
    open: int = 0
    concern: bool = False
    withheld: bool = False


def candidates_of(edition: Edition) -> list[Candidate]:
    """The shortlist in the order of the ranking."""
    return [Candidate(one.dossier, one.rank, one.code, cleared=True) for one in shortlist_of(edition)]


def standing_for_votes(edition: Edition) -> list[Candidate]:
    """Those who may be voted for: cleared, and with no title of their own by the direct way."""
    return [one for one in candidates_of(edition) if one.cleared and not one.dossier.direct_title]


def not_cleared(edition: Edition, dossiers: Iterable[UUID]) -> list[str]:
    """Names of those of these dossiers whom the consultation does not clear now."""
    wanted = set(dossiers)
    return [one.dossier.name for one in candidates_of(edition) if one.dossier.pk in wanted and not one.cleared]
