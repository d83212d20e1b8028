"""The days of objections, by the edition's clock and the working-day calendar in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jiangbang.kernel.working_days import CalendarNotPublishedError
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.models import Edition


def today(edition: Edition) -> date:
    """The edition's day."""
    return edition.now().astimezone(edition.zone).date()


def stands_until(entry: NoticeEntry) -> date:
    """The last day of the entry's notice, which is published: all of it counts."""
    last_day = entry.notice.last_day
    assert last_day is not None
    return last_day


def working_days_on(edition: Edition, days: int) -> date:
    """The day so many working days after the edition's day.

    Where the term reaches into a year whose calendar is not out yet, Mondays to Fridays of that year count: a term of the office's own,
    so no case waits for the calendar. The term of a notice never does this.
    """
    day = today(edition)
    calendar = working_days_of(edition)
    try:
        return calendar.after(day, days)
    except CalendarNotPublishedError as error:
        return replace(calendar, entered=calendar.entered | {error.year}).after(day, days)
