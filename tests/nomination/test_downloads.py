"""Papers that leave the house: official layouts, originals, lists; each registered first."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from pathlib import Path
from unittest import mock
from urllib.parse import unquote

import pytest
from django.test import Client
from nomination.packet_files import make_packet
from nomination.readings import PHOTO, Cast, MakeReading, person
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, evidence, intake
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier, Packet, Revision, StoredFile
from jiangbang.papers.nomination_form import read_form
from jiangbang.papers.roster import read_roster
from jiangbang.papers.tables import FORMULA_STARTS
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
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


@pytest.fixture
def real(edition: Edition, cast: Cast, tmp_path: Path) -> tuple[Packet, bytes]:
    """A packet of real files, with its bytes; one more of the same unit came first."""
    for first in (20, 1):
        path, _ = make_packet(tmp_path, edition.spec.form, 3, first=first)
        reading = intake.read_packet(path, edition.spec.form, name=path.name, keep=True)
        evidence.keep_file(path, reading.sha256)
        unit = edition.spec.unit("330108")
        packet, _ = acts.receive_packet(reading, edition=edition, unit=unit, by=cast.organiser)
    return packet, path.read_bytes()


def rows_of(answer: object, edition: Edition, kind: str) -> list[tuple[object, ...]]:
    """What the roster says of each person: every column but the joint one."""
    roster = read_roster(answer.content, edition.spec.form, source=f"x.{kind}")  # type: ignore[attr-defined]
    assert roster.findings == ()
    assert roster.unit == "滨江区总工会"
    return [tuple(row.record[key] for key in COLUMNS) for row in roster.rows]


COLUMNS = (
    "name", "gender", "id_number", "industry_class", "years_in_industry", "employer_and_position",
    "achievements", "honours", "deeds", "specialty", "remarks",
)  # fmt: skip


def kept(packets: list[Packet]) -> list[tuple[object, ...]]:
    revisions = [one for packet in packets for one in packet.revisions.order_by("roster_row")]
    return [tuple(full_record(one)[key] for key in COLUMNS) for one in revisions]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_rosters_read_back_as_the_records(office: Client, real: tuple[Packet, bytes], kind: str) -> None:
    packet, _ = real
    of_packet = rows_of(office.get(f"/packets/{packet.pk}/roster.{kind}"), packet.edition, kind)
    assert sorted(of_packet, key=repr) == sorted(kept([packet]), key=repr)
    of_unit = rows_of(office.get(f"/units/330108/roster.{kind}"), packet.edition, kind)
    assert of_unit == kept(list(Packet.objects.order_by("sequence")))


def test_the_units_roster_leaves_out_who_waits(
    office: Client, packet: Packet, cast: Cast, reading: MakeReading
) -> None:
    edition = packet.edition
    waiting = reading([person(5), person(6, mobile=None)], salt="more")
    acts.receive_packet(waiting, edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    rows = rows_of(office.get("/units/330108/roster.xlsx"), edition, "xlsx")
    assert [row[0] for row in rows] == [person(n)["name"] for n in (1, 2, 5)]


def test_form_photo_and_original_come_back_as_they_came(office: Client, real: tuple[Packet, bytes]) -> None:
    packet, data = real
    revision = packet.revisions.get(source__contains=str(person(2)["name"]))
    url = f"/dossiers/{revision.dossier.pk}/"
    read = read_form(office.get(f"{url}form.docx").content, packet.edition.spec.form, source="x.docx")
    assert {**read.record, "specialty": None} == {**full_record(revision), "specialty": None}
    photo = office.get(f"{url}photo/").content
    assert hashlib.sha256(photo).hexdigest() == revision.photo_sha256
    assert read.photo is not None
    assert read.photo.data == photo
    original = office.get(f"/packets/{packet.pk}/original/")
    assert b"".join(original.streaming_content) == data  # type: ignore[attr-defined]
    assert original["Content-Length"] == str(len(data))
    assert original["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E6%BB%A8%E6%B1%9F%2B%E6%95%B0%E5%AD%97%E5%B7%A5%E5%8C%A0%E6%8E%A8%E8%8D%90.zip"
    )


def papers(packet: Packet) -> list[str]:
    dossier = packet.revisions.first().dossier  # type: ignore[union-attr]
    names = [f"/packets/{packet.pk}/{one}" for one in ("roster.xlsx", "roster.docx", "original/")]
    return [*names, "/units/330108/roster.xlsx", f"/dossiers/{dossier.pk}/form.docx", "/dossiers.csv"]


def test_every_paper_is_registered_named_and_kept_by_no_cache(
    office: Client, cast: Cast, real: tuple[Packet, bytes]
) -> None:
    packet, _ = real
    for path in papers(packet):
        before = Entry.objects.filter(type="file.downloaded").count()
        answer = office.get(path)
        # registered before the first byte is sent, and once
        assert Entry.objects.filter(type="file.downloaded").count() == before + 1
        assert Entry.objects.latest("index").actor == f"user:{cast.organiser.pk}"
        assert "no-store" in answer["Cache-Control"]
        assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+", answer["Content-Disposition"])
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_cannot_be_registered_does_not_leave_the_house(office: Client, real: tuple[Packet, bytes]) -> None:
    packet, _ = real
    office.raise_request_exception = False
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")):
        assert {path: office.get(path).status_code for path in papers(packet)} == dict.fromkeys(papers(packet), 500)


def test_the_discipline_office_takes_no_paper_away(client: Client, cast: Cast, real: tuple[Packet, bytes]) -> None:
    packet, _ = real
    client.force_login(cast.discipline)
    assert {path: client.get(path).status_code for path in papers(packet)} == dict.fromkeys(papers(packet), 403)
    assert not Entry.objects.filter(type="file.downloaded").exists()


def test_papers_that_are_not_there_are_not_found(office: Client, packet: Packet) -> None:
    gone = "00000000-0000-4000-8000-000000000000"
    paths = [f"/packets/{packet.pk + 1}/original/", f"/dossiers/{gone}/photo/", f"/dossiers/{gone}/form.docx"]
    paths += ["/units/330108/roster.pdf", f"/packets/{packet.pk}/roster.", "/units/%00/roster.xlsx"]
    assert {path: office.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert not Entry.objects.filter(type="file.downloaded").exists()


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/pdf"])
def test_only_pictures_that_run_nothing_are_shown_as_photos(office: Client, packet: Packet, media_type: str) -> None:
    evidence.keep_bytes(b"photo")
    StoredFile.objects.filter(pk=PHOTO["sha256"]).update(media_type=media_type)
    assert office.get(f"/dossiers/{Dossier.objects.all()[0].pk}/photo/").status_code == 404


def test_a_name_from_a_form_cannot_lead_out_of_the_folder(office: Client, packet: Packet) -> None:
    evidence.keep_bytes(b"photo")
    dossier = Dossier.objects.all()[0]
    Dossier.objects.filter(pk=dossier.pk).update(name='../"a\r\nb;/')
    told = office.get(f"/dossiers/{dossier.pk}/form.docx")["Content-Disposition"]
    assert told == "attachment; filename*=UTF-8''..%2F%22a%0D%0Ab%3B%2F%2B%E6%8E%A8%E8%8D%90%E8%A1%A8.docx"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_of_the_list_is_a_formula(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading, start: str
) -> None:
    evil = f"{start}HYPERLINK(1)"
    record = person(1, name=evil, employer_and_position=evil, industry_class=evil)
    acts.receive_packet(reading([record]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    Dossier.objects.update(name=evil, employer=evil, industry_class=evil)
    body = b"".join(office.get("/dossiers.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    cells = next(row for row in csv.reader(io.StringIO(body, newline="")) if "HYPERLINK" in row[0])
    assert [cells[place] for place in (0, 1, 3)] == [f"'{evil}"] * 3


def test_the_list_as_csv_is_the_list_as_filtered(
    office: Client, packet: Packet, cast: Cast, reading: MakeReading
) -> None:
    edition = packet.edition
    more = reading([person(5, mobile=None)], salt="more")
    acts.receive_packet(more, edition=edition, unit=edition.spec.unit("330102"), by=cast.organiser)

    def names(query: str) -> list[str]:
        body = b"".join(office.get(f"/dossiers.csv{query}").streaming_content)  # type: ignore[attr-defined]
        assert body.startswith(b"\xef\xbb\xbf")
        return [row[0] for row in csv.reader(io.StringIO(body.decode("utf-8-sig")))][1:]

    assert sorted(names("")) == sorted(str(person(n)["name"]) for n in (1, 2, 5))
    assert names("?state=waiting") == [person(5)["name"]]
    assert names("?unit=nowhere") == []


def test_the_csv_takes_the_same_queries_for_one_row_and_for_three(
    office: Client, packet: Packet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for query in ("?q=%3Dcmd", ""):
        with django_assert_num_queries(10):
            b"".join(office.get(f"/dossiers.csv{query}").streaming_content)  # type: ignore[attr-defined]


def test_the_form_comes_out_of_its_packet_as_it_was_sent(office: Client, packet: Packet) -> None:
    dossier = Dossier.objects.all()[0]
    revision = dossier.revision
    assert revision is not None
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(revision.source, b"the form as it was sent")
    data = archive.getvalue()
    Packet.objects.filter(pk=packet.pk).update(sha256=evidence.keep_bytes(data), size=len(data))
    answer = office.get(f"/dossiers/{dossier.pk}/original/")
    assert answer.content == b"the form as it was sent"
    assert unquote(answer["Content-Disposition"]).endswith(revision.source)
    assert last_entry() == ("file.downloaded", "original")


def test_a_form_that_is_not_in_its_packet_is_said(office: Client, packet: Packet) -> None:
    archive = io.BytesIO()
    zipfile.ZipFile(archive, "w").close()
    data = archive.getvalue()
    Packet.objects.filter(pk=packet.pk).update(sha256=evidence.keep_bytes(data), size=len(data))
    answer = office.get(f"/dossiers/{Dossier.objects.all()[0].pk}/original/", follow=True)
    assert "无法从材料包中取出推荐表" in answer.content.decode()
