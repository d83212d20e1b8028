"""The working days of mainland China, and how long a public notice stands.

The State Council publishes each year's calendar in the autumn before it: holidays, and Saturdays and Sundays that are worked instead.
`holidays` (https://github.com/vacanza/holidays) knows the published ones; what the organiser enters goes before it. A year that is not
out yet has no working days that anybody could count: that is an error with the year in it, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Final

from holidays.countries.china import China

# The years whose calendar `holidays` has with its worked weekends.
PUBLISHED: Final = range(2004, 2027)
# A notice is counted in tens of days; beyond this somebody has mistyped.
MOST_DAYS: Final = 366
_DAY: Final = timedelta(days=1)


class CalendarNotPublishedError(LookupError):
    """The calendar of `year` is neither published nor entered by the organiser."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the working days of {year} are not published yet")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar in force. `changes`: days that the organiser entered, True for worked; `entered`: years entered whole.

    A year in `entered` and not in `PUBLISHED` has its Mondays to Fridays worked, but for `changes`.
    """

    changes: Mapping[date, bool] = field(default_factory=dict)
    entered: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked. Raises CalendarNotPublishedError."""
        if day in self.changes:
            return self.changes[day]
        if day.year in PUBLISHED:
            return _published(day.year).is_working_day(day)
        if day.year in self.entered:
            return day.weekday() < 5
        raise CalendarNotPublishedError(day.year)

    def following(self, day: date) -> Iterator[date]:
        """The working days after `day`, without end. Raises CalendarNotPublishedError where the calendars end."""
        while True:
            day += _DAY
            if self.is_working_day(day):
                yield day

    def after(self, day: date, count: int) -> date:
        """The `count`th working day after `day`, which itself never counts. Raises ValueError unless 1 ≤ count ≤ MOST_DAYS."""
        if not 1 <= count <= MOST_DAYS:
            raise ValueError(f"a term has 1 to {MOST_DAYS} working days, not {count}")
        return next(worked for number, worked in enumerate(self.following(day), 1) if number == count)

    def between(self, first: date, last: date) -> int:
        """How many of the days from `first` to `last`, both included, are worked."""
        return sum(self.is_working_day(first + number * _DAY) for number in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Term:
    """A term of working days: the day of publication does not count, `last` counts whole."""

    published: date
    days: int
    first: date
    last: date

    def ended(self, today: date) -> bool:
        """Whether the term is over: from the day after its last one."""
        return today > self.last


def term(published: date, days: int, calendar: WorkingDays) -> Term:
    """The term of `days` working days after the day of publication (Civil Code, article 201: that day does not count).

    Raises CalendarNotPublishedError when it reaches into a year without a calendar; ValueError for a length that is none.
    """
    return Term(published, days, calendar.after(published, 1), calendar.after(published, days))


@cache
def _published(year: int) -> China:
    return China(years=year)  # type: ignore[no-untyped-call]
