"""Who may do what in the recommendation stage. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_receive_packets(user: User, edition: Edition) -> bool:
    """Bring packets in for any unit."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_accept_late(user: User, edition: Edition) -> bool:
    """Accept a paper after the deadline, with a reason."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_read_dossiers(user: User, edition: Edition) -> bool:
    """See packets and dossiers, sensitive values masked. The administrators may not; the discipline office may."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_reveal(user: User, edition: Edition) -> bool:
    """See a sensitive value unmasked; each time is registered."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_export(user: User, edition: Edition) -> bool:
    """Take papers with sensitive values away (roster, forms, originals); each time is registered."""
    return Role.ORGANISER in roles_in(user, edition.key)
