"""Times, figures, quota bars and links of the house's tag library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from jiangbang.web.templatetags import house

NOW = datetime(2023, 3, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (NOW + timedelta(days=3, hours=1), "3天后", "in 3 days"),
        (NOW - timedelta(hours=2, minutes=5), "2小时前", "2 hours ago"),
        (NOW + timedelta(minutes=1), "1分钟后", "in 1 minute"),
        (NOW - timedelta(seconds=20), "刚刚", "just now"),
        (NOW + timedelta(seconds=20), "马上", "in a moment"),
        (date(2023, 3, 20), "今天", "today"),
        (date(2023, 3, 31), "11天后", "in 11 days"),
        (None, "", ""),
    ],
)
def test_how_far_off_a_time_is(value: date | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert house.relative(value, NOW) == chinese
    with translation.override("en"):
        assert house.relative(value, NOW) == english


def test_exact_times_stand_on_the_servers_clock() -> None:
    with translation.override("zh-hans"):
        assert house.exact(NOW) == "2023年3月20日 09:00"
        assert house.exact(date(2023, 3, 31)) == "2023年3月31日"
    with translation.override("en"):
        assert house.exact(NOW) == "20 March 2023, 09:00"


@pytest.mark.parametrize(
    ("closes", "said"),
    [(date(2023, 3, 31), "还剩11天"), (date(2023, 3, 20), "最后一天"), (date(2023, 3, 18), "已截止2天")],
)
def test_what_is_left_of_a_stage(closes: date, said: str) -> None:
    with translation.override("zh-hans"):
        assert house.closing(closes, NOW) == said


@pytest.mark.parametrize(
    ("count", "minimum", "maximum", "hard", "state", "words"),
    [
        (4, 10, 20, False, "under", "4 / 10–20"),
        (20, 10, 20, False, "within", "20 / 10–20"),
        (21, 10, 20, False, "over", "21 / 10–20"),
        (31, 10, 30, True, "over-hard", "31 / 10–30"),
        (0, 0, 5, False, "within", "0 / 5"),
    ],
)
def test_a_quota_bar_says_where_the_count_stands(
    count: int, minimum: int, maximum: int, hard: bool, state: str, words: str
) -> None:
    view = house.quota_view(count, minimum, maximum, hard)
    assert (view.state, view.words) == (state, words)
    assert view.minimum_at + view.range_width == pytest.approx(view.maximum_at)
    assert 0 <= view.count_at <= 100


@pytest.mark.parametrize(
    ("hard", "chinese"),
    [(True, "滨江：目前4人，名额10–30，不得超过"), (False, "滨江：目前4人，一般名额10–30")],
)
def test_a_quota_bar_says_whether_its_quota_binds(hard: bool, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert house.quota_view(4, 10, 30, hard, "滨江").sentence == chinese


def test_grouped_figures_copy_without_gaps() -> None:
    html = house.grouped("19900000000", "mobile")
    assert html.count("figure-group") == 3
    assert "".join(part.split("<")[0] for part in html.split(">")) == "19900000000"
    assert house.grouped("0571-1", "phone") == "0571-1"
    assert house.grouped("<b>", "mobile") == "&lt;b&gt;"


def test_links_keep_the_filter_and_drop_the_cursor() -> None:
    query = QueryDict("q=%E6%9D%8E&state=waiting&after=abc")
    assert house.keep_query(query, sort="name") == "?q=%E6%9D%8E&state=waiting&sort=name"
    assert house.keep_query(query, state="") == "?q=%E6%9D%8E"
    assert house.keep_query_of(None, "unit", "330108") == "?unit=330108"
    assert house.keep_query(QueryDict(""), unit="") == "?"


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (999, "999 B"), (949373, "949.4 kB"), (3 * 10**9, "3.0 GB")])
def test_sizes_in_bytes_are_said_as_people_do(size: int, said: str) -> None:
    assert house.bytes_size(size) == said


def test_what_has_happened_is_never_said_to_come() -> None:
    with translation.override("zh-hans"):
        assert house.ago(NOW - timedelta(days=2), NOW) == "2天前"
        assert house.ago(NOW + timedelta(days=2), NOW).endswith("前")
        assert house.ago(None, NOW) == ""
