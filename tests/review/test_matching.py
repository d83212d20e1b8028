"""Who must not judge whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jiangbang.review.matching import Among, Judged, Tie, bound_by, found_in_data
from jiangbang.review.profiles import Profile

DOSSIER = Judged(
    "d1", "张三", "云栖智联科技有限公司", "13900000000", "330108", "滨江区总工会", ("主持研发国产芯片封装缺陷检测系统",)
)
PROFILE = Profile("李四", mobile="13800000000", employer="浙江大学")


def kinds(profile: Profile, unit: str = "", dossier: Judged = DOSSIER) -> list[tuple[str, bool]]:
    return [(match.kind, match.certain) for match in found_in_data(profile, unit, Among([dossier]))]


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
    assert [(match.kind, match.certain) for match in bound_by([tie], Among([DOSSIER]))] == expected


def test_a_certain_match_wins_over_a_doubt() -> None:
    ties = [Tie("kinship", "张三", "西湖大学"), Tie("kinship", "张三", "")]
    assert [match.certain for match in bound_by(ties, Among([DOSSIER]))] == [True]


@pytest.mark.parametrize(
    ("tie", "name", "employer", "bound"),
    [
        (Tie("kinship", "𬱖 䶮", ""), "𬱖䶮", "", True),
        (Tie("kinship", " ", ""), "", "", False),
        (Tie("benefit", "", "浙江大学"), "张三", "浙江大学计算机学院 教授", True),
        (Tie("benefit", "", "大学"), "张三", "浙江大学", False),
    ],
)
def test_names_are_the_same_however_they_are_written(tie: Tie, name: str, employer: str, bound: bool) -> None:
    dossier = replace(DOSSIER, name=name, employer=employer)
    assert bool(bound_by([tie], Among([dossier]))) is bound


def test_each_dossier_is_told_the_first_work_that_it_shares() -> None:
    works = "工业互联网平台研发与推广应用\n国产芯片封装缺陷检测系统研发"
    others = [replace(DOSSIER, pk="d2", works=("完全无关的一项工作内容",)), DOSSIER]
    both = replace(DOSSIER, pk="d3", works=(*DOSSIER.works, "工业互联网平台的研发与推广应用"))
    found = found_in_data(replace(PROFILE, works=works), "", Among([*others, both]))
    assert [(one.dossier, one.ground) for one in found] == [
        ("d1", "国产芯片封装缺陷检测系统研发"),
        ("d3", "工业互联网平台研发与推广应用"),
    ]
