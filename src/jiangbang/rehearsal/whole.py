"""A whole edition rehearsed, stage after stage, all through the acts: the way that a dossier walks, on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import practice
from jiangbang.rehearsal.clock import stand_at
from jiangbang.rehearsal.consultation import rehearse_consultation
from jiangbang.rehearsal.decision import rehearse_decision
from jiangbang.rehearsal.review import rehearse_review
from jiangbang.review import ranking
from jiangbang.review.models import Ranking

Say = Callable[[str], object]
# how far an edition may be rehearsed
Until = Literal["shortlist", "consultation", "decision"]


def rehearse_whole(
    edition: Edition, *, dossiers: int, seed: int, by: User, say: Say, until: Until = "decision"
) -> Edition:
    """Recommend, screen, review and shortlist so many synthetic people in a practice edition that holds nothing yet, ask the departments
    about them, let the leading group decide. Returns the edition as it stands at the end; `until` stops after an earlier stage.

    Raises CannotRehearseError as the recommendation does.
    """
    rehearse_review(edition, dossiers=dossiers, seed=seed, by=by, say=say)
    edition = stand_at(edition, practice.at("review", 17, last=True), by=by)
    made = Ranking.objects.filter(edition=edition, published_at__isnull=False).latest("number")
    say(f"{ranking.take_shortlist(made, by=by)} dossiers stand on the shortlist.")
    if until == "shortlist":
        return edition
    edition = stand_at(edition, practice.at("consultation"), by=by)
    rehearse_consultation(edition, by=by, seed=seed, say=say)
    if until == "consultation":
        return edition
    edition = stand_at(edition, practice.at("decision"), by=by)
    rehearse_decision(edition, by=by, seed=seed, say=say)
    return edition
