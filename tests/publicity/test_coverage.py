"""The log of coverage."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from nomination.readings import Cast

from jiangbang.programme.models import Edition
from jiangbang.publicity.coverage import enter_coverage, remove_coverage
from jiangbang.publicity.queries import ChannelSum, coverage_of, sums_of
from jiangbang.register.acts import Refused

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 1)
PIECE: dict[str, Any] = {"channel": "海报", "media": "杭州日报", "headline": "数字工匠名单揭晓", "day": DAY}


@pytest.fixture
def on_a_later_day(edition: Edition) -> date:
    return edition.now().astimezone(edition.zone).date()


def test_the_sums_go_by_channel_and_tell_unknown_reach_from_none(
    edition: Edition, cast: Cast, on_a_later_day: date
) -> None:
    piece = {**PIECE, "day": on_a_later_day}
    enter_coverage(edition, **piece, reach=1200, link="https://example.org/a", by=cast.organiser)
    enter_coverage(edition, **piece, by=cast.organiser)
    wrong = enter_coverage(edition, **{**piece, "channel": "新兴媒体"}, reach=5, by=cast.organiser)
    remove_coverage(wrong, reason="重复", by=cast.organiser)
    sums = sums_of(edition)
    assert sums[1] == ChannelSum("海报", 2, 1200, 1)
    assert sum(one.pieces for one in sums) == 2
    assert [row.removed_reason for row in coverage_of(edition, removed=True)] == ["重复"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "口头"}, "channel"),
        ({"media": " "}, "media"),
        ({"headline": "长" * 201}, "headline"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "http://[broken"}, "link"),
        ({"reach": -1}, "reach"),
        ({"reach": 2**31}, "reach"),
    ],
)
def test_what_is_refused(edition: Edition, cast: Cast, change: dict[str, Any], code: str, on_a_later_day: date) -> None:
    with pytest.raises(Refused) as caught:
        enter_coverage(edition, **{**PIECE, "day": on_a_later_day, **change}, by=cast.organiser)
    assert caught.value.code == code


def test_days_ahead_other_people_and_second_removals_are_refused(
    edition: Edition, cast: Cast, on_a_later_day: date
) -> None:
    piece = {**PIECE, "day": on_a_later_day + timedelta(days=1)}
    with pytest.raises(Refused) as caught:
        enter_coverage(edition, **piece, by=cast.organiser)
    assert caught.value.code == "day"
    with pytest.raises(Refused):
        enter_coverage(edition, **{**PIECE, "day": on_a_later_day}, by=cast.discipline)
    row = enter_coverage(edition, **{**PIECE, "day": on_a_later_day}, by=cast.organiser)
    codes = []
    for reason, by in ((" ", cast.organiser), ("误", cast.discipline), ("误", cast.organiser), ("误", cast.organiser)):
        try:
            remove_coverage(row, reason=reason, by=by)
            codes.append("")
        except Refused as refusal:
            codes.append(refusal.code)
    assert codes == ["reason", "permission", "", "removed"]
