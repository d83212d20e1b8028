"""Names in archives: decided for the archive, cleaned for display, judged for where they lead."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.papers import archive, kinds, member_reading, packet
from jiangbang.papers.archive import Entry, Refused, decode_names, escapes, judge_entries, normal_path, printable
from jiangbang.papers.kinds import kind_of
from jiangbang.papers.limits import LIMITS, Limits

CHINESE = st.lists(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=9), min_size=1
)


@pytest.mark.parametrize("module", [archive, kinds, member_reading, packet])
def test_examples_in_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(CHINESE)
def test_chinese_names_in_utf8_are_read_back(names: list[str]) -> None:
    assert decode_names([name.encode() for name in names]) == names


@pytest.mark.parametrize("name", ["滨江+数字工匠推荐/附件2推荐表（何㛃）.docx", "经信/附件3.xlsx", "𬱖.doc", "李.zip"])
def test_names_in_gb18030_are_read_back(name: str) -> None:
    assert decode_names([name.encode("gb18030")]) == [name]


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_any_bytes_are_some_names(raw: list[bytes]) -> None:
    assert len(decode_names(raw)) == len(raw)


@given(st.text())
def test_shown_name_is_clean_and_stays_inside(name: str) -> None:
    shown = printable(name)
    assert shown.strip()
    shown.encode("utf-8")
    if not escapes(name):
        assert not normal_path(shown).startswith("/")
        assert ".." not in normal_path(shown).split("/")


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "b/../c", "b", "/x"]), max_size=12))
def test_judged_names_are_unique_whatever_the_case(names: list[str]) -> None:
    judged = judge_entries([Entry(position, name, 1) for position, name in enumerate(names)], 100, LIMITS)
    assert len({entry.name.casefold() for entry in judged}) == len(names)


def test_limits_hold_before_anything_is_unpacked() -> None:
    with pytest.raises(Refused) as refused:
        judge_entries([Entry(0, "a", 10), Entry(1, "b", 10)], 100, Limits(total=15))
    assert refused.value.finding.code == "packet.too_large"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert isinstance(kind_of(data), str)
