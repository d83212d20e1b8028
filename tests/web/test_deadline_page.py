"""The deadline's page, the countdown on every page, the server's time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.outbox.models import Message
from jiangbang.outbox.sealing import bodies
from jiangbang.programme.acts import extend_deadline
from jiangbang.programme.models import Edition
from jiangbang.web.due import due_of, left_in_words

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
DUE = datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "已过截止时间"),
        (1, "剩余 00:00:01"),
        (86399, "剩余 23:59:59"),
        (86400, "剩余 1 天 00:00:00"),
        (11 * 86400 + 50599, "剩余 11 天 14:03:19"),
    ],
)
def test_what_is_left_is_said_to_the_second(seconds: int, words: str) -> None:
    assert left_in_words(seconds) == words


def test_a_rehearsed_deadline_stands_and_says_so(office: Client, edition: Edition) -> None:
    page = office.get("/deadline/").content.decode()
    assert "2023年3月31日 23:59:59" in page
    assert "剩余 11 天 15:00:00" in page
    assert "演练" in page
    assert "data-countdown=" not in page


def test_a_running_deadline_counts_down_in_frame_and_page(client: Client, cast: Cast, ended_edition: Edition) -> None:
    client.force_login(cast.organiser)
    with mock.patch.object(Edition, "now", return_value=DUE - timedelta(hours=2) + timedelta(seconds=1)):
        page = client.get("/deadline/").content.decode()
    assert page.count('data-countdown="7200"') == 2
    assert 'data-state="urgent"' in page
    assert "剩余 02:00:00" in page


@pytest.mark.parametrize(
    ("after", "standing", "seconds"), [(-1, "open", 2), (0, "open", 1), (0.999999, "open", 0), (1, "closed", 0)]
)
def test_the_standing_is_decided_to_the_second(edition: Edition, after: float, standing: str, seconds: int) -> None:
    with mock.patch.object(Edition, "now", return_value=DUE + timedelta(seconds=after)):
        due = due_of(edition)
    assert (due.standing, due.seconds) == (standing, seconds)


def test_everybody_in_the_edition_reads_the_deadline_and_its_reason(
    client: Client, cast: Cast, edition: Edition
) -> None:
    extend_deadline(edition, to=DUE + timedelta(days=3), reason="系统检修三小时", by=cast.organiser)
    for role in (Role.UNIT, Role.CANDIDATE, Role.EXPERT):
        user = create_account(f"some-{role}", role=role, password=None, edition=edition.key)
        client.force_login(user)
        page = client.get("/deadline/").content.decode()
        assert "系统检修三小时" in page
        assert "2023年4月3日 23:59:59" in page
        assert 'name="reason"' not in page
        assert client.post("/deadline/", {"to": "2023-05-01T12:00", "reason": "因故"}).status_code == 403
    client.force_login(cast.stranger)
    assert client.get("/deadline/").status_code == 404
    assert Membership.objects.filter(user=cast.stranger).count() == 0


def test_the_office_extends_the_deadline_on_the_editions_clock(office: Client, edition: Edition) -> None:
    answer = office.post("/deadline/", {"to": "2023-04-03T17:00:00", "reason": "系统检修"}, follow=True)
    edition.refresh_from_db()
    assert edition.deadline.at == datetime(2023, 4, 3, 17, 0, tzinfo=CHINA)
    assert "系统检修" in answer.content.decode()
    assert "2023年4月3日 17:00" in office.get("/register/").content.decode()


def test_the_contacts_of_the_units_are_told_with_the_reason(office: Client, edition: Edition, cast: Cast) -> None:
    rows = [ContactRow("330108", "林一", "lin@example.org"), ContactRow("330102", "周二", "zhou@example.org")]
    keep_contacts(edition, rows, by=cast.organiser)
    answer = office.post("/deadline/", {"to": "2023-04-03T17:00:00", "reason": "系统检修三小时"}, follow=True)
    assert "2 位联系人" in answer.content.decode()
    sent = Message.objects.filter(template="deadline.extended")
    assert sorted(bodies(one.pk, one.sealed_body)[0].count("系统检修三小时") for one in sent) == [1, 1]
    assert {"2023年4月3日 17:00" in one.subject or "2023-04-03 17:00:00" in one.subject for one in sent} == {True}


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("", "因故"),
        ("tomorrow", "因故"),
        ("2023-02-30T10:00", "因故"),
        ("2023-04-03T17:00:00+09:00", "因故"),
        ("2023-03-01T00:00", "因故"),
        ("2023-04-03T17:00", "  "),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    office: Client, edition: Edition, to: str, reason: str
) -> None:
    answer = office.post("/deadline/", {"to": to, "reason": reason})
    page = answer.content.decode()
    edition.refresh_from_db()
    assert (answer.status_code, edition.extended_to) == (200, None)
    assert 'class="error"' in page
    assert f">{reason}</textarea>" in page


def test_the_server_tells_its_time_and_what_is_left(office: Client, edition: Edition) -> None:
    told = json.loads(office.get("/time/").content)
    assert (told["seconds"], told["standing"]) == (11 * 86400 + 54000, "open")
    assert abs(datetime.fromisoformat(told["now"]) - datetime.now(CHINA)) < timedelta(seconds=30)
    assert told["now"].endswith("+08:00")


def test_an_empty_house_has_no_deadline(client: Client, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert client.get("/time/").status_code == 404


def test_the_page_takes_the_same_queries_for_one_extension_and_for_three(
    office: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days, queries in ((1, 6), (2, 6), (3, 6)):
        extend_deadline(edition, to=DUE + timedelta(days=days), reason="因故", by=cast.organiser)
        with django_assert_num_queries(queries):
            office.get("/deadline/")
