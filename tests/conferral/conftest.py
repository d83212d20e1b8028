"""The edition and the people of the conferral, in a home of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from own_home import move_to


@pytest.fixture
def own_home(settings: Any, tmp_path: Path) -> Path:
    """A home in which no key of an issuer lies yet."""
    move_to(tmp_path, settings)
    return tmp_path
