"""Working days against two independent sources, and terms over holidays, worked Saturdays and the end of the calendars."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.working_days import PUBLISHED, CalendarNotPublishedError, WorkingDays, term

CALENDAR = WorkingDays()
FIRST, LAST = date(PUBLISHED[0], 1, 1), date(PUBLISHED[-1], 12, 31)
# The State Council's notice for 2006 moved the rest of this Saturday to 2 January; chinesecalendar begins its year with January.
KNOWN_DIFFERENCES = {date(2005, 12, 31)}


def days_of_all_years() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def test_every_day_agrees_with_the_second_source() -> None:
    differ = {day for day in days_of_all_years() if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)}
    assert differ == KNOWN_DIFFERENCES


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_year_has_its_worked_weekends(year: int) -> None:
    """A year of which the library knows only the holidays would have none."""
    weekends = [day for day in days_of_all_years() if day.year == year and day.weekday() >= 5]
    assert 4 <= sum(map(CALENDAR.is_working_day, weekends)) <= 12


@pytest.mark.parametrize(
    ("published", "days", "first", "last"),
    [
        # the letter's own: Sunday 23 April 2023 was worked, and is the day of publication
        (date(2023, 4, 23), 5, date(2023, 4, 24), date(2023, 4, 28)),
        # published on a Friday before a plain weekend
        (date(2023, 4, 14), 5, date(2023, 4, 17), date(2023, 4, 21)),
        # over the National Day of 2023, with the worked Saturday and Sunday after it
        (date(2023, 9, 27), 5, date(2023, 9, 28), date(2023, 10, 10)),
        # over the New Year of 2024: Monday 1 January is a holiday
        (date(2023, 12, 27), 5, date(2023, 12, 28), date(2024, 1, 4)),
        # over the Spring Festival of 2026, with two worked Saturdays
        (date(2026, 2, 12), 5, date(2026, 2, 13), date(2026, 2, 26)),
        # published on a holiday
        (date(2023, 10, 2), 1, date(2023, 10, 7), date(2023, 10, 7)),
    ],
)
def test_a_term_ends_on_its_last_working_day(published: date, days: int, first: date, last: date) -> None:
    found = term(published, days, CALENDAR)
    assert (found.first, found.last) == (first, last)
    assert (found.ended(last), found.ended(last + timedelta(days=1))) == (False, True)


def test_a_year_that_is_not_out_is_said_and_not_guessed() -> None:
    with pytest.raises(CalendarNotPublishedError) as raised:
        term(date(2026, 12, 29), 5, CALENDAR)
    assert raised.value.year == 2027
    assert "2027" in str(raised.value)
    assert term(date(2026, 12, 24), 5, CALENDAR).last == date(2026, 12, 31)


def test_what_the_organiser_enters_goes_before_the_published_calendar() -> None:
    changed = WorkingDays({date(2023, 4, 25): False, date(2023, 4, 29): True})
    assert term(date(2023, 4, 23), 5, changed).last == date(2023, 4, 29)
    entered = WorkingDays({date(2027, 1, 1): False}, frozenset({2027}))
    assert term(date(2026, 12, 29), 5, entered).last == date(2027, 1, 6)
    with pytest.raises(CalendarNotPublishedError):
        entered.is_working_day(date(2028, 1, 3))


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_term_without_length_is_none(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 366"):
        term(date(2023, 4, 23), days, CALENDAR)


@given(st.dates(FIRST, date(2025, 12, 31)), st.integers(1, 60))
def test_a_term_holds_as_many_working_days_as_it_says(published: date, days: int) -> None:
    found = term(published, days, CALENDAR)
    assert CALENDAR.between(published + timedelta(days=1), found.last) == days
    assert CALENDAR.is_working_day(found.first)
    assert CALENDAR.is_working_day(found.last)
    assert CALENDAR.between(published + timedelta(days=1), found.first) == 1
