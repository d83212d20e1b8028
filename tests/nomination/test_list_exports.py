"""Dossiers, packets and the ledger as files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts
from jiangbang.nomination.exports import ListExport, list_response
from jiangbang.papers.tables import Column
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
LISTS = ("dossiers", "packets", "units")


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition, reading: MakeReading) -> Client:
    for numbers, unit in (((1, 2), "330108"), ((3,), "330102")):
        people = [person(number, mobile=None if number == 2 else f"1990000000{number}") for number in numbers]
        acts.receive_packet(
            reading(people, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
        )
    client.force_login(cast.organiser)
    return client


def body(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def as_rows(client: Client, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(client, path).decode("utf-8-sig"), newline="")))


def test_packets_are_taken_away_as_filtered(office: Client) -> None:
    rows = as_rows(office, "/packets.csv?unit=330108")
    assert (rows[0][0], len(rows), rows[1][0]) == ("编号", 2, "2023-330108-001")
    assert rows[1][5:8] == ["1", "1", "待补正"]
    assert len(as_rows(office, "/packets.csv?verdict=clean")) == 2
    assert len(as_rows(office, "/packets.csv?unit=%00nowhere")) == 1


def test_the_ledger_says_how_far_every_unit_is(office: Client) -> None:
    rows = {row[0]: row for row in as_rows(office, "/units.csv")}
    assert len(rows) == 30
    assert rows["330108"][3:7] == ["待补正", "1", "1", "1"]
    assert rows["330102"][3:7] == ["未达名额下限", "1", "0", "1"]
    assert rows["I01"][3:7] == ["未开始", "0", "0", "0"]


@pytest.mark.parametrize("name", LISTS)
def test_a_workbook_holds_what_the_csv_holds(office: Client, tmp_path: Path, name: str) -> None:
    (tmp_path / "list.xlsx").write_bytes(body(office, f"/{name}.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    lines = as_rows(office, f"/{name}.csv")
    assert (sheet.max_row, [cell.value for cell in sheet[1]]) == (len(lines), lines[0])
    assert [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)] == [line[0] for line in lines[1:]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_each_list_that_leaves_is_registered_first(office: Client, edition: Edition, name: str, kind: str) -> None:
    answer = office.get(f"/{name}.{kind}")
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.facts) == (
        "file.downloaded",
        f"edition:{edition.key}",
        {"file": f"{name}.{kind}"},
    )
    assert answer["Content-Disposition"].endswith(f".{kind}")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    answer.close()


@pytest.mark.parametrize("name", LISTS)
def test_there_is_no_other_kind_of_file(office: Client, name: str) -> None:
    assert office.get(f"/{name}.pdf").status_code == 404


def test_only_the_office_takes_lists_away(client: Client, office: Client, cast: Cast) -> None:
    client.force_login(cast.discipline)
    assert [client.get(f"/{name}.csv").status_code for name in LISTS] == [403] * 3
    client.force_login(cast.stranger)
    assert [client.get(f"/{name}.csv").status_code for name in LISTS] == [404] * 3


def test_what_is_refused_leaves_no_row(edition: Edition, cast: Cast) -> None:
    read: list[int] = []
    column: Column[int] = Column("n", lambda row: row)
    listed = ListExport("units", "units", [column], (read.append(one) or one for one in (1,)))  # type: ignore[func-returns-value]
    with pytest.raises(Refused) as refusal:
        list_response(listed, "csv", edition=edition, by=cast.system)
    assert (refusal.value.code, read) == ("permission", [])


def test_identity_numbers_leave_masked_unless_it_is_said_in_the_register(edition: Edition, cast: Cast) -> None:
    column: Column[str] = Column("身份证号", lambda row: row, 20, sensitive="identity")
    found = []
    for unmasked in (False, True):
        listed = ListExport("units", "units", [column], ["330106198506150017"])
        answer = list_response(listed, "csv", edition=edition, by=cast.organiser, unmasked=unmasked)
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        found.append(("330106198506150017" in text, Entry.objects.latest("index").facts["file"]))
    assert found == [(False, "units.csv"), (True, "units.unmasked.csv")]


@pytest.mark.parametrize(("name", "queries"), [("dossiers", 10), ("packets", 10), ("units", 11)])
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(
    office: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
) -> None:
    with django_assert_num_queries(queries):
        body(office, f"/{name}.csv?unit=330102")
    with django_assert_num_queries(queries):
        body(office, f"/{name}.csv")
