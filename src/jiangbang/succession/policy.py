"""Who may do what between editions. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_succeed(user: User, edition: Edition) -> bool:
    """Make the next edition, take over results, people and words from the one before: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)
