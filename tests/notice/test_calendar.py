"""The organiser's calendar: before the published one, never shortening what stands, and openly when a last day moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from nomination.readings import Cast
from notice.noticed import noticed
from notice.test_objection_views import words
from notice.test_publishing import code_of

from jiangbang.accounts.models import User
from jiangbang.kernel.working_days import CalendarNotPublishedError
from jiangbang.notice import calendar, publishing
from jiangbang.notice.models import Notice, NoticeRedating
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.calendar_models import CalendarDay, CalendarYear
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

# The rehearsed day of these editions is Monday, 20 March 2023; a notice of that day stands until Monday, 27 March.
FRIDAY, SATURDAY, LAST = date(2023, 3, 24), date(2023, 3, 25), date(2023, 3, 27)
FREE_2027 = "2027-01-01至2027-01-03、2027-02-05至2027-02-11\n2027-04-03至2027-04-05"
SOURCE = "国办发明电〔2026〕9号"


def changed(edition: Edition, by: User, day: date, worked: bool | None, **more: object) -> str:
    """The refusal's code; empty where the calendar changed."""
    told = {"reason": "临时停工", **more}
    try:
        calendar.change_day(edition, day, worked=worked, by=by, **told)  # type: ignore[arg-type]
    except Refused as refusal:
        return refusal.code
    return ""


def test_a_changed_day_counts_and_can_be_changed_back(edition: Edition, cast: Cast) -> None:
    assert publishing.term_of(edition, date(2023, 3, 20)).last == LAST
    assert changed(edition, cast.organiser, FRIDAY, worked=False) == ""
    assert publishing.term_of(edition, date(2023, 3, 20)).last == LAST + timedelta(days=1)
    assert changed(edition, cast.organiser, SATURDAY, worked=True) == ""
    assert publishing.term_of(edition, date(2023, 3, 20)).last == LAST
    assert changed(edition, cast.organiser, SATURDAY, worked=None) == ""
    assert working_days_of(edition).changes == {FRIDAY: False}
    facts = [entry.facts for entry in Entry.objects.filter(type="calendar.changed").order_by("index")]
    assert [(one["date"], one["worked"]) for one in facts] == [
        ("2023-03-24", False),
        ("2023-03-25", True),
        ("2023-03-25", False),
    ]


def test_changes_that_are_none_are_refused(edition: Edition, cast: Cast) -> None:
    assert changed(edition, cast.discipline, FRIDAY, worked=False) == "permission"
    assert changed(edition, cast.organiser, FRIDAY, worked=False, reason=" ") == "reason"
    assert changed(edition, cast.organiser, FRIDAY, worked=True) == "same"
    assert changed(edition, cast.organiser, FRIDAY, worked=None) == "same"
    assert changed(edition, cast.organiser, date(2031, 3, 3), worked=None) == "calendar"
    assert CalendarDay.objects.count() == 0


def test_a_running_notice_is_never_cut_short(edition: Edition, cast: Cast) -> None:
    noticed(edition, cast.organiser)
    for redate in (False, True):
        assert changed(edition, cast.organiser, SATURDAY, worked=True, redate=redate) == "early"
    assert Notice.objects.get().last_day == LAST
    assert CalendarDay.objects.count() == 0


def test_a_last_day_moves_only_when_wanted_and_everybody_reads_why(
    client: Client, edition: Edition, cast: Cast
) -> None:
    noticed(edition, cast.organiser)
    page = reverse("notice_page", args=[edition.programme, edition.slug])
    client.get(page)
    assert changed(edition, cast.organiser, FRIDAY, worked=False) == "running"
    assert Notice.objects.get().last_day == LAST
    assert changed(edition, cast.organiser, FRIDAY, worked=False, redate=True) == ""
    assert Notice.objects.get().last_day == LAST + timedelta(days=1)
    assert "由 2023年3月27日 延长至 2023年3月28日：临时停工" in words(client.get(page).content)
    assert Entry.objects.get(type="notice.redated").facts == {
        "number": 1,
        "was": "2023-03-27",
        "last_day": "2023-03-28",
        "reason": "临时停工",
    }
    # what moved it cannot be taken back: that would cut it short
    assert changed(edition, cast.organiser, FRIDAY, worked=None, redate=True) == "early"


