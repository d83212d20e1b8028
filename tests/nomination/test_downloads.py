"""Papers that leave the house: official layouts, originals, lists; each registered first."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from urllib.parse import unquote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from nomination.readings import PHOTO, Cast, MakeReading, person
from PIL import Image

from jiangbang.nomination import acts, evidence
from jiangbang.nomination.downloads import FORMULA_STARTS, plain_cell
from jiangbang.nomination.models import Dossier, Packet, Revision
from jiangbang.papers.roster import read_roster
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.fixture
def packet(edition: Edition, cast: Cast, reading: MakeReading) -> Packet:
    people = [person(1), person(2, employer_and_position="=cmd|calc")]
    return acts.receive_packet(reading(people), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)[0]


def last_entry() -> tuple[str, str]:
    entry = Entry.objects.order_by("-index")[0]
    return entry.type, entry.facts["file"]


def test_a_packets_roster_is_written_in_the_official_layout(office: Client, packet: Packet) -> None:
    answer = office.get(f"/packets/{packet.pk}/roster.xlsx")
    assert "滨江+汇总表+2023-330108-001.xlsx" in unquote(answer["Content-Disposition"])
    roster = read_roster(answer.content, packet.edition.spec.form, source="x.xlsx")
    assert [row.record["id_number"] for row in roster.rows] == [person(1)["id_number"], person(2)["id_number"]]
    assert last_entry() == ("file.downloaded", "roster.xlsx")


def test_a_units_roster_holds_its_accepted_people(office: Client, packet: Packet) -> None:
    answer = office.get("/units/330108/roster.xlsx")
    roster = read_roster(answer.content, packet.edition.spec.form, source="x.xlsx")
    assert len(roster.rows) == 2
    assert Entry.objects.order_by("-index")[0].subject == "unit:330108"
    assert office.get("/units/nowhere/roster.xlsx").status_code == 404


def test_the_word_roster_is_a_word_file(office: Client, packet: Packet) -> None:
    body = office.get(f"/packets/{packet.pk}/roster.docx").content
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(body)).namelist()
    assert office.get(f"/packets/{packet.pk}/roster.pdf").status_code == 404


def test_the_original_comes_back_byte_for_byte(office: Client, packet: Packet) -> None:
    data = b"PK\x03\x04 the packet" * 1000
    sha256 = evidence.keep_bytes(data)
    Packet.objects.filter(pk=packet.pk).update(sha256=sha256, size=len(data))
    answer = office.get(f"/packets/{packet.pk}/original/")
    assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert last_entry() == ("file.downloaded", "original")


def test_the_photo_is_shown_and_nothing_else_can_be_had_as_one(office: Client, packet: Packet) -> None:
    evidence.keep_bytes(b"photo")
    answer = office.get(f"/dossiers/{Dossier.objects.all()[0].pk}/photo/")
    assert hashlib.sha256(answer.content).hexdigest() == PHOTO["sha256"]
    assert (answer["Content-Type"], answer["Content-Security-Policy"]) == ("image/jpeg", "default-src 'none'; sandbox")


def test_the_form_is_written_again_in_the_official_layout(office: Client, packet: Packet) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (35, 49)).save(picture, "PNG")
    dossier = Dossier.objects.all()[0]
    Revision.objects.filter(pk=dossier.revision_id).update(photo_sha256=evidence.keep_bytes(picture.getvalue()))
    answer = office.get(f"/dossiers/{dossier.pk}/form.docx")
    assert dossier.name in unquote(answer["Content-Disposition"])
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert last_entry() == ("file.downloaded", "form.docx")


def test_a_photo_that_cannot_be_placed_is_left_out_and_said(office: Client, packet: Packet) -> None:
    evidence.keep_bytes(b"photo")
    dossier = Dossier.objects.all()[0]
    assert office.get(f"/dossiers/{dossier.pk}/form.docx").status_code == 200
    assert "无法放入的格式" in office.get("/").content.decode()


def test_the_list_as_csv_holds_open_fields_and_no_formula(office: Client, packet: Packet) -> None:
    answer = office.get("/dossiers.csv?sort=name")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][:2] == ["姓名", "工作单位及职务"]
    assert {row[1] for row in rows[1:]} == {str(person(1)["employer_and_position"]), "'=cmd|calc"}
    assert str(person(1)["id_number"]) not in body
    assert last_entry() == ("file.downloaded", "dossiers.csv")


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = plain_cell(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'")
