"""Periods are whole months of an edition's file, and months end where the calendar says."""

from __future__ import annotations

from datetime import date

import pytest

from jiangbang.kernel.retention import DEFAULTS, later, read_retention


def test_an_edition_says_what_differs_and_the_rest_is_given() -> None:
    assert read_retention({}) == DEFAULTS
    assert read_retention({"retention": {"drafts": 3}}) == {**DEFAULTS, "drafts": 3}


@pytest.mark.parametrize("said", [{"reads": 5}, {"drafts": -1}, {"records": 1.5}, {"titled": True}, {"letters": 3}])
def test_periods_that_cannot_be_are_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="retention"):
        read_retention({"retention": said})


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 5), -1, date(2023, 12, 5)),
        (date(2023, 5, 31), 0, date(2023, 5, 31)),
    ],
)
def test_so_many_months_later_is_the_same_day_or_the_months_last(day: date, months: int, then: date) -> None:
    assert later(day, months) == then
