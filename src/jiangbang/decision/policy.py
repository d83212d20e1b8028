"""Who may do what in the decision stage. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_lead_decision(user: User, edition: Edition) -> bool:
    """Name members, call and open the meeting, open and close rounds, write the resolution: the organiser as secretary of the group."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_decision(user: User, edition: Edition) -> bool:
    """See who is in the group, when it meets and who is there: the office and the discipline office. What was voted they see apart."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def is_member(user: User, edition: Edition) -> bool:
    """Has a member's own pages in this edition."""
    return Role.MEMBER in roles_in(user, edition.key)


def may_see_result(user: User, edition: Edition) -> bool:
    """See what was decided before it is released: the office and the leading group, nobody else."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.MEMBER})
