"""The office's page of working days: a year as it counts, single days changed, a year entered that the program does not know."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.kernel.working_days import PUBLISHED, CalendarNotPublishedError, WorkingDays
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.performing import perform
from jiangbang.notice import policy
from jiangbang.notice.calendar import change_day, enter_year, read_day, read_days
from jiangbang.notice.objection_days import today
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.calendar_models import CalendarDay, CalendarYear

WORKED = {"worked": True, "free": False, "published": None}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the year's sheet. `kind`: worked, free, holiday (a weekday that is free), moved (a weekend that is worked), unknown;
    empty before the first and after the last of a month."""

    day: int
    kind: str
    changed: str
    today: bool


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """A year of working days."""
    edition = edition_for(request, policy.may_watch_notice)
    now = today(edition)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted[:5]) <= 2100 else now.year
    entered = CalendarYear.objects.filter(edition=edition, year=year).select_related("entered_by").first()
    changed = CalendarDay.objects.filter(edition=edition, day__year=year).select_related("set_by")
    days = working_days_of(edition)
    context = {
        "edition": edition,
        "year": year,
        "months": [_month(year, month, days, {one.day: one.reason for one in changed}, now) for month in range(1, 13)],
        "known": year in PUBLISHED or entered is not None,
        "entered": entered,
        "changed": [] if entered else changed,
        "may_lead": policy.may_lead_notice(person(request), edition),
        "today": now,
    }
    return render(request, "notice/calendar.html", context)


def _month(
    year: int, month: int, days: WorkingDays, changed: Mapping[date, str], now: date
) -> tuple[date, list[list[Cell]]]:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return date(year, month, 1), [[_cell(day, month, days, changed, now) for day in week] for week in weeks]


def _cell(day: date, month: int, days: WorkingDays, changed: Mapping[date, str], now: date) -> Cell:
    if day.month != month:
        return Cell(0, "", "", False)
    try:
        worked = days.is_working_day(day)
    except CalendarNotPublishedError:
        return Cell(day.day, "unknown", "", day == now)
    weekend = day.weekday() >= 5
    kind = ("moved" if weekend else "worked") if worked else ("free" if weekend else "holiday")
    return Cell(day.day, kind, changed.get(day, ""), day == now)


@login_required
@require_POST
@step_up.required
def change(request: HttpRequest) -> HttpResponse:
    """Change one day; with `redate` also the last day of notices that stand longer by it."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    told = request.POST

    def act() -> None:
        worked = WORKED.get(told.get("as", ""))
        day = read_day(told.get("day", ""))
        change_day(edition, day, worked=worked, reason=told.get("reason", ""), redate="redate" in told, by=by)

    perform(request, act, _("The calendar is changed."))
    return redirect(f"{reverse('notice_calendar')}?year={told.get('year', '')[:4]}")


@login_required
@require_POST
@step_up.required
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a year whole."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    told = request.POST
    year = told.get("year", "")[:4]

    def act() -> None:
        free, worked = read_days(told.get("free", "")), read_days(told.get("worked", ""))
        number = int(year) if year.isdecimal() else 0
        enter_year(edition, number, free=free, worked=worked, source=told.get("source", ""), by=by)

    perform(request, act, _("The calendar of the year is entered."))
    return redirect(f"{reverse('notice_calendar')}?year={year}")
