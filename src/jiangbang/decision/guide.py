"""Where a member of the leading group begins."""

from __future__ import annotations

from jiangbang.accounts.models import User
from jiangbang.decision.access import own_memberships
from jiangbang.programme.models import Edition


def own_decision(user: User, edition: Edition) -> str:
    """The member's own pages, once the group knows who that is."""
    return "decision_mine" if own_memberships(user, edition) else ""
