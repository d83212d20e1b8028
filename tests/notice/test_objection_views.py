"""The public's pages: the form, the receipt, what became of it; bounds that are said."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.cases import FACTS, filed
from notice.noticed import noticed
from notice.test_captcha import solved
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from jiangbang.notice import captcha
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_models import Objection
from jiangbang.programme.models import Edition


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8), 200).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def entry(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> NoticeEntry:
    monkeypatch.setattr(captcha, "HARDNESS", 50)
    return noticed(edition, cast.organiser).entries.order_by("pk").first()


@pytest.fixture
def address(edition: Edition) -> str:
    return reverse("objection_form", args=[edition.programme, edition.slug])


def form(about: NoticeEntry, /, **changes: object) -> dict[str, object]:
    told = {"entry": about.pk, "source": "person", "name": "钱有据", "contact": "0571-8888", "facts": FACTS}
    return {**told, "altcha": solved(captcha.new_puzzle()), **changes}


def words(content: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def test_an_objection_is_sent_and_followed_with_number_and_code(
    client: Client, entry: NoticeEntry, address: str
) -> None:
    receipt = client.post(address, form(entry)).content.decode()
    found = Objection.objects.get()
    secret = re.search(r'class="secret-code">([^<]+)<', receipt)
    assert secret is not None
    assert found.number in receipt
    follow = reverse("objection_follow", args=[found.edition.programme, found.edition.slug])
    seen = words(client.post(follow, {"number": found.number, "secret": secret[1]}).content)
    assert "2023年4月11日前答复" in seen
    wrong = client.post(follow, {"number": found.number, "secret": "AAAA-AAAA-AAAA"}).content
    assert "编号与查询码不符" in words(wrong)
    assert found.entry.dossier.name not in words(wrong)


def test_a_unit_adds_the_paper_with_its_seal(client: Client, entry: NoticeEntry, address: str) -> None:
    sent = SimpleUploadedFile("盖章.png", picture(), "image/png")
    answer = client.post(address, form(entry, source="unit", unit="某公司", files=[sent]))
    assert answer.status_code == 200
    assert Objection.objects.get().files.count() == 1


def test_wrong_input_comes_back_with_what_was_typed(client: Client, entry: NoticeEntry, address: str) -> None:
    for changes, sentence in (
        ({"entry": "0"}, "请选择异议所涉及的人选"),
        ({"altcha": ""}, "校验未通过"),
        ({"name": ""}, "请填写真实姓名"),
        ({"files": [SimpleUploadedFile("x.exe", b"MZ harmful")]}, "x.exe"),
    ):
        answer = client.post(address, form(entry, **changes))
        assert answer.status_code == 422
        assert sentence in words(answer.content)
        assert FACTS in answer.content.decode()
    assert Objection.objects.count() == 0


def test_the_same_sending_twice_makes_one_case(client: Client, entry: NoticeEntry, address: str) -> None:
    told = form(entry)
    assert client.post(address, told).status_code == 200
    assert "已经提交" in words(client.post(address, told).content)
    assert Objection.objects.count() == 1


def test_one_network_waits_after_so_many(
    client: Client, entry: NoticeEntry, address: str, settings: LazySettings
) -> None:
    settings.JIANGBANG_OBJECTIONS_FREE = 2
    statuses = [client.post(address, form(entry)).status_code for _ in range(4)]
    assert statuses == [200, 200, 422, 422]


def test_a_body_that_is_too_large_is_refused_unread(client: Client, entry: NoticeEntry, address: str) -> None:
    answer = client.post(address, form(entry), CONTENT_LENGTH=str(100_000_000))
    assert answer.status_code == 413
    assert Objection.objects.count() == 0


def test_without_a_notice_the_page_says_whom_to_call(client: Client, edition: Edition, address: str) -> None:
    seen = words(client.get(address).content)
    assert "目前没有公示" in seen
    assert "0571-00000000" in seen


def test_the_form_costs_the_same_with_one_case_and_with_three(
    client: Client, entry: NoticeEntry, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filed(entry)
    with django_assert_num_queries(3):
        client.get(address)
    filed(entry)
    filed(entry)
    with django_assert_num_queries(3):
        client.get(address)
