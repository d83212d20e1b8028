"""The edition's own page, its dates and its feed."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from xml.etree import ElementTree

from django.test import Client
from django.urls import reverse
from docx import Document
from icalendar import Calendar
from nomination.readings import Cast
from notice.noticed import noticed
from notice.test_objection_views import words
from notice.test_publishing import code_of as refusal_of
from openpyxl import load_workbook
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.site_models import SitePage
from jiangbang.notice.site_texts import word_site
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry


def address(edition: Edition, name: str, *more: str) -> str:
    return reverse(name, args=[edition.programme, edition.slug, *more])


def test_the_page_has_stages_titles_notices_and_the_office(
    client: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = words(client.get(address(edition, "programme_page")).content)
    assert "社会公示 2023年4月24日–2023年4月28日" in before
    assert "第 1 号公示" not in before
    noticed(edition, cast.organiser)
    with django_assert_num_queries(4):
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


TEXTS = {
    "about": "## 工作宗旨\n弘扬工匠精神。<script>alert(1)</script>",
    "about_en": "Honours craftsmanship.",
    "call": "- 推荐人选\n- [通知原文](https://example.cn/notice)\n\n![](https://example.cn/x.png)",
    "call_en": "",
}


def test_the_office_words_the_page_and_the_public_reads_it_in_its_language(
    client: Client, edition: Edition, cast: Cast
) -> None:
    office = Client()
    office.force_login(cast.organiser)
    assert client.get(address(edition, "programme_page")).content.count(b"site-text") == 0
    office.post(reverse("site_texts"), TEXTS)
    page = client.get(address(edition, "programme_page")).content.decode()
    assert "<h3>工作宗旨</h3>" in page
    assert "<script>alert" not in page
    assert "推荐人选" not in page
    assert (
        "Honours craftsmanship."
        in client.get(address(edition, "programme_page"), headers={"accept-language": "en"}).content.decode()
    )
    office.post(reverse("site_texts"), {**TEXTS, "called": "on"})
    page = client.get(address(edition, "programme_page")).content.decode()
    assert '<a href="https://example.cn/notice" rel="noopener noreferrer nofollow">通知原文</a>' in page
    assert "x.png" not in page
    assert "推荐材料报送截止时间：2023年3月31日 23:59" in words(page.encode())
    assert Entry.objects.filter(type="site.worded").count() == 2


def test_what_was_typed_stays_when_it_is_refused(edition: Edition, cast: Cast) -> None:
    office = Client()
    office.force_login(cast.organiser)
    shown = office.post(reverse("site_texts"), {**TEXTS, "call": "", "called": "on"})
    assert "请先填写推荐通知" in words(shown.content)
    assert "Honours craftsmanship." in shown.content.decode()
    assert SitePage.objects.count() == 0
    assert refusal_of(word_site, edition, TEXTS, called=False, by=cast.stranger) == "permission"
    assert refusal_of(word_site, edition, {"about": "字" * 20_001}, called=False, by=cast.organiser) == "long"
    word_site(edition, TEXTS, called=False, by=cast.organiser)
    word_site(edition, TEXTS, called=False, by=cast.organiser)
    assert Entry.objects.filter(type="site.worded").count() == 1


def test_empty_papers_are_public_with_the_call(client: Client, edition: Edition, cast: Cast) -> None:
    form = address(edition, "programme_paper", "form.docx")
    assert client.get(form).status_code == 404
    word_site(edition, TEXTS, called=True, by=cast.organiser)
    answer = client.get(form)
    body = Document(io.BytesIO(answer.content))
    assert "推荐表" in "".join(paragraph.text for paragraph in body.paragraphs)
    assert "姓名" in "".join(cell.text for cell in body.tables[0]._cells).replace(" ", "")
    assert "%E6%8E%A8%E8%8D%90%E8%A1%A8.docx" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(client.get(address(edition, "programme_paper", "roster.xlsx")).content)).active
    assert any(cell.value == "姓名" for row in sheet.iter_rows() for cell in row)
    assert client.get(address(edition, "programme_paper", "roster.docx")).content[:2] == b"PK"
    assert client.get(address(edition, "programme_paper", "other.docx")).status_code == 404


def test_a_shared_link_has_a_card(client: Client, edition: Edition, cast: Cast) -> None:
    noticed(edition, cast.organiser)
    page = client.get(address(edition, "notice_page")).content.decode()
    found = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert found["title"] == f"社会公示 · {html.escape(edition.label)}"
    assert found["description"] == "2023年3月21日至2023年3月27日，共 5 个工作日。"
    assert found["url"].endswith(address(edition, "notice_page"))
    assert found["image"].endswith(address(edition, "programme_card"))
    picture = Image.open(io.BytesIO(client.get(address(edition, "programme_card")).content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
