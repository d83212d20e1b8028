"""Who may do what in the recommendation stage. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.programme.models import Edition


def may_receive_packets(user: User, edition: Edition) -> bool:
    """Bring packets in for any unit."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_bring(user: User, edition: Edition, unit_code: str) -> bool:
    """Bring a packet in for this unit: the office, and the unit its own."""
    if may_receive_packets(user, edition):
        return True
    return bool(unit_code) and unit_code in scopes_in(user, edition.key, Role.UNIT)


def may_accept_late(user: User, edition: Edition) -> bool:
    """Accept a paper after the deadline, with a reason."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_declare_facts(user: User, edition: Edition, unit_code: str) -> bool:
    """Say of a dossier what its form does not carry: the office and its screeners, and the unit for its own people."""
    if roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER}:
        return True
    return unit_code in scopes_in(user, edition.key, Role.UNIT)


def may_read_dossiers(user: User, edition: Edition) -> bool:
    """See packets and dossiers, sensitive values masked. The administrators may not; screeners and the discipline office may."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER, Role.DISCIPLINE})


def may_reveal(user: User, edition: Edition) -> bool:
    """See a sensitive value unmasked; each time is registered."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.SCREENER, Role.DISCIPLINE})


def may_export(user: User, edition: Edition) -> bool:
    """Take papers with sensitive values away (roster, forms, originals); each time is registered."""
    return Role.ORGANISER in roles_in(user, edition.key)
