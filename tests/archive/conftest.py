"""The edition and the people of the archive."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conferral.conferred import conferred
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


@pytest.fixture
def held(edition: Edition, cast: Cast) -> Sequence[Award]:  # noqa: F811 — the fixture
    """Two titles and a prize that were conferred."""
    return conferred(edition, cast.organiser)
