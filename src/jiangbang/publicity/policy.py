"""Who may do what in publicity. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_publicise(user: User, edition: Edition) -> bool:
    """Record consents, make posters and the press kit, keep the log of coverage: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)
