"""A unit's count against its quota."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.quotas import QuotaLine, quota_line


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
