"""The unit that a packet's name or a roster's line names."""

from __future__ import annotations

import pytest
from papers.roster_cases import edition_spec

from jiangbang.papers.packet_name import find_unit, named_unit


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("滨江", "330108"),
        ("滨江区总工会", "330108"),
        ("杭州市滨江区总工会", "330108"),
        ("滨江区", "330108"),
        ("市经信工会", "I01"),
        ("经信", "I01"),
        ("经信局", "D02"),
        ("市经信局", "D02"),
        ("总工会", None),
        ("某某公司", None),
        ("区", None),
        ("", None),
    ],
)
def test_unit_is_found_by_any_of_its_names(name: str, code: str | None) -> None:
    unit = find_unit(name, edition_spec().units)
    assert (unit.code if unit else None) == code


@pytest.mark.parametrize(
    ("file_name", "unit"),
    [
        ("滨江+数字工匠推荐.zip", "滨江"),
        ("滨江 ＋ 数字工匠推荐 (2).7z", "滨江"),
        ("滨江+数字工匠推荐", "滨江"),
        ("+数字工匠推荐.zip", None),
        ("材料.zip", None),
    ],
)
def test_unit_part_of_a_file_name(file_name: str, unit: str | None) -> None:
    assert named_unit(file_name, edition_spec()) == unit
