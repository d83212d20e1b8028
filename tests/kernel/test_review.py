"""The review as an edition declares it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from jiangbang.kernel.review import read_review

LINE = {"key": "a", "label": "甲", "label_en": "A", "weight": 40, "comment_to": 59, "comment_from": 95}
PANEL = {"name": "组", "seats": 3, "classes": ["03"]}


def spec(**table: Any) -> Any:
    return read_review({"review": {"criterion": [LINE, {**LINE, "key": "b", "weight": 60}], "panel": [PANEL], **table}})


def test_a_total_is_the_exact_weighted_mean() -> None:
    assert spec().total({"a": 91, "b": 80}) == Fraction(91 * 40 + 80 * 60, 100)


def test_extremes_need_a_comment() -> None:
    line = spec().criterion("a")
    assert [line.needs_comment(score) for score in (59, 60, 94, 95)] == [True, False, False, True]
    with pytest.raises(KeyError):
        spec().criterion("z")


def test_a_panel_judges_its_classes() -> None:
    (panel,) = spec().panels
    assert (panel.judges("0301 软件开发"), panel.judges("01"), panel.label_en) == (True, False, "组")


def test_home_decides_who_comes_from_outside() -> None:
    rules = spec(home=["浙江", "杭州"])
    assert [rules.from_outside(region) for region in ("浙江宁波", "上海", "")] == [False, True, False]


def test_an_edition_without_the_table_has_defaults() -> None:
    assert (read_review({}).panels, read_review({}).per_dossier, read_review({}).method) == ((), 5, "calibrated")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"method": "magic"}, "review.method"),
        ({"per_dossier": -1}, "review.per_dossier"),
        ({"method": "trimmed", "per_dossier": 4}, "at least 5"),
        ({"panel": [PANEL, PANEL]}, "review.panel"),
        ({"panel": [{"seats": 3}]}, "no name"),
        ({"criterion": [LINE, LINE]}, "review.criterion"),
        ({"criterion": [{"key": "a"}]}, "lacks"),
        ({"criterion": [{**LINE, "weight": 0}]}, "weight above 0"),
    ],
)
def test_what_is_wrong_is_named(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        spec(**table)
