"""Who may do what in a unit's workspace. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.programme.models import Edition


def units_of(user: User, edition: Edition) -> frozenset[str]:
    """The codes of the units for which the user works in this edition."""
    return scopes_in(user, edition.key, Role.UNIT)


def may_work_for(user: User, edition: Edition, unit_code: str) -> bool:
    """Enter the unit's workspace: invite, order, seal, give the opinion, submit. Nobody but the unit's own people."""
    return unit_code in units_of(user, edition)


def may_return(user: User, edition: Edition) -> bool:
    """Give a dossier back to its unit for correction: the office and its screeners."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER})


def may_see_quotas(user: User, edition: Edition) -> bool:
    """The ledger of quotas with whom it holds: the office, its screeners, the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER, Role.DISCIPLINE})


def may_decide_direct(user: User, edition: Edition) -> bool:
    """Say whether somebody takes a title directly, outside the quota."""
    return Role.ORGANISER in roles_in(user, edition.key)
