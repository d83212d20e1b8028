"""The edition and the people of the notice."""

from __future__ import annotations

import pytest
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures

from jiangbang.notice import kept_page


@pytest.fixture(autouse=True)
def fresh_pages() -> None:
    """Editions of different tests bear the same number; what was kept is of another."""
    kept_page.forget()
