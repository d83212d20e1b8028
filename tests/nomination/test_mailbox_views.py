"""The pages of the mailbox: what they show, whom they refuse, how many queries they take."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from nomination.mailbox_cases import SENDER, UNIT, found, told
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import evidence
from jiangbang.nomination.mailbox_acts import take_mail
from jiangbang.nomination.mailbox_models import Mail, MailboxLook
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.nomination.models import Intake
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
HELD = Decision("held", "unknown_sender", hint=UNIT)


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def take(edition: Edition, cast: Cast, number: int = 1, **changes: Any) -> Mail:
    return take_mail(found(number, **changes), edition=edition, by=cast.organiser)[0]


def test_an_empty_mailbox_says_how_it_is_set_up(office: Client) -> None:
    page = text(office.get("/mailbox/"))
    assert "JIANGBANG_IMAP_URL" in page
    assert "还没有来信" in page


def test_the_list_says_when_it_was_looked_and_what_is_wrong(office: Client, edition: Edition, cast: Cast) -> None:
    take(edition, cast)
    take(edition, cast, 2, packets=0, decision=Decision("held", "link", "pan.baidu.com"))
    MailboxLook.objects.create(mailbox="box@x", looked_at=timezone.now(), trouble="没有人应答。")
    page = text(office.get("/mailbox/"))
    assert "没有人应答。" in page
    assert page.count(SENDER) == 2
    assert "网盘链接（pan.baidu.com）" in page
    held = text(office.get("/mailbox/?state=held"))
    assert (held.count("/mailbox/"), held.count(SENDER)) == (page.count("/mailbox/") - 1, 1)
    assert "没有符合条件的来信" in text(office.get("/mailbox/?state=aside"))
    assert text(office.get("/mailbox/?state=nonsense")).count(SENDER) == 2


def test_the_list_takes_the_same_queries_for_one_mail_and_for_three(
    office: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take(edition, cast)
    with django_assert_num_queries(9):
        office.get("/mailbox/")
    take(edition, cast, 2, packets=3, decision=HELD)
    take(edition, cast, 3, packets=0, decision=Decision("aside", "automatic"))
    with django_assert_num_queries(9):
        office.get("/mailbox/")


def test_a_mail_takes_the_same_queries_for_one_packet_and_for_three(
    office: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for mail in (take(edition, cast), take(edition, cast, 2, packets=3)):
        with django_assert_num_queries(7):
            office.get(f"/mailbox/{mail.pk}/")


def test_more_mails_than_a_page_holds_go_on_by_key(office: Client, edition: Edition, cast: Cast) -> None:
    for number in range(53):
        take(edition, cast, number, packets=0, decision=Decision("held", "no_attachment"))
    first = office.get("/mailbox/")
    page = first.context["page"]
    assert (len(page.rows), page.total, bool(page.after)) == (50, 53, True)
    assert len(office.get(f"/mailbox/?after={page.after}").context["page"].rows) == 3


def test_a_held_mail_shows_why_and_proposes_the_unit_that_its_name_says(
    office: Client, edition: Edition, cast: Cast
) -> None:
    changed = told() | {
        "attachments": [{"name": "a.zip", "kind": "zip", "size": 9, "within": ["转发.eml"]}],
        "remarks": [["link", "pan.baidu.com"]],
    }
    mail = take(edition, cast, decision=HELD, told=changed)
    page = text(office.get(f"/mailbox/{mail.pk}/"))
    assert "发件人不是任何单位的联系人。" in page
    assert f'<option value="{UNIT}" selected>' in page
    assert "在 转发.eml 中" in page
    assert "正文另有网盘链接（pan.baidu.com）" in page
    assert page.count(f"/mailbox/{mail.pk}/unit/") == page.count(f"/mailbox/{mail.pk}/aside/") == 1


def test_giving_a_mail_to_a_unit_brings_its_packets(office: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, decision=HELD)
    answer = office.post(f"/mailbox/{mail.pk}/unit/", {"unit": "330102"}, follow=True)
    assert answer.redirect_chain == [(f"/mailbox/{mail.pk}/", 302)]
    assert "邮件已按上城区总工会接收。" in text(answer)
    assert Intake.objects.get().unit_code == "330102"
    again = office.post(f"/mailbox/{mail.pk}/unit/", {"unit": "330102"}, follow=True)
    assert "已经接收" in text(again)
    assert Intake.objects.count() == 1


def test_a_unit_must_be_chosen(office: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, decision=HELD)
    office.post(f"/mailbox/{mail.pk}/unit/", {})
    assert (Mail.objects.get().state, Intake.objects.count()) == ("held", 0)


def test_setting_a_mail_aside(office: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, decision=HELD)
    assert office.post(f"/mailbox/{mail.pk}/aside/")["Location"] == "/mailbox/"
    assert Mail.objects.get().state == "aside"
    page = text(office.get(f"/mailbox/{mail.pk}/"))
    assert "已由工作人员认定不是材料包。" in page
    assert f"/mailbox/{mail.pk}/aside/" not in page
    refused = office.post(f"/mailbox/{mail.pk}/aside/", follow=True)
    assert "不在等待处理" in text(refused)


def test_the_discipline_office_reads_and_decides_nothing(client: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, decision=HELD)
    client.force_login(cast.discipline)
    page = text(client.get(f"/mailbox/{mail.pk}/"))
    assert SENDER in page
    assert "/unit/" not in page
    assert "/original/" not in page
    assert client.post(f"/mailbox/{mail.pk}/unit/", {"unit": UNIT}).status_code == 403


def test_the_message_is_given_as_it_came_and_the_register_says_so(office: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, sha256=evidence.keep_bytes(b"From: x\r\n\r\nmail"))
    answer = office.get(f"/mailbox/{mail.pk}/original/")
    assert b"".join(answer.streaming_content) == b"From: x\r\n\r\nmail"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].endswith(".eml")
    entry = Entry.objects.get(type="file.downloaded")
    assert (entry.subject, entry.facts["file"]) == (f"mail:{mail.pk}", "mail.eml")


def test_mails_that_wait_stand_on_the_desk(office: Client, edition: Edition, cast: Cast) -> None:
    take(edition, cast, decision=HELD)
    page = text(office.get("/"))
    assert "1封来信等您处理" in page
    assert "/mailbox/?state=held" in page


def test_a_mail_of_another_edition_is_not_shown_in_the_list(office: Client, cast: Cast, edition: Edition) -> None:
    take(Edition.objects.get(slug="2024"), cast)
    assert SENDER not in text(office.get("/mailbox/"))


def test_the_register_leads_to_the_mail(office: Client, edition: Edition, cast: Cast) -> None:
    mail = take(edition, cast, decision=HELD)
    page = text(office.get("/register/?type=mail.held"))
    assert f"/mailbox/{mail.pk}/" in page
