"""The office's pages: lists without anybody, the case for its two persons, letters, figures; and the unit's page."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.cases import FACTS, WHO, Pair, admitted, entered, filed, pair, proposed, taken
from notice.noticed import noticed
from notice.test_objection_views import words
from pdfminer.high_level import extract_text
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.notice import objection_handling as handling
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_numbers import numbers_of
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry


@pytest.fixture
def entry(edition: Edition, cast: Cast) -> NoticeEntry:
    return noticed(edition, cast.organiser).entries.order_by("pk").first()


@pytest.fixture
def people(cast: Cast) -> Pair:
    return pair(cast.organiser)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def step(client: Client, found: Objection, what: str, **told: str) -> str:
    address = reverse("objection_step", args=[found.pk, what])
    return words(client.post(address, told, follow=True).content)


def test_a_case_goes_through_the_pages(entry: NoticeEntry, people: Pair, cast: Cast) -> None:
    found = filed(entry)
    office, second = signed_in(people.handler), signed_in(people.decider)
    case = reverse("objection_case", args=[found.pk])
    assert FACTS not in office.get(case).content.decode()
    step(office, found, "take", unrelated="yes")
    step(second, found, "take", unrelated="yes")
    assert FACTS in words(office.get(case).content)
    step(office, found, "admit", identified="yes", specific="yes")
    step(office, found, "ask", question="请核实专利归属。")
    unit = create_account("unit", role=Role.UNIT, password=None, edition=found.edition.key, scope="330108")
    inquiries = reverse("unit_inquiries")
    seen = words(signed_in(unit).get(inquiries).content)
    assert "请核实专利归属。" in seen
    assert FACTS not in seen
    assert WHO.name not in seen
    signed_in(unit).post(reverse("unit_inquiry_reply", args=[found.pk]), {"reply": "不属本人。"})
    assert "不属本人。" in words(office.get(case).content)
    step(office, found, "propose", upheld="yes", finding="属实。")
    assert "已办结" not in step(office, found, "decide")
    step(second, found, "decide")
    assert "属实，" in words(office.get(case).content)
    step(office, found, "answer", answer="属实，已取消。")
    found.refresh_from_db()
    assert (found.state, bool(found.answered_at)) == ("upheld", True)
    for paper, wanted in (("inquiry", "请核实专利归属。"), ("answer", f"{WHO.name}：")):
        written = office.get(reverse("objection_paper", args=[found.pk, paper, "pdf"])).content
        plain = re.sub(r"\s", "", extract_text(io.BytesIO(written)))
        assert wanted in plain
        assert (WHO.name in plain) == (paper == "answer")
        assert office.get(reverse("objection_paper", args=[found.pk, paper, "docx"])).content[:2] == b"PK"


def test_who_objects_is_shown_to_the_two_on_request_and_registered(
    entry: NoticeEntry, people: Pair, cast: Cast
) -> None:
    found = taken(filed(entry), people)
    case, reveal = (reverse(name, args=[found.pk]) for name in ("objection_case", "objection_reveal"))
    assert WHO.name not in signed_in(people.handler).get(case).content.decode()
    assert WHO.name in signed_in(people.handler).post(reveal).content.decode()
    assert Entry.objects.filter(type="objection.seen").count() == 1
    assert signed_in(cast.discipline).post(reveal).status_code == 403
    assert FACTS not in signed_in(cast.discipline).get(case).content.decode()


def test_a_letter_is_entered_and_its_code_told_once(entry: NoticeEntry, cast: Cast) -> None:
    office = signed_in(cast.organiser)
    told = {"entry": entry.pk, "channel": "letter", "counted_on": "2023-03-20", "source": "person", "name": "钱有据",
            "contact": "0571-8888", "facts": FACTS}  # fmt: skip
    page = office.post(reverse("objection_enter"), told).content.decode()
    found = Objection.objects.get()
    assert 'class="secret-code"' in page
    assert (found.channel, found.counted_on.isoformat(), found.entered_by) == ("letter", "2023-03-20", cast.organiser)
    wrong = office.post(reverse("objection_enter"), {**told, "counted_on": "gestern"})
    assert "请填写日期" in words(wrong.content)
    assert FACTS in wrong.content.decode()


def test_the_list_costs_the_same_with_one_case_and_with_three(
    entry: NoticeEntry, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office, address = signed_in(cast.organiser), reverse("objection_list")
    filed(entry)
    office.get(address)
    with django_assert_num_queries(6):
        office.get(address)
    filed(entry)
    filed(entry)
    with django_assert_num_queries(6):
        seen = words(office.get(address).content)
    assert seen.count("异议〔2023〕") == 3
    assert WHO.name not in seen
    assert "异议〔2023〕" not in words(office.get(address, {"state": "upheld"}).content)


def test_the_figures_name_nobody(entry: NoticeEntry, cast: Cast, people: Pair) -> None:
    handling.decide_objection(proposed(filed(entry), people, upheld=False), by=people.decider)
    admitted(filed(entry), people)
    entered(entry, cast.organiser, source="anonymous")
    found = numbers_of(entry.notice.edition)
    assert (found.received, found.web, found.letter, found.anonymous) == (3, 2, 1, 1)
    assert (found.open, found.waiting, found.admitted, found.rejected, found.late) == (2, 1, 2, 1, 0)
    seen = words(signed_in(cast.discipline).get(reverse("objection_numbers")).content)
    assert WHO.name not in seen
    assert entry.dossier.name not in seen
