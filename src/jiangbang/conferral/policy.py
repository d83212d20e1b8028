"""Who may do what in the conferral stage. One predicate per right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


class Keeper(Protocol):
    """An account, as far as it matters for the keys."""

    pk: Any
    is_active: Any
    memberships: Any


Right = Callable[[User, Edition], bool]


def may_keep_issuer_keys(user: Keeper) -> bool:
    """Make and withdraw the keys that sign certificates: an organiser, or whoever administers the system. They serve every edition."""
    return bool(user.is_active and user.memberships.filter(role__in=(Role.ORGANISER, Role.SYSTEM), edition="").exists())


def may_confer(user: User, edition: Edition) -> bool:
    """Confer titles, tick what is handed over, propose and decide revocations: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_conferral(user: User, edition: Edition) -> bool:
    """See who holds what, and what was handed over or revoked: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_make_certificates(user: User, edition: Edition) -> bool:
    """Make certificates and plaques of the edition: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)
