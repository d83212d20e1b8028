"""Where an expert begins."""

from __future__ import annotations

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.review.access import own_experts


def own_review(user: User, edition: Edition) -> str:
    """The expert's own pages, once the pool knows who that is."""
    return "review_mine" if own_experts(user, edition) else ""
