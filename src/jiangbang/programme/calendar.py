"""The working days by which an edition counts."""

from __future__ import annotations

from jiangbang.kernel.working_days import WorkingDays
from jiangbang.programme.calendar_models import CalendarDay, CalendarYear
from jiangbang.programme.models import Edition


def working_days_of(edition: Edition) -> WorkingDays:
    """The published calendar with what the organiser entered before it. Two queries."""
    changes = dict(CalendarDay.objects.filter(edition=edition).values_list("day", "worked"))
    entered = CalendarYear.objects.filter(edition=edition).values_list("year", flat=True)
    return WorkingDays(changes, frozenset(entered))
