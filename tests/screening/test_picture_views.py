"""The page of pictures, and pictures as files."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, screeners: Screeners) -> Client:
    client.force_login(screeners.organiser)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_for_three(
    office: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
    office.get("/screening/pictures/")
    with django_assert_num_queries(14):
        answer = office.get("/screening/pictures/")
    assert len(answer.context["pictures"]) == 7


def test_every_picture_has_its_table_and_small_cells_are_not_told(office: Client, dossier: Dossier) -> None:
    page = office.get("/screening/pictures/").content.decode()
    assert page.count("<caption") >= 7
    assert "&lt;3" in page
    assert "以免据此认出个人" in page


def test_an_empty_house_says_what_must_come_first(office: Client, edition: Edition) -> None:
    assert "还没有可统计的内容" in office.get("/screening/pictures/").content.decode()


@pytest.mark.parametrize(
    ("kind", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("csv", "\ufeff年龄".encode()), ("xlsx", b"PK")]
)
def test_a_picture_leaves_the_house_and_the_register_knows(
    office: Client, dossier: Dossier, kind: str, begins: bytes
) -> None:
    answer = office.get(f"/screening/pictures/age.{kind}")
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    assert body.startswith(begins)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.facts) == ("file.downloaded", {"file": f"picture.{kind}"})


def test_the_table_of_a_guarded_picture_has_no_sum(office: Client, dossier: Dossier) -> None:
    guarded = b"".join(office.get("/screening/pictures/age.csv")).decode()  # type: ignore[arg-type]
    assert ("<3" in guarded, "合计" in guarded) == (True, False)
    assert "合计" in b"".join(office.get("/screening/pictures/unit.csv")).decode()  # type: ignore[arg-type]


@pytest.mark.parametrize("rest", ["wages.csv", "age.exe", "age.html"])
def test_there_is_no_other_file(office: Client, dossier: Dossier, rest: str) -> None:
    assert office.get(f"/screening/pictures/{rest}").status_code == 404


def test_a_screener_looks_and_takes_nothing_away(client: Client, dossier: Dossier, screeners: Screeners) -> None:
    client.force_login(screeners.li)
    assert "age.png" not in client.get("/screening/pictures/").content.decode()
    assert client.get("/screening/pictures/age.png").status_code == 403
