"""A whole edition rehearsed, stage after stage, all through the acts: the way that a dossier walks, on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import practice
from jiangbang.rehearsal.clock import stand_at
from jiangbang.rehearsal.review import rehearse_review
from jiangbang.review import ranking
from jiangbang.review.models import Ranking

Say = Callable[[str], object]
STAGES: Final = ("shortlist",)


def rehearse_whole(edition: Edition, *, dossiers: int, seed: int, by: User, say: Say) -> Edition:
    """Recommend, screen, review and shortlist so many synthetic people in a practice edition that holds nothing yet.
    Returns the edition as it stands at the end.

    Raises CannotRehearseError as the recommendation does.
    """
    rehearse_review(edition, dossiers=dossiers, seed=seed, by=by, say=say)
    edition = stand_at(edition, practice.at("review", 17, last=True), by=by)
    made = Ranking.objects.filter(edition=edition, published_at__isnull=False).latest("number")
    say(f"{ranking.take_shortlist(made, by=by)} dossiers stand on the shortlist.")
    return edition
