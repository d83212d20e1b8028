"""The edition's own page, its dates and its feed."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from nomination.readings import Cast
from notice.noticed import noticed
from notice.test_objection_views import words
from pytest_django import DjangoAssertNumQueries

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition


def address(edition: Edition, name: str) -> str:
    return reverse(name, args=[edition.programme, edition.slug])


def test_the_page_has_stages_titles_notices_and_the_office(
    client: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = words(client.get(address(edition, "programme_page")).content)
    assert "社会公示 2023年4月24日–2023年4月28日" in before
    assert "第 1 号公示" not in before
    noticed(edition, cast.organiser)
    with django_assert_num_queries(2):
        after = words(client.get(address(edition, "programme_page")).content)
    assert "第 1 号公示" in after
    assert "0571-00000000" in after
    assert client.get("/p/hangzhou-digital-craftsman/none/").status_code == 404


def test_the_dates_are_a_calendar_that_others_read(client: Client, edition: Edition) -> None:
    answer = client.get(address(edition, "programme_dates"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == len(edition.stages) + 1
    notice = events["2023-notice@hangzhou-digital-craftsman"]
    # whole days: the end is the day after
    assert (notice["DTSTART"].dt, notice["DTEND"].dt) == (date(2023, 4, 24), date(2023, 4, 29))
    deadline = events["2023-deadline@hangzhou-digital-craftsman"]
    assert deadline["DTSTART"].dt.isoformat() == "2023-03-31T15:59:59+00:00"


def test_the_feed_tells_of_notices_and_of_nobody(client: Client, edition: Edition, cast: Cast) -> None:
    noticed(edition, cast.organiser)
    answer = client.get(address(edition, "notice_feed"))
    (item,) = ElementTree.fromstring(answer.content).iter("item")
    assert (item.findtext("link") or "").endswith("/p/hangzhou-digital-craftsman/2023/notice/#notice-1")
    assert "2023-03-27" in (item.findtext("description") or "")
    names = NoticeEntry.objects.values_list("dossier__name", flat=True)
    assert [name for name in names if name in answer.content.decode()] == []
