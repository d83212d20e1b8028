"""Who may do what with personal data as such. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.programme.models import Edition


def may_see_privacy(user: User, edition: Edition) -> bool:
    """See what is kept, how long, who asked for what: the office, and the discipline office that watches over it."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_ask_erasure(user: User, edition: Edition) -> bool:
    """Ask that a person be erased."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_hand_over_copy(user: User, edition: Edition) -> bool:
    """Make the copy of everything that is kept of a person, for her request."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_correct(user: User, edition: Edition) -> bool:
    """Correct a value on the person's request."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_apply_periods(user: User, edition: Edition) -> bool:
    """Erase what is over. The console does it every night."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_decide_erasure(user: User, edition: Edition) -> bool:
    """Confirm or decline it: another person of the office, or the discipline office."""
    return may_see_privacy(user, edition)
