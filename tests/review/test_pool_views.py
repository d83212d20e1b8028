"""The pages of the pool."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from review.experts import HEAD, a_list, line

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.review import pool
from jiangbang.review.models import PoolEntry
from jiangbang.review.profiles import profile_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_for_three(
    office: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pool.list_experts(edition, a_list(edition, count), by=cast.organiser)
    office.get("/review/pool/")
    with django_assert_num_queries(7):
        answer = office.get("/review/pool/?state=listed")
    assert len(answer.context["rows"]) == count


def test_an_empty_pool_says_how_to_begin(office: Client, edition: Edition) -> None:
    assert "专家库还是空的" in office.get("/review/pool/").content.decode()
    assert "专家库还是空的" in office.get("/review/").content.decode()


def test_a_workbook_is_shown_as_read_and_then_taken_in(office: Client, edition: Edition) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEAD, line(1), line(2, classes="炼金术"))):
            sheet.write_row(number, 0, row.split("\t"))
    upload = SimpleUploadedFile("专家.xlsx", out.getvalue())
    answer = office.post("/review/pool/bring/", {"file": upload})
    assert "行业类别不在本届名录内" in answer.content.decode()
    assert PoolEntry.objects.count() == 0
    mended = answer.context["text"].replace("炼金术", "03")
    assert office.post("/review/pool/bring/", {"people": mended}).context["read"].ready
    assert office.post("/review/pool/keep/", {"people": mended})["Location"] == "/review/pool/"
    assert PoolEntry.objects.count() == 2


def test_a_file_that_is_no_table_is_refused_and_what_was_pasted_stays(office: Client, edition: Edition) -> None:
    upload = SimpleUploadedFile("x.xlsx", b"\x00\x01\x02")
    answer = office.post("/review/pool/bring/", {"file": upload, "people": "甲"})
    assert "x.xlsx" in answer.content.decode()
    assert answer.context["text"] == "甲"
    assert office.post("/review/pool/keep/", {"people": "甲"}).status_code == 200


def test_a_profile_that_is_refused_keeps_what_was_typed(office: Client, entry: PoolEntry) -> None:
    answer = office.post(f"/review/pool/{entry.pk}/", {"name": "林新名", "classes": ["01"], "capacity": "x"})
    assert answer.context["profile"].name == "林新名"
    assert profile_of(PoolEntry.objects.get().expert).name == "林一甲"


def test_the_link_of_an_invitation_is_shown_once(office: Client, entry: PoolEntry) -> None:
    assert "/invitation/" in office.post(f"/review/pool/{entry.pk}/invite/").content.decode()
    assert "/invitation/" not in office.get(f"/review/pool/{entry.pk}/").content.decode()


def test_removing_without_a_reason_is_refused_on_the_page(office: Client, entry: PoolEntry) -> None:
    office.post(f"/review/pool/{entry.pk}/remove/", {"reason": ""})
    assert PoolEntry.objects.get().state == "listed"
    office.post(f"/review/pool/{entry.pk}/remove/", {"reason": "退休"})
    assert PoolEntry.objects.get().state == "removed"


def test_an_expert_agrees_and_keeps_the_own_profile(client: Client, entry: PoolEntry, expert_user: User) -> None:
    client.force_login(expert_user)
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/review/mine/"
    client.post("/review/mine/agree/")
    sent = {"name": "林一甲", "mobile": "13800000000", "classes": ["0301"], "capacity": "12", "region": "上海"}
    assert client.post("/review/mine/profile/", sent)["Location"] == "/review/mine/"
    again = PoolEntry.objects.select_related("expert").get()
    assert (again.state, again.capacity, again.expert.classes) == ("consented", 12, ["0301"])
    assert client.post("/review/mine/profile/", {**sent, "name": ""}).status_code == 200
    client.post("/review/mine/decline/", {"reason": "没有时间"})
    assert PoolEntry.objects.get().state == "declined"


def test_an_expert_without_a_pool_of_this_edition_is_kept_out(
    client: Client, entry: PoolEntry, expert_user: User
) -> None:
    expert_user.memberships.update(scope="")
    client.force_login(expert_user)
    assert client.get("/review/mine/").status_code == 403
