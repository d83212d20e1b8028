"""An edition, its people, and a unit with candidacies."""

from __future__ import annotations

import pytest
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from recommendation.people import OTHER_UNIT, UNIT, People, account

from jiangbang.accounts.models import Role
from jiangbang.programme.models import Edition


@pytest.fixture
def people(edition: Edition, cast: Cast) -> People:  # noqa: F811
    return People(
        account("unit", edition, Role.UNIT, UNIT),
        account("colleague-of-unit", edition, Role.UNIT, UNIT),
        account("other-unit", edition, Role.UNIT, OTHER_UNIT),
        cast.organiser,
        cast.discipline,
        cast.stranger,
    )
