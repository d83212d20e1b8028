"""A whole edition rehearsed, stage after stage, all through the acts: the way that a dossier walks, on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import default_edition
from jiangbang.rehearsal import practice
from jiangbang.rehearsal.archive import rehearse_archive
from jiangbang.rehearsal.benefits import rehearse_benefits
from jiangbang.rehearsal.clock import stand_at
from jiangbang.rehearsal.conferral import rehearse_conferral
from jiangbang.rehearsal.consultation import rehearse_consultation
from jiangbang.rehearsal.decision import rehearse_decision
from jiangbang.rehearsal.notice import rehearse_notice
from jiangbang.rehearsal.publicity import rehearse_publicity
from jiangbang.rehearsal.review import rehearse_review
from jiangbang.rehearsal.stages import ACCOUNT, Bar, CannotRehearseError, rehearsal_account
from jiangbang.rehearsal.succession import rehearse_next
from jiangbang.review import ranking
from jiangbang.review.models import Ranking

Say = Callable[[str], object]
# how far an edition may be rehearsed
Until = Literal["shortlist", "consultation", "decision", "notice", "conferral", "archive", "next"]
# who publishes what the other account of the rehearsal prepared
COLLEAGUE = f"{ACCOUNT}-colleague"


def rehearse_whole(
    edition: Edition,
    *,
    dossiers: int,
    seed: int,
    by: User,
    say: Say,
    until: Until = "decision",
    publisher: User | None = None,
    progress: Bar | None = None,
) -> Edition:
    """Recommend, screen, review and shortlist so many synthetic people in a practice edition that holds nothing yet, ask the departments
    about them, let the leading group decide, put the result before the public, confer, archive, make the next edition. Returns the edition
    as it stands at the end; `until` says after which stage that is. A notice needs a `publisher`, who is not `by`.

    Raises CannotRehearseError as the recommendation does.
    """
    rehearse_review(edition, dossiers=dossiers, seed=seed, by=by, say=say, progress=progress)
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
    if until == "decision" or publisher is None:
        return edition
    edition = stand_at(edition, practice.at("notice"), by=by)
    notice = rehearse_notice(edition, by=by, publisher=publisher, seed=seed, say=say)
    if until == "notice":
        return notice.edition
    edition = rehearse_conferral(notice, by=by, say=say)
    rehearse_publicity(edition, by=by, reviewer=publisher, say=say)
    rehearse_benefits(edition, by=by, say=say)
    if until in ("archive", "next"):
        rehearse_archive(edition, by=by, say=say)
    if until == "next":
        rehearse_next(edition, by=by, say=say)
    return edition


def rehearse_programme(*, dossiers: int, seed: int, say: Say, until: Until, progress: Bar | None = None) -> Edition:
    """The same in a practice edition of the default one, loaded for it, in the name of accounts with which nobody can sign in.

    Raises CannotRehearseError when there is no edition, or the practice edition holds something.
    """
    like = default_edition()
    if like is None:
        raise CannotRehearseError("there is no edition; load one with `jiangbang programme load`")
    by, publisher = (rehearsal_account(name) for name in (ACCOUNT, COLLEAGUE))
    edition = practice.load_practice(like, by=by, dossiers=dossiers)
    return rehearse_whole(
        edition, dossiers=dossiers, seed=seed, by=by, say=say, until=until, publisher=publisher, progress=progress
    )