def test_a_notice_that_is_over_stays_as_it_was(edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser, days_over=True)
    assert changed(edition, cast.organiser, date(2023, 3, 14), worked=False) == ""
    assert Notice.objects.get().last_day == notice.last_day


def test_the_database_refuses_a_shorter_notice(edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser)
    for after, reason in ((LAST, "x"), (LAST + timedelta(days=1), "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeRedating.objects.create(
                notice=notice, before=LAST, after=after, reason=reason, made_by=cast.organiser, made_at=timezone.now()
            )


def test_a_year_that_is_not_known_is_entered_whole(edition: Edition, cast: Cast) -> None:
    enter: Callable[..., None] = calendar.enter_year
    told = {
        "free": calendar.read_days(FREE_2027),
        "worked": calendar.read_days("2027-02-13"),
        "source": SOURCE,
        "by": cast.organiser,
    }
    with pytest.raises(CalendarNotPublishedError):
        publishing.term_of(edition, date(2026, 12, 29))
    for code, year, changes in (
        ("permission", 2027, {"by": cast.discipline}),
        ("published", 2026, {}),
        ("source", 2027, {"source": " "}),
        ("year", 2028, {}),
        ("weekday", 2027, {"worked": [date(2027, 2, 12)]}),
        ("both", 2027, {"worked": [date(2027, 1, 2)]}),
        ("few", 2027, {"free": [date(2027, 1, 1)]}),
    ):
        assert code_of(enter, edition, year, **{**told, **changes}) == code
    enter(edition, 2027, **told)
    assert code_of(enter, edition, 2027, **told) == "prepared"
    # 29 December 2026 is a Tuesday; Friday, 1 January 2027 is free
    assert publishing.term_of(edition, date(2026, 12, 29)).last == date(2027, 1, 6)
    days = working_days_of(edition)
    assert days.is_working_day(date(2027, 2, 13))
    assert not days.is_working_day(date(2027, 2, 14))
    assert Entry.objects.get(type="calendar.entered").facts == {"year": 2027, "count": 14, "reason": SOURCE}


@pytest.mark.parametrize(
    "text", ["2027-13-01", "3月1日", "2027-01-03至2027-01-01", "2027-01-01至2027-12-31", "x 2027-01-01"]
)
def test_what_is_no_day_is_said(text: str) -> None:
    assert code_of(calendar.read_days, text) == "days"


def test_one_day_is_one_day() -> None:
    assert calendar.read_day("2023-03-24") == FRIDAY
    assert code_of(calendar.read_day, "") == "days"
    assert code_of(calendar.read_day, "2023-03-24、2023-03-25") == "days"


def test_the_office_changes_the_calendar_on_its_page(client: Client, edition: Edition, cast: Cast) -> None:
    client.force_login(cast.organiser)
    told = {"year": "2023", "day": "2023-03-24", "as": "free", "reason": "临时停工"}
    shown = words(client.post(reverse("notice_calendar_change"), told, follow=True).content)
    assert "日历已变更" in shown
    assert "2023年3月24日 · 不上班 · 临时停工" in shown
    again = client.post(reverse("notice_calendar_change"), {**told, "day": "x"}, follow=True)
    assert "日期无法识别" in words(again.content)
    assert "放假安排尚未公布" in words(client.get(reverse("notice_calendar"), {"year": "2027"}).content)
    year = {"year": "2027", "free": FREE_2027, "worked": "2027-02-13", "source": SOURCE}
    shown = words(client.post(reverse("notice_calendar_enter"), year, follow=True).content)
    assert SOURCE in shown
    assert CalendarYear.objects.count() == 1
    assert client.get(reverse("notice_calendar"), {"year": "99999999"}).status_code == 200
