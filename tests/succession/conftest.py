"""An edition whose titles are conferred, and the one that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from conferral.conferred import conferred
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.succession.copying import Plan, copy_edition, next_document

PLAN = Plan(
    "2025",
    "第三届“杭州数字工匠”认定",
    "Third edition",
    weeks=104,
    seats={"craftsman": 60},
    dates={"notice": (date(2025, 5, 12), date(2025, 5, 20))},
)


@pytest.fixture
def held(edition: Edition, cast: Cast) -> Sequence[Award]:  # noqa: F811 — the fixture
    """Two titles and a prize that were conferred."""
    return conferred(edition, cast.organiser)


@pytest.fixture
def following(edition: Edition, held: Sequence[Award], cast: Cast) -> Edition:  # noqa: F811 — the fixture
    """The edition after it."""
    return copy_edition(edition, PLAN, seen=document_hash(next_document(edition, PLAN)), by=cast.organiser)
