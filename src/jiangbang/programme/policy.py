"""Who may do what to editions. One predicate per right."""

from __future__ import annotations

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import is_organiser
from jiangbang.programme.models import Edition


def may_extend_deadline(user: User, edition: Edition) -> bool:
    """Give everybody more time; the register keeps who and why."""
    return is_organiser(user, edition.key)
