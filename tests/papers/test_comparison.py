"""Form against roster: differences of substance, and differences of layout that are none."""

from __future__ import annotations

from typing import Any

import pytest
from papers.judgement_cases import against


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "赵安宁"),
        ("gender", "female"),
        ("years_in_industry", 16),
        ("employer_and_position", "另一家公司 工程师"),
        ("deeds", "另一个人的事迹，与推荐表上所写的完全不是一回事，应当在核对时发现。"),
        ("achievements", ["别的成果"]),
        ("achievements", []),
        ("honours", ["别的荣誉"]),
        ("honours", []),
        ("industry_class", "0302 电信、广播电视和卫星传输服务"),
        ("employer_and_position", None),
    ],
)
def test_differing_field_is_a_mismatch_on_that_field(field: str, value: Any) -> None:
    assert against({}, {field: value}) == [("roster.mismatch", field)]


@pytest.mark.parametrize(
    ("on_form", "in_row"),
    [
        ({"employer_and_position": "云帆软件有限公司\n工程师"}, {"employer_and_position": "云帆软件有限公司，工程师"}),
        (
            {"employer_and_position": "云帆(杭州)软件有限公司 工程师"},
            {"employer_and_position": "云帆（杭州）软件有限公司工程师"},
        ),
        ({"industry_class": "0301 软件开发"}, {"industry_class": "软件开发"}),
        ({"industry_class": "软件开发"}, {"industry_class": "0301"}),
        ({"industry_class": "数字技术应用业-软件开发"}, {"industry_class": "0301软件开发"}),
        ({"honours": ["无"]}, {"honours": []}),
        ({"honours": []}, {"honours": ["无"]}),
        ({"achievements": ["甲，乙", "丙"]}, {"achievements": ["丙", "甲,乙"]}),
        ({"achievements": ["甲；乙"]}, {"achievements": ["甲", "乙"]}),
        ({"deeds": "第一段。\n第二段。"}, {"deeds": "第一段。第二段"}),
        ({"deeds": "第一段。\n第二段。"}, {"deeds": "1.第一段。\n2.第二段。"}),
        ({"name": "欧阳·安"}, {"name": "欧阳・安"}),
        ({"name": "李安平"}, {"name": "李安平（女）"}),
    ],
)
def test_differences_of_layout_are_none(on_form: dict[str, Any], in_row: dict[str, Any]) -> None:
    assert against(on_form, in_row) == []


@pytest.mark.parametrize(
    "joint",
    [
        "技师/二级/高级工程师",
        "高级工程师、二级技师",
        "高工/技师/二级",
        "高级工程师（技师二级）",
        "高级工程师",
        "技师/二级",
        "无",
        "／",
    ],
)
def test_joint_column_of_the_same_substance_is_no_mismatch(joint: str) -> None:
    assert against({}, {}, joint=joint) == []


@pytest.mark.parametrize(
    ("joint", "field"),
    [
        ("正高级工程师/技师/二级", "professional_title"),
        ("工程师/技师/二级", "professional_title"),
        ("高级工程师/高级技师/一级", "skill_level"),
        ("高级会计师/助理理财师", "professional_title"),
    ],
)
def test_joint_column_that_says_something_else_is_a_mismatch(joint: str, field: str) -> None:
    assert against({}, {}, joint=joint) == [("roster.mismatch", field)]
