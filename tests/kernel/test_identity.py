"""GB 11643: identity numbers, the standard's own examples or people of the synthetic region 990101."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.identity import Examination, Gender, Identity, check_digit, examine, region_name, synthetic

# GB 11643-1999, examples of clause 4.2
STANDARD_EXAMPLES = ["11010519491231002X", "440524188001010014"]


@pytest.mark.parametrize("number", STANDARD_EXAMPLES)
def test_check_digit_gives_the_standards_examples(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


@pytest.mark.parametrize("digits", ["", "1" * 16, "1" * 18, "1101051949123100a", "１" * 17, "١" * 17])
def test_check_digit_refuses_what_is_not_17_ascii_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="17 digits"):
        check_digit(digits)


def test_examine_reads_region_birth_and_gender() -> None:
    assert examine("11010519491231002X") == Examination(
        Identity("11010519491231002X", "110105", date(1949, 12, 31), "female"), None
    )
    assert examine("440524188001010014") == Examination(
        Identity("440524188001010014", "440524", date(1880, 1, 1), "male"), None
    )


def test_examine_takes_a_small_x_for_a_capital_one() -> None:
    assert examine("11010519491231002x") == examine("11010519491231002X")


@pytest.mark.parametrize(
    "number",
    [
        "",
        "110105491231002",
        "11010519491231002",
        "11010519491231002XX",
        "1101051949123100XX",
        " 11010519491231002X",
        "11010519491231002X\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "١٢٣٤٥٦١٩٤٩١٢٣١٠٠٢١",
        "1.10105194912E+17",
        "11010519491231002Ⅹ",
    ],
)
def test_examine_calls_other_shapes_a_problem_of_format(number: str) -> None:
    assert examine(number) == Examination(None, "format")


@pytest.mark.parametrize("birth", ["19490230", "19491301", "19490001", "19490100", "21000101", "17991231", "19000229"])
def test_examine_refuses_birth_dates_that_never_were(birth: str) -> None:
    first17 = f"110105{birth}002"
    assert examine(first17 + check_digit(first17)) == Examination(None, "birth_date")


def test_examine_knows_leap_days() -> None:
    first17 = "99010120000229123"
    examined = examine(first17 + check_digit(first17))
    assert examined.identity is not None
    assert examined.identity.birth == date(2000, 2, 29)


def test_examine_keeps_the_identity_with_a_wrong_check_digit() -> None:
    assert examine("110105194912310021") == Examination(
        Identity("110105194912310021", "110105", date(1949, 12, 31), "female"), "checksum"
    )


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330102", "浙江省上城区"),
        ("110101", "北京市东城区"),
        ("330000", "浙江省"),
        ("990101", None),
        ("999999", None),
        ("330199", None),
        ("123456", None),
        ("", None),
        ("33", None),
        ("33010２", None),
        ("abcdef", None),
    ],
)
def test_region_name_is_known_or_none(code: str, name: str | None) -> None:
    assert region_name(code) == name


births = st.dates(date(1800, 1, 1), date(2099, 12, 31))


@given(births, st.integers(0, 999))
def test_synthetic_numbers_are_right_and_say_what_they_were_made_of(birth: date, sequence: int) -> None:
    number = synthetic("990101", birth, sequence)
    gender: Gender = "male" if sequence % 2 else "female"
    assert examine(number) == Examination(Identity(number, "990101", birth, gender), None)


@given(births, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(birth: date, sequence: int, position: int, shift: int) -> None:
    number = synthetic("990101", birth, sequence)
    old = "0123456789X".index(number[position])
    wrong = (old + shift) % (11 if position == 17 else 10)
    altered = number[:position] + "0123456789X"[wrong] + number[position + 1 :]
    assert examine(altered).problem is not None


@given(births, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbours_exchanged_never_pass(birth: date, sequence: int, position: int) -> None:
    number = synthetic("990101", birth, sequence)
    altered = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assert (examine(altered).problem is None) == (altered == number)


@pytest.mark.parametrize(("region", "sequence"), [("99010", 1), ("99010a", 1), ("990101", -1), ("990101", 1000)])
def test_synthetic_refuses_what_has_no_place_in_a_number(region: str, sequence: int) -> None:
    with pytest.raises(ValueError, match=r"region|sequence"):
        synthetic(region, date(1990, 1, 1), sequence)
