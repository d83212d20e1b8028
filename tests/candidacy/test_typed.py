"""What people type becomes what papers would have said; nothing raises, and nothing that cannot be read is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.candidacy.typed import form_value, typed_fact, typed_items, typed_value
from jiangbang.kernel.edition import FactSpec
from jiangbang.kernel.form import FieldSpec


def field(kind: str, key: str = "x") -> FieldSpec:
    return FieldSpec(key, "栏", "Field", kind, "open")  # type: ignore[arg-type]


def fact(kind: str) -> FactSpec:
    return FactSpec("x", "事实", "fact", kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  杭州　工匠 ", "杭州 工匠"),
        ("text", "", None),
        ("text", None, None),
        ("long_text", "一\r\n\r\n 二 ", "一\n二"),
        ("gender", "female", "female"),
        ("gender", "不知道", "不知道"),
        ("month", "1988年5月", "1988-05"),
        ("month", "1988.05", "1988-05"),
        ("month", "那年夏天", "那年夏天"),
        ("integer", "十一年", 11),
        ("integer", "很多年", "很多年"),
        ("identity", "３３０１０６19880512001x", "33010619880512001X"),
        ("mobile", "+86 199-0000-0001", "19900000001"),
        ("phone", "0571－00000001", "0571-00000001"),
        ("text", "a\0b", "ab"),
    ],
)
def test_a_field_is_read_as_on_paper(kind: str, typed: Any, value: Any) -> None:
    assert typed_value(field(kind), typed) == value


def test_a_name_loses_the_gaps_that_set_it_wide() -> None:
    assert typed_value(field("text", "name"), "张  三") == "张三"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("bool", "yes", True),
        ("bool", "no", False),
        ("bool", "", None),
        ("bool", "maybe", None),
        ("bool", ["yes"], None),
        ("int", "3年", 3),
        ("int", "", None),
        ("int", "几年", None),
        ("list", "", None),
        ("list", "无", []),
        ("list", "“浙江工匠”、杭州工匠", ["浙江工匠", "杭州工匠"]),
        ("text", " 甲 ", "甲"),
    ],
)
def test_a_question_is_answered_or_left_open(kind: str, typed: Any, value: Any) -> None:
    assert typed_fact(fact(kind), typed) == value


def test_items_keep_their_ids_and_lose_what_is_empty() -> None:
    items = typed_items(
        [{"id": "a1", "text": " 甲 "}, {"id": "a1", "text": "乙"}, {"id": "<b>", "text": "丙"}, {"text": " "}]
    )
    assert [item["text"] for item in items] == ["甲", "乙", "丙"]
    assert items[0]["id"] == "a1"
    assert len({item["id"] for item in items}) == 3
    assert form_value(field("items"), items) == ["甲", "乙", "丙"]


@given(st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text(max_size=5), max_size=4)))
def test_nothing_that_is_typed_raises(typed: Any) -> None:
    for kind in ("gender", "month", "identity", "integer", "phone", "mobile"):
        typed_value(field(kind), typed)
    for kind in ("text", "long_text", "items"):
        once = typed_value(field(kind), typed)
        # saving what was saved makes no second version
        assert typed_value(field(kind), once) == once
    for kind in ("bool", "int", "list", "text"):
        typed_fact(fact(kind), typed)
