"""How the organiser changes the calendar of working days. What stands before the public is never cut short by it, and a last day that
moves is said on the notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.working_days import PUBLISHED, CalendarNotPublishedError, WorkingDays
from jiangbang.notice import policy
from jiangbang.notice.notice_models import Notice, NoticeRedating
from jiangbang.notice.objection_days import today
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.calendar_models import CalendarDay, CalendarYear
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record

# Holidays by law: 11 days a year from 2008 on, 13 from 2025 on (《全国年节及纪念日放假办法》). Fewer means that a line is missing.
FEWEST_FREE: Final = 11
# No holiday lasts as long: somebody has mistyped.
LONGEST_SPAN: Final = 31
_DAY: Final = timedelta(days=1)
_SPAN: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\s*(?:至|~|/|\.\.)\s*(\d{4})-(\d{1,2})-(\d{1,2}))?", re.ASCII)


@act("calendar.changed", "notice.redated")
def change_day(
    edition: Edition, day: date, *, worked: bool | None, reason: str, redate: bool = False, by: User
) -> None:
    """Let a day be worked or not; None lets it be as published again. With `redate`, running notices whose last day moves later are
    dated anew, openly.

    Refused: `permission`; `reason`; `same`; `year` of a day whose calendar is neither published nor entered; `early` where a running
    notice would end earlier; `running` where one would end later and `redate` is not given; `calendar` where it would end in a year
    without a calendar.
    """
    locked, reason = _locked(edition, by), reason.strip()[:300]
    before = working_days_of(locked)
    if not reason:
        raise Refused("reason", _("Write down the reason."))
    changes = {key: value for key, value in before.changes.items() if key != day}
    after = replace(before, changes=changes if worked is None else {**changes, day: worked})
    try:
        taken_back = worked is None and day in before.changes
        if after.is_working_day(day) == before.is_working_day(day) and not taken_back:
            raise Refused("same", _("The calendar says so already."))
    except CalendarNotPublishedError as error:
        raise _no_calendar(error) from None
    _redate(locked, after, reason, redate=redate, by=by)
    CalendarDay.objects.filter(edition=locked, day=day).delete()
    if worked is not None:
        CalendarDay.objects.create(
            edition=locked, day=day, worked=worked, reason=reason, set_by=by, set_at=timezone.now()
        )
    facts = {"date": day.isoformat(), "reason": reason, "worked": after.is_working_day(day)}
    record("calendar.changed", by=by, edition=locked.key, subject=f"edition:{locked.key}", facts=facts)


@act("calendar.entered")
def enter_year(
    edition: Edition, year: int, *, free: Sequence[date], worked: Sequence[date], source: str, by: User
) -> None:
    """Enter the calendar of a year that the program does not know yet: the days that are free, and the Saturdays and Sundays worked.

    Refused: `permission`; `published` where the program knows the year; `prepared` where it is entered; `source`; `year` of a day
    outside it; `weekday` for a worked day that is no weekend; `both` for a day in both lists; `few` free days.
    """
    locked, source = _locked(edition, by), source.strip()[:300]
    if year in PUBLISHED:
        raise Refused("published", _("The calendar of this year is known: change single days."))
    if CalendarYear.objects.filter(edition=locked, year=year).exists():
        raise Refused("prepared", _("This year is entered already: change single days."))
    if not source:
        raise Refused("source", _("Write down the State Council's notice that the calendar is taken from."))
    if any(day.year != year for day in (*free, *worked)):
        raise Refused("year", _("All days must be of the year that is entered."))
    if wrong := [day for day in worked if day.weekday() < 5]:
        raise Refused("weekday", _("%(day)s is no Saturday or Sunday.") % {"day": wrong[0]})
    if both := set(free) & set(worked):
        raise Refused("both", _("%(day)s stands in both lists.") % {"day": min(both)})
    if len(set(free)) < FEWEST_FREE:
        sentence = _("A year has at least %(fewest)s free days: is the list complete?")
        raise Refused("few", sentence % {"fewest": FEWEST_FREE})
    now = timezone.now()
    CalendarYear.objects.create(edition=locked, year=year, source=source, entered_by=by, entered_at=now)
    days = {**dict.fromkeys(free, False), **dict.fromkeys(worked, True)}
    CalendarDay.objects.filter(edition=locked, day__in=days).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(edition=locked, day=day, worked=value, reason=source, set_by=by, set_at=now)
        for day, value in sorted(days.items())
    )
    facts = {"year": year, "count": len(days), "reason": source}
    record("calendar.entered", by=by, edition=locked.key, subject=f"edition:{locked.key}", facts=facts)


def read_days(text: str) -> list[date]:
    """Days as people write them: 2027-01-01, and spans 2027-02-05至2027-02-11. Raises Refused `days` for what is none.

    >>> [str(day) for day in read_days("2027-01-01至2027-01-03、2027-04-05")]
    ['2027-01-01', '2027-01-02', '2027-01-03', '2027-04-05']
    """
    if rest := _SPAN.sub("", text).strip(" \t\r\n,，、;；"):
        raise _no_day(rest)
    found: list[date] = []
    for match in _SPAN.finditer(text):
        parts = [int(part) for part in match.groups() if part is not None]
        try:
            first, last = date(*parts[:3]), date(*parts[-3:])
        except ValueError:
            raise _no_day(match[0]) from None
        if not 0 <= (last - first).days < LONGEST_SPAN:
            raise _no_day(match[0])
        found += [first + number * _DAY for number in range((last - first).days + 1)]
    return found


def read_day(text: str) -> date:
    """One day. Raises Refused `days`."""
    found = read_days(text)
    if len(found) != 1:
        raise _no_day(text)
    return found[0]


def _no_day(text: str) -> Refused:
    sentence = _("This is no day: %(text)s. Write 2027-01-01 or 2027-01-01至2027-01-03.")
    return Refused("days", sentence % {"text": text[:40]})


def _redate(edition: Edition, after: WorkingDays, reason: str, *, redate: bool, by: User) -> None:
    running = Notice.objects.select_for_update(of=("self",)).filter(edition=edition, last_day__gte=today(edition))
    for notice in running.order_by("number"):
        assert notice.first_day is not None
        assert notice.last_day is not None
        try:
            last = after.after(notice.first_day - _DAY, notice.days)
        except CalendarNotPublishedError as error:
            raise _no_calendar(error) from None
        if last == notice.last_day:
            continue
        told = {"number": notice.number, "was": notice.last_day, "last": last}
        if last < notice.last_day:
            sentence = _("Notice %(number)s stands until %(was)s and would end on %(last)s: it cannot be cut short.")
            raise Refused("early", sentence % told)
        if not redate:
            sentence = _("Notice %(number)s would stand until %(last)s instead of %(was)s: this must be wanted.")
            raise Refused("running", sentence % told)
        NoticeRedating.objects.create(
            notice=notice, before=notice.last_day, after=last, reason=reason, made_by=by, made_at=timezone.now()
        )
        facts = {
            "number": notice.number,
            "was": notice.last_day.isoformat(),
            "last_day": last.isoformat(),
            "reason": reason,
        }
        notice.last_day = last
        notice.save(update_fields=["last_day"])
        record("notice.redated", by=by, edition=edition.key, subject=notice.subject, facts=facts)


def _no_calendar(error: CalendarNotPublishedError) -> Refused:
    sentence = _("The working days of %(year)s are not published yet: the last day of the notice cannot be told.")
    return Refused("calendar", sentence % {"year": error.year})


def _locked(edition: Edition, by: User) -> Edition:
    if not policy.may_lead_notice(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
