"""Where a unit's people begin: at their own desk."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def own_desk(user: User, edition: Edition) -> str:
    """The unit's desk, for whoever works for a unit here."""
    return "unit_desk" if Role.UNIT in roles_in(user, edition.key) else ""
