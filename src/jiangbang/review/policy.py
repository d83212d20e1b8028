"""Who may do what in the review stage. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_lead_review(user: User, edition: Edition) -> bool:
    """Keep the pool, hold the draw, decide on recusals, assign, rank: the organiser as chief of the review."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_review(user: User, edition: Edition) -> bool:
    """See how the review is done: the office and the discipline office. Screeners judge papers, not people: they do not."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def is_expert(user: User, edition: Edition) -> bool:
    """Has an expert's own pages in this edition."""
    return Role.EXPERT in roles_in(user, edition.key)
