"""A unit's count against its quota."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.quotas import QuotaLine, held_back, quota_line


def unit(minimum: int, maximum: int, hard: bool) -> UnitSpec:
    return UnitSpec("330108", "滨江区总工会", "滨江", "district_union", minimum, maximum, hard)


@pytest.mark.parametrize(
    ("counted", "hard", "expected", "blocks"),
    [
        (9, False, QuotaLine("330108", 9, 10, 20, False, "under", 11), False),
        (10, False, QuotaLine("330108", 10, 10, 20, False, "within", 10), False),
        (20, True, QuotaLine("330108", 20, 10, 20, True, "within", 0), False),
        (21, False, QuotaLine("330108", 21, 10, 20, False, "over", -1), False),
        (21, True, QuotaLine("330108", 21, 10, 20, True, "over", -1), True),
        (0, True, QuotaLine("330108", 0, 10, 20, True, "under", 20), False),
    ],
)
def test_quota_line_places_the_count_in_the_range(counted: int, hard: bool, expected: QuotaLine, blocks: bool) -> None:
    line = quota_line(unit(10, 20, hard), counted)
    assert line == expected
    assert line.blocks is blocks


def test_quota_line_refuses_a_negative_count() -> None:
    with pytest.raises(ValueError, match="fewer than nobody"):
        quota_line(unit(0, 5, True), -1)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 200), st.booleans())
def test_only_a_hard_quota_that_is_passed_blocks(minimum: int, width: int, counted: int, hard: bool) -> None:
    line = quota_line(unit(minimum, minimum + width, hard), counted)
    assert line.blocks == (hard and line.remaining < 0)
    assert (line.state == "over") == (counted > minimum + width)
    assert (line.state == "under") == (counted < minimum)


RANKED = st.lists(st.integers(0, 30), unique=True, max_size=20)


@pytest.mark.parametrize(
    ("ranked", "seated", "outside", "seats", "held"),
    [
        ([1, 2, 3], [], [], 2, {3}),
        ([3, 2, 1], [], [], 2, {1}),
        ([1, 2, 3], [3], [], 2, {2}),
        ([1, 2], [8, 9], [], 2, {1, 2}),
        ([1, 2, 3], [], [1], 2, set()),
        ([1, 2, 3], [7, 8], [7], 2, {2, 3}),
        ([1, 2, 3], [7, 8, 9], [], 2, {1, 2, 3}),
        ([1, 2, 3], [], [], None, set()),
        ([1, 1, 2], [], [], 1, {2}),
    ],
)
def test_the_lowest_ranked_without_a_seat_are_held(
    ranked: list[int], seated: list[int], outside: list[int], seats: int | None, held: set[int]
) -> None:
    assert held_back(ranked, seated=seated, outside=outside, seats=seats) == held


@given(RANKED, st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.integers(0, 20))
def test_nobody_loses_a_seat_and_none_is_given_above_the_bound(
    ranked: list[int], seated: set[int], outside: set[int], seats: int
) -> None:
    held = held_back(ranked, seated=seated, outside=outside, seats=seats)
    assert held & (seated | outside) == set()
    going = (seated | set(ranked)) - held - outside
    assert len(going) <= max(seats, len(seated - outside))
    new = [key for key in ranked if key not in seated | outside]
    # those held are the tail of the newcomers: nobody above them in the unit's order is held while they go
    assert [key for key in new if key in held] == new[len(new) - len(held) :]
