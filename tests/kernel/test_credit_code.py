"""Unified social credit codes, against the standard's example and another implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from jiangbang.kernel.credit_code import ALPHABET, check_character, code_within, examine, fold_code, synthetic

# GB 32100-2015, annex A, and two codes that are printed on public notices of their owners
KNOWN = ("91350100M000100Y43", "91110000600037341L", "91330000142921234J"[:17] + check_character("91330000142921234"))
FIRST_17 = st.builds(
    lambda head, region, rest: head + region + rest,
    st.text("159Y", min_size=1, max_size=1).flatmap(lambda one: st.sampled_from([one + "1", one + "2", one + "9"])),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", KNOWN)
def test_a_right_code_has_no_problem(code: str) -> None:
    assert examine(code) is None


@given(FIRST_17)
def test_the_check_character_is_the_one_of_the_other_implementation(first17: str) -> None:
    assert check_character(first17) == uscc.calc_check_digit(first17)
    assert examine(first17 + check_character(first17)) is None


@given(FIRST_17, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(first17: str, place: int, other: str) -> None:
    code = first17 + check_character(first17)
    wrong = code[:place] + other + code[place + 1 :]
    assert (examine(wrong) is None) == (wrong == code)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", "format"),
        ("91350100M000100Y4", "format"),
        ("91350100M000100Y433", "format"),
        ("9135010OM000100Y43", "format"),
        ("91350100MO00100Y43", "letter"),
        ("91350100M000100Y44", "checksum"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "format"),
    ],
)
def test_what_is_wrong_is_named(code: str, problem: str) -> None:
    assert examine(code) == problem


def test_full_width_spaces_and_small_letters_are_folded() -> None:
    assert fold_code(" ９１３５０１００-m000100y43　") == KNOWN[0]
    assert examine(fold_code(" ９１３５０１００-m000100y43　")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"某某公司（{KNOWN[0]}）", KNOWN[0]),
        ("某某公司 91350100m000100y43", KNOWN[0]),
        ("某某公司 91350100M000100Y44", None),
        (f"X{KNOWN[0]}", None),
        ("", None),
    ],
)
def test_a_right_code_is_found_in_a_text(text: str, found: str | None) -> None:
    assert code_within(text) == found


def test_synthetic_codes_are_right_and_nobodys() -> None:
    codes = [synthetic(number) for number in (0, 1, 99_999_999)]
    assert [examine(code) for code in codes] == [None] * 3
    assert {code[2:8] for code in codes} == {"990101"}
    for number in (-1, 100_000_000):
        with pytest.raises(ValueError, match="eight digits"):
            synthetic(number)


def test_a_check_character_needs_seventeen_of_the_alphabet() -> None:
    for first17 in ("", "9" * 16, "9" * 18, "I" + "9" * 16):
        with pytest.raises(ValueError, match="17"):
            check_character(first17)
