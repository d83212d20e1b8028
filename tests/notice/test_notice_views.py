"""The office's page and the public's: who may, what is shown, what never is."""

from __future__ import annotations

import io
import re
from itertools import pairwise

from decision.decided import decided
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.noticed import noticed
from notice.test_objection_views import words
from pdfminer.high_level import extract_text
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.kernel.names import stroke_key
from jiangbang.notice import entries
from jiangbang.notice.notice_models import Notice, NoticeEntry
from jiangbang.programme.models import Edition


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def public(edition: Edition, name: str = "notice_page", **more: object) -> str:
    return reverse(name, kwargs={"programme": edition.programme, "slug": edition.slug, **more})


def test_the_notice_is_prepared_published_and_read_without_an_account(
    client: Client, edition: Edition, cast: Cast
) -> None:
    decided(edition, cast.organiser, released=False)
    office = signed_in(cast.organiser)
    second = signed_in(create_account("second", role=Role.ORGANISER, password=None))
    assert client.get(public(edition)).status_code == 404
    office.post(reverse("notice_prepare"))
    assert client.get(public(edition)).status_code == 404
    refused = office.post(reverse("notice_change", args=[1, "publish"]), follow=True)
    assert "应由拟稿人以外的人发布" in words(refused.content)
    second.post(reverse("notice_change", args=[1, "publish"]))
    page = client.get(public(edition)).content.decode()
    shown = words(page.encode())
    for name in NoticeEntry.objects.values_list("dossier__name", flat=True):
        assert name in shown
    assert "2023年3月21日至2023年3月27日，共 5 个工作日" in shown
    assert reverse("objection_form", args=[edition.programme, edition.slug]) in page
    early = second.post(reverse("notice_change", args=[1, "end"]), follow=True)
    assert "不能提前结束" in words(early.content)


def test_nothing_but_name_unit_and_post_is_public(client: Client, edition: Edition, cast: Cast) -> None:
    noticed(edition, cast.organiser)
    shown = words(client.get(public(edition)).content)
    # no identity number, no mobile number but the office's own
    assert re.search(r"\d{17}[\dX]", shown) is None
    assert re.search(r"\b1[3-9]\d{9}\b", shown) is None


def test_equals_stand_by_surname_strokes_and_the_struck_are_counted(
    client: Client, edition: Edition, cast: Cast
) -> None:
    notice = noticed(edition, cast.organiser, titles=4)
    rows = list(notice.entries.filter(title="craftsman").order_by("pk"))
    for row, name in zip(rows, ("魏一", "丁二", "王三", "𬱖四"), strict=True):
        NoticeEntry.objects.filter(pk=row.pk).update(name=name)
    entries.strike(rows[2], by=cast.organiser, reason="x")
    page = client.get(public(edition)).content.decode()
    shown = re.findall(r'class="notice-name">([^<]+)<', page)[:3]
    assert sorted(shown) == sorted(["魏一", "丁二", "𬱖四"])
    assert all(stroke_key(one) <= stroke_key(other) for one, other in pairwise(shown))
    assert "本名单已取消 1 人" in words(page.encode())
    assert "王三" not in page


def test_the_notice_leaves_as_pdf_and_word(client: Client, edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser)
    written = client.get(public(edition, "notice_paper", number=1, kind="pdf")).content
    plain = re.sub(r"\s", "", extract_text(io.BytesIO(written)))
    for name in notice.entries.values_list("dossier__name", flat=True):
        assert name in plain
    assert "公示时间：2023年3月21日至2023年3月27日（5个工作日）" in plain
    assert client.get(public(edition, "notice_paper", number=1, kind="docx")).content[:2] == b"PK"
    assert client.get(public(edition, "notice_paper", number=2, kind="pdf")).status_code == 404


def test_the_office_lets_the_next_follow(edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser)
    entry = notice.entries.order_by("pk").first()
    entries.strike(entry, by=cast.organiser, reason="x")
    office = signed_in(cast.organiser)
    assert "由候补名单下一名递补" in words(office.get(reverse("notice_desk")).content)
    shown = words(office.post(reverse("notice_prepare"), {"entry": entry.pk}, follow=True).content)
    assert "第 2 号公示" in shown
    assert "已有人递补" in shown
    office.post(reverse("notice_change", args=[2, "withdraw"]))
    assert Notice.objects.count() == 1


def test_pages_cost_the_same_with_one_person_and_with_three(
    client: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notice = noticed(edition, cast.organiser)
    spare = list(notice.entries.order_by("pk"))[1:]
    office = signed_in(cast.organiser)
    office.get(reverse("notice_desk"))
    with django_assert_num_queries(6):
        client.get(public(edition))
    with django_assert_num_queries(14):
        office.get(reverse("notice_desk"))
    NoticeEntry.objects.filter(pk__in=[one.pk for one in spare]).delete()
    with django_assert_num_queries(6):
        client.get(public(edition))
    with django_assert_num_queries(14):
        office.get(reverse("notice_desk"))
