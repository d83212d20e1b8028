"""Wording the messages: seen, previewed, refused with a sentence, kept, tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from nomination.readings import Cast

from jiangbang.outbox.models import Message, Wording
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
PAGE = "/messages/templates/outbox.trial/"


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def test_the_list_shows_every_template_and_what_was_changed(office: Client, django_assert_num_queries: Any) -> None:
    assert "出厂措辞" in office.get("/messages/templates/").content.decode()
    office.post(PAGE, {"subject": "新", "body": "{edition}"})
    office.post(PAGE, {"subject": "new", "body": "{edition}", "language": "en"})
    with django_assert_num_queries(7):
        page = office.get("/messages/templates/").content.decode()
    assert "中文第 1 版" in page


def test_a_wording_is_kept_and_its_versions_shown(office: Client) -> None:
    assert "试发：{edition}" in office.get(PAGE).content.decode()
    answer = office.post(PAGE, {"subject": "致 {edition}", "body": "你好"}, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?language=zh", 302)]
    page = answer.content.decode()
    assert ("已保存" in page, "第 1 版" in page, "致 2023年杭州数字工匠认定" in page) == (True, True, True)
    assert "Trial: {edition}" in office.get(f"{PAGE}?language=en").content.decode()


def test_a_refused_wording_stays_in_the_form_with_the_reason(office: Client) -> None:
    page = office.post(PAGE, {"subject": "致 {who}", "body": "你好 <b>"}).content.decode()
    assert "这里没有 {who}。本模板可用：{edition}。" in page
    assert ('value="致 {who}"' in page, "你好 &lt;b&gt;" in page) == (True, True)
    assert Wording.objects.count() == 0


def test_the_preview_fills_in_the_examples(office: Client) -> None:
    page = office.post(f"{PAGE}preview/", {"subject": "致 {edition}", "body": "<b>{edition}</b>"}).content.decode()
    assert "致 2023年杭州数字工匠认定" in page
    assert "&lt;b&gt;2023年杭州数字工匠认定&lt;/b&gt;" in page
    assert "这里没有 {x.y}" in office.post(f"{PAGE}preview/", {"subject": "s", "body": "{x.y}"}).content.decode()


def test_a_sample_goes_out_through_the_outbox(office: Client) -> None:
    page = office.post(f"{PAGE}sample/", {"address": "me@example.com", "language": "en"}, follow=True).content.decode()
    assert "样例已发出" in page
    assert Message.objects.get().subject == "Trial: 2023年杭州数字工匠认定"
    page = office.post(f"{PAGE}sample/", {"address": "nobody"}, follow=True).content.decode()
    assert "nobody 不是可以发送的地址。" in page


def test_an_unknown_template_is_not_found(office: Client) -> None:
    assert office.get("/messages/templates/no.such/").status_code == 404
