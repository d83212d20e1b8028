"""Who may do what with archives. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_archive(user: User, edition: Edition) -> bool:
    """Order the archive of an edition, and take the one with personal fields away by the command line: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_see_archives(user: User, edition: Edition) -> bool:
    """See which archives were made, and take the public one: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})
