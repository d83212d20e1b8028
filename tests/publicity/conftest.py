"""The edition and the people of publicity."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conferral.conferred import conferred
from django.test import Client
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


@pytest.fixture
def held(edition: Edition, cast: Cast) -> Sequence[Award]:  # noqa: F811 — the fixture
    """Two titles and a prize that were conferred."""
    return conferred(edition, cast.organiser)


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:  # noqa: F811 — the fixture
    """The organiser's browser."""
    client.force_login(cast.organiser)
    return client
