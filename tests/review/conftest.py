"""An edition with a pool of experts, and the people of the review."""

from __future__ import annotations

import pytest
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast
from review.experts import a_list, account_of

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.review import pool
from jiangbang.review.models import PoolEntry


@pytest.fixture
def entry(edition: Edition, cast: Cast) -> PoolEntry:  # noqa: F811
    """One expert, asked and not yet agreed."""
    pool.list_experts(edition, a_list(edition, 1), by=cast.organiser)
    return PoolEntry.objects.select_related("edition", "expert").get()


@pytest.fixture
def expert_user(entry: PoolEntry) -> User:
    """The account of that expert."""
    return account_of(entry)
