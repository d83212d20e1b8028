"""Who stands before the leading group: the shortlist, and what the consultation says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from jiangbang.consultation.queries import Standing, standing_of
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


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
    return [_candidate(one) for one in standing_of(edition) if one.nominee.rank]


def standing_for_votes(edition: Edition) -> list[Candidate]:
    """Those who may be voted for: cleared, and with no title of their own by the direct way."""
    return [one for one in candidates_of(edition) if one.cleared and not one.dossier.direct_title]


def not_cleared(edition: Edition, dossiers: Iterable[UUID]) -> list[str]:
    """Names of those of these dossiers whom the consultation does not clear now; direct titles are asked about too."""
    wanted = set(dossiers)
    return [
        one.nominee.dossier.name for one in standing_of(edition) if one.nominee.dossier.pk in wanted and not one.cleared
    ]


def _candidate(one: Standing) -> Candidate:
    nominee = one.nominee
    return Candidate(nominee.dossier, nominee.rank, nominee.code, one.cleared, one.open, one.concern, one.withheld)
