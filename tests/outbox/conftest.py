"""Accounts that act on messages."""

from __future__ import annotations

import pytest

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User

EDITION = "programme/2023"


@pytest.fixture
def organiser(db: None) -> User:
    return create_account("organiser", role=Role.ORGANISER, password=None)


@pytest.fixture
def discipline(organiser: User) -> User:
    return create_account("discipline", role=Role.DISCIPLINE, password=None)
