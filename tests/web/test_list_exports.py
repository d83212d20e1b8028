"""The register, the people and the messages as files."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
LISTS = ("register", "people", "outbox")


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def as_rows(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", LISTS)
def test_each_list_that_leaves_is_registered_first(office: Client, name: str) -> None:
    assert len(as_rows(office, f"/{name}.csv")) >= 1
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.facts) == ("file.downloaded", {"file": f"{name}.csv"})
    assert office.get(f"/{name}.pdf").status_code == 404


def test_the_register_leaves_in_words_as_filtered(office: Client) -> None:
    rows = as_rows(office, "/register.csv?type=account.created")
    assert rows[0][:3] == ["序号", "时间", "事项"]
    assert {row[2] for row in rows[1:]} == {"开设账号"}
    assert len(rows) - 1 == Entry.objects.filter(type="account.created").count()
    # the download is an entry of its own list
    assert len(as_rows(office, "/register.csv")) - 1 == Entry.objects.count()


def test_people_leave_with_their_roles_as_filtered(office: Client, edition: Edition) -> None:
    create_account("guan", role=Role.DISCIPLINE, password=None, display_name="=关", edition=edition.key)
    rows = as_rows(office, "/people.csv?q=guan")
    assert [row[:2] for row in rows[1:]] == [["'=关", "guan"]]
    assert len(as_rows(office, "/people.csv?role=discipline")) == 3


def test_who_may_not_read_the_page_takes_no_list_away(client: Client, cast: Cast, edition: Edition) -> None:
    client.force_login(cast.stranger)
    assert [client.get(f"/{name}.csv").status_code for name in LISTS] == [404] * 3
    expert = create_account("expert", role=Role.EXPERT, password=None, edition=edition.key)
    client.force_login(expert)
    assert [client.get(f"/{name}.csv").status_code for name in LISTS] == [403] * 3


def test_people_take_the_same_queries_for_one_row_and_for_three(
    office: Client, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        create_account(f"guan{number}", role=Role.DISCIPLINE, password=None, edition=edition.key)
    for query in ("guan0", "guan"):
        with django_assert_num_queries(11):
            as_rows(office, f"/people.csv?q={query}")
