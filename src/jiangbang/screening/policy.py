"""Who may do what in the screening stage. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_see_screening(user: User, edition: Edition) -> bool:
    """Read the workbench: the office, its screeners, and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER, Role.DISCIPLINE})


def may_screen(user: User, edition: Edition) -> bool:
    """Rule on clauses, write notes, conclude."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER})


def may_assign_screeners(user: User, edition: Edition) -> bool:
    """Begin the screening and give dossiers to screeners."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_waive(user: User, edition: Edition) -> bool:
    """Waive what the letter says "in principle" of: the organiser, by name, with a reason."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_send_letters(user: User, edition: Edition) -> bool:
    """Tell unit and candidate that somebody is not eligible: the organiser, in the office's name."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_keep_lists(user: User, edition: Edition) -> bool:
    """Bring, import, replace and withdraw lists of firms and of title holders."""
    return Role.ORGANISER in roles_in(user, edition.key)
