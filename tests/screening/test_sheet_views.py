"""Finding sheets as downloads."""

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


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-1.7"), ("docx", b"PK\x03\x04")])
def test_a_sheet_leaves_the_house_and_the_register_knows(
    office: Client, dossier: Dossier, kind: str, begins: bytes
) -> None:
    answer = office.get(f"/screening/{dossier.pk}/sheet.{kind}")
    assert answer.content.startswith(begins)
    assert answer["Cache-Control"] == "private, no-store"
    entry = Entry.objects.filter(type="file.downloaded").latest("index")
    assert (entry.subject, entry.facts) == (dossier.subject, {"file": f"sheet.{kind}"})


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_units_sheets_leave_the_house_and_the_register_knows(office: Client, dossier: Dossier, kind: str) -> None:
    answer = office.get(f"/screening/units/{dossier.unit_code}/sheets.{kind}")
    assert (answer.status_code, "attachment" in answer["Content-Disposition"]) == (200, True)
    entry = Entry.objects.filter(type="file.downloaded").latest("index")
    assert (entry.subject, entry.facts) == (f"unit:{dossier.unit_code}", {"file": f"sheets.{kind}"})


@pytest.mark.parametrize("rest", ["sheet.exe", "sheet.html"])
def test_there_is_no_other_kind(office: Client, dossier: Dossier, rest: str) -> None:
    assert office.get(f"/screening/{dossier.pk}/{rest}").status_code == 404
    assert office.get(f"/screening/units/{dossier.unit_code}/sheets.exe").status_code == 404
    assert office.get("/screening/units/999999/sheets.pdf").status_code == 404


def test_who_may_not_take_papers_away_sees_no_link(client: Client, dossier: Dossier, screeners: Screeners) -> None:
    client.force_login(screeners.li)
    assert "sheet.pdf" not in client.get(f"/screening/{dossier.pk}/").content.decode()
    assert "sheets.pdf" not in client.get("/screening/sheets/").content.decode()
    assert client.get(f"/screening/{dossier.pk}/sheet.pdf").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_units_takes_the_same_queries_for_one_and_for_three(
    office: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
    office.get("/screening/sheets/")
    with django_assert_num_queries(6):
        answer = office.get("/screening/sheets/")
    assert [row["total"] for row in answer.context["rows"]] == [count]


def test_an_empty_list_says_what_must_come_first(office: Client, edition: Edition) -> None:
    assert "还没有人选进入初审" in office.get("/screening/sheets/").content.decode()
