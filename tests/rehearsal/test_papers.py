"""The papers of synthetic people: real files, read back as they were written, spoilt as intended."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from random import Random

import pytest

from jiangbang.commands.speaking import bundled_edition
from jiangbang.papers.nomination_form import read_form, write_form
from jiangbang.papers.roster import read_roster
from jiangbang.papers.roster_writer import RosterKind
from jiangbang.rehearsal.archives import Packed, zip_archive
from jiangbang.rehearsal.faults import SPOILERS, Slip, mended, spoil
from jiangbang.rehearsal.papers import PacketPapers, packet_archive, spoilt_file
from jiangbang.rehearsal.people import SyntheticPerson, make_people

EDITION = bundled_edition()
UNIT = "滨江区总工会"


@pytest.fixture(scope="module")
def people() -> list[SyntheticPerson]:
    return make_people(
        24, seed=9, form=EDITION.form, classes=EDITION.industry_classes, signed=date(2023, 3, 1), year=2023
    )


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {
            (info.filename if info.flag_bits & 0x800 else info.filename.encode("cp437").decode("gb18030")): (
                b"" if info.flag_bits & 1 else opened.read(info)
            )
            for info in opened.infolist()
        }


def test_every_form_of_a_packet_is_read_back_exactly(people: list[SyntheticPerson]) -> None:
    archive = packet_archive([Slip.right(person) for person in people], EDITION.form, PacketPapers(UNIT, "滨江"))
    forms = [data for name, data in members(archive).items() if "推荐表" in name]
    readings = [read_form(data, EDITION.form, source="x") for data in forms]
    assert [reading.record for reading in readings] == [person.record for person in people]
    assert [reading.photo and reading.photo.data for reading in readings] == [person.photo for person in people]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_roster_of_a_packet_agrees_with_its_forms(people: list[SyntheticPerson], kind: RosterKind) -> None:
    slips = [Slip.right(person) for person in people]
    archive = members(packet_archive(slips, EDITION.form, PacketPapers(UNIT, "滨江", roster=kind)))
    reading = read_roster(archive[f"滨江/附件3推荐信息汇总表.{kind}"], EDITION.form, source="x")
    keys = [spec.key for spec in EDITION.form.roster_fields]
    assert reading.unit == UNIT
    assert [[row.record[key] for key in keys] for row in reading.rows] == [
        [person.record[key] for key in keys] for person in people
    ]


def test_the_same_slips_give_the_same_bytes(people: list[SyntheticPerson]) -> None:
    slips = [Slip.right(person) for person in people[:4]]
    papers = PacketPapers(UNIT, "滨江", names="gb18030", litter=True)
    assert packet_archive(slips, EDITION.form, papers) == packet_archive(slips, EDITION.form, papers)


@pytest.mark.parametrize("names", ["utf-8", "gb18030"])
def test_archives_name_their_members_in_either_way(names: str) -> None:
    packed = [Packed("附件2推荐表（许𬱖）.docx", b"one"), Packed("b/䶮.txt", b"two" * 1000)]
    archive = zip_archive(packed, names=names)  # type: ignore[arg-type]
    assert members(archive) == {member.name: member.data for member in packed}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert {bool(info.flag_bits & 0x800) for info in opened.infolist()} == {names == "utf-8"}


def test_a_locked_member_bears_the_flag_of_a_password() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_archive([Packed("a", b"x", locked=True)]))) as opened:
        assert opened.infolist()[0].flag_bits & 1 == 1


@pytest.mark.parametrize("code", SPOILERS)
def test_a_spoilt_slip_can_be_mended(people: list[SyntheticPerson], code: str) -> None:
    slips = spoil(people[0], code, Random(1))
    assert slips != [Slip.right(people[0])]
    assert mended(slips) == [Slip.right(people[0])]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("cut", "packet.member_unreadable"), ("macro", "packet.macro"), ("other_paper", "form.layout_unknown")],
)
def test_a_spoilt_file_is_found_out_by_the_reader(people: list[SyntheticPerson], kind: str, code: str) -> None:
    data = write_form(people[0].record, EDITION.form, photo=people[0].photo)
    reading = read_form(spoilt_file(data, kind), EDITION.form, source="x")  # type: ignore[arg-type]
    assert [finding.code for finding in reading.findings] == [code]
