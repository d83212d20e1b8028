"""Who must not judge whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jiangbang.review.matching import Judged, Tie, bound_by, found_in_data, same_organisation, same_person
from jiangbang.review.profiles import Profile

DOSSIER = Judged(
    "d1", "张三", "云栖智联科技有限公司", "13900000000", "330108", "滨江区总工会", ("主持研发国产芯片封装缺陷检测系统",)
)
PROFILE = Profile("李四", mobile="13800000000", employer="浙江大学")


def kinds(profile: Profile, unit: str = "", dossier: Judged = DOSSIER) -> list[tuple[str, bool]]:
    return [(match.kind, match.certain) for match in found_in_data(profile, unit, [dossier])]


def test_a_stranger_is_bound_to_nobody() -> None:
    assert kinds(PROFILE) == []


@pytest.mark.parametrize(
    ("changes", "unit", "expected"),
    [
        ({"employer": "云栖智联科技有限公司滨江分公司"}, "", [("employer", True)]),
        ({}, "330108", [("recommender", True)]),
        ({"name": "张 三", "mobile": "13900000000"}, "", [("own", True)]),
        ({"name": "张三"}, "", [("own", False)]),
        ({"works": "国产芯片封装缺陷检测系统研发\n无关的项目一项而已"}, "", [("shared", False)]),
        ({"works": "芯片"}, "", []),
    ],
)
def test_what_the_data_shows(changes: dict[str, str], unit: str, expected: list[tuple[str, bool]]) -> None:
    assert kinds(replace(PROFILE, **changes), unit) == expected


@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        (Tie("kinship", "张三", ""), [("kinship", True)]),
        (Tie("kinship", "张三", "云栖智联"), [("kinship", True)]),
        (Tie("kinship", "张三", "西湖大学"), [("kinship", False)]),
        (Tie("benefit", "", "云栖智联科技有限公司"), [("benefit", True)]),
        (Tie("recommender", "", "滨江区总工会"), [("recommender", True)]),
        (Tie("kinship", "王五", "云栖智联科技有限公司"), []),
        (Tie("benefit", "", "西湖大学"), []),
    ],
)
def test_what_a_declared_relation_leads_to(tie: Tie, expected: list[tuple[str, bool]]) -> None:
    assert [(match.kind, match.certain) for match in bound_by([tie], [DOSSIER])] == expected


def test_a_certain_match_wins_over_a_doubt() -> None:
    ties = [Tie("kinship", "张三", "西湖大学"), Tie("kinship", "张三", "")]
    assert [match.certain for match in bound_by(ties, [DOSSIER])] == [True]


def test_names_are_the_same_however_they_are_spaced() -> None:
    assert same_person("𬱖 䶮", "𬱖䶮")
    assert not same_person("", "")
    assert same_organisation("浙江大学", "浙江大学计算机学院 教授")
    assert not same_organisation("大学", "浙江大学")
