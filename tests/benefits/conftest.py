"""Holders of titles, an offer with one place, and the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from conferral.conferred import conferred
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.benefits.models import Offer
from jiangbang.benefits.offering import Said, offer_benefit, today
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


def said(edition: Edition, *, places: int = 1, in_days: int = 30) -> Said:  # noqa: F811 — the fixture's name
    """An offer of the office, in so many days."""
    first = today(edition) + timedelta(days=in_days)
    return Said(
        "数字工匠论坛",
        "2023年数字工匠论坛",
        "钱塘江畔",
        first,
        first + timedelta(days=1),
        places,
        first - timedelta(days=10),
    )


@pytest.fixture
def held(edition: Edition, cast: Cast) -> Sequence[Award]:  # noqa: F811 — the fixture
    """Two titles and a prize that were conferred."""
    return conferred(edition, cast.organiser)


@pytest.fixture
def offer(edition: Edition, held: Sequence[Award], cast: Cast) -> Offer:  # noqa: F811 — the fixture
    """A forum with one place, in a month."""
    return offer_benefit(edition, said(edition), by=cast.organiser)
