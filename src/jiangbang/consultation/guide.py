"""Where the contact of a department begins."""

from __future__ import annotations

from jiangbang.accounts.models import User
from jiangbang.consultation.access import own_departments
from jiangbang.programme.models import Edition


def own_consultation(user: User, edition: Edition) -> str:
    """The department's own pages."""
    return "consultation_mine" if own_departments(user, edition) else ""
