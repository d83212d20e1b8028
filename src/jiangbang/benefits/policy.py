"""Who may do what about benefits. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_keep_benefits(user: User, edition: Edition) -> bool:
    """Offer benefits, invite, note answers and attendance, recommend for higher titles: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_benefits(user: User, edition: Edition) -> bool:
    """See who was offered what and came: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})
