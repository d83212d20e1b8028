"""How an edition numbers its titles."""

from __future__ import annotations

from typing import Any

import pytest

from jiangbang.kernel.conferral import read_conferral

TITLES = ("craftsman", "nominee")


def test_numbers_are_made_by_the_title_s_pattern() -> None:
    rules = read_conferral({"conferral": {"numbers": {"craftsman": "数匠〔{slug}〕{n:03}号"}}}, TITLES)
    assert rules.number("craftsman", 12, year=2024, slug="2023") == "数匠〔2023〕012号"
    assert rules.number("nominee", 1, year=2024, slug="2023") == "2023-nominee-001"
    assert rules.handed_over == ()


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"numbers": {"craftsman": "一号"}}, "same number"),
        ({"numbers": {"craftsman": "{n:03}", "nominee": "{n:03}"}}, "of its own"),
        ({"numbers": {"craftsman": "{who}{n}"}}, "pattern of a number"),
        ({"numbers": {"craftsman": "{n.real.__class__}"}}, "same number"),
        ({"numbers": {"craftsman": "号" * 90 + "{n}"}}, "pattern of a number"),
        ({"numbers": {"nobody": "{n}"}}, "by its key"),
        ({"numbers": ["{n}"]}, "by its key"),
        ({"decision_number": ""}, "pattern of a number"),
        ({"handed_over": "证书"}, "list of words"),
        ({"handed_over": ["证书", ""]}, "list of words"),
        ({"handed_over": ["证书", "证书"]}, "different things"),
    ],
)
def test_what_may_not_be_said(table: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_conferral({"conferral": table}, TITLES)
