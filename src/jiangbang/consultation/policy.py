"""Who may do what in the consultation. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.consultation.models import Inquiry
from jiangbang.programme.models import Edition


def may_lead_consultation(user: User, edition: Edition) -> bool:
    """Send the letters, enter what comes back on paper, decide concerns: the organiser's office."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_consultation(user: User, edition: Edition) -> bool:
    """See who was asked and what was answered: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def is_department(user: User, edition: Edition) -> bool:
    """Has a department's own pages in this edition."""
    return Role.DEPARTMENT in roles_in(user, edition.key)


def may_answer(user: User, inquiry: Inquiry) -> bool:
    """Answer this letter: whoever holds the role for its department, nobody else."""
    return inquiry.department in scopes_in(user, inquiry.edition.key, Role.DEPARTMENT)
