"""The packet that the web writes: read again it says the same, and the same people give the same bytes."""

from __future__ import annotations

import hashlib
import tomllib
import zipfile
from pathlib import Path

import pytest
from nomination.packet_files import portrait
from nomination.readings import person

from jiangbang.kernel.edition import EditionSpec, UnitSpec, load_edition
from jiangbang.kernel.form import FormSpec, Record
from jiangbang.nomination.intake import judge_reading, read_packet
from jiangbang.recommendation.packing import Nominee, fit_name, form_names, packet_file_name, write_forms, write_packet

PROGRAMME = Path(__file__).resolve().parents[2] / "programmes/hangzhou-digital-craftsman"


@pytest.fixture(scope="module")
def spec() -> EditionSpec:
    form = FormSpec.from_document(tomllib.loads((PROGRAMME / "form.toml").read_text("utf-8")))
    edition = tomllib.loads((PROGRAMME / "2023.toml").read_text("utf-8"))
    return load_edition(edition, form, tomllib.loads((PROGRAMME / "classes.toml").read_text("utf-8")))


@pytest.fixture(scope="module")
def unit(spec: EditionSpec) -> UnitSpec:
    return spec.unit("330108")


def nominee(number: int, **changes: object) -> Nominee:
    photo = portrait(number)
    described = {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": hashlib.sha256(photo).hexdigest()}
    return Nominee(person(number, photo=described, **changes), photo)


OPINIONS = {
    "employer": {"text": "同意推荐。", "sealed": True, "date": "2023-03-18"},
    "unit": {"text": "同意推荐，材料属实。", "sealed": True, "date": "2023-03-20"},
    "leading_group": {"text": None, "sealed": False, "date": None},
}


def test_what_is_written_reads_the_same(tmp_path: Path, spec: EditionSpec, unit: UnitSpec) -> None:
    people = [nominee(1, opinions=OPINIONS), nominee(2), nominee(3, remarks="无", specialty="工业软件")]
    path = tmp_path / packet_file_name(spec, unit)
    write_packet(path, people, spec, unit)
    reading = read_packet(path, spec.form, name=path.name)
    judgement = judge_reading(reading, spec, unit)
    found = {str(one.record["name"]): one.record for one in judgement.dossiers}
    expected: dict[str, Record] = {one.name: one.record for one in people}
    assert found == expected
    assert [finding.code for finding in judgement.findings if finding.severity != "note"] == []
    assert judgement.verdict == "clean"
    assert [row.record["name"] for row in judgement.roster_rows] == [one.name for one in people]


def test_the_same_people_give_the_same_bytes(tmp_path: Path, spec: EditionSpec, unit: UnitSpec) -> None:
    people = [nominee(1), nominee(2)]
    for name in ("a.zip", "b.zip"):
        write_packet(tmp_path / name, people, spec, unit)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_files_are_named_by_the_edition(spec: EditionSpec, unit: UnitSpec) -> None:
    assert packet_file_name(spec, unit) == "滨江+数字工匠推荐.zip"
    assert form_names([Nominee({"name": "李艳"}), Nominee({"name": "赵/..一"})]) == [
        "附件2推荐表（李艳）.docx",
        "附件2推荐表（赵_..一）.docx",
    ]


def test_people_of_one_name_have_files_of_their_own() -> None:
    people = [Nominee({"name": "李艳"}), Nominee({"name": "王伟"}), Nominee({"name": "李艳"})]
    assert form_names(people) == ["附件2推荐表（李艳1）.docx", "附件2推荐表（王伟）.docx", "附件2推荐表（李艳2）.docx"]


@pytest.mark.parametrize(("text", "fit"), [("", "_"), (" . ", "_"), ("a\0b", "a_b"), ("字" * 300, "字" * 100)])
def test_no_text_is_an_unfit_name(text: str, fit: str) -> None:
    assert fit_name(text) == fit


def test_a_photo_that_cannot_be_placed_is_missed_when_read(tmp_path: Path, spec: EditionSpec, unit: UnitSpec) -> None:
    path = tmp_path / packet_file_name(spec, unit)
    write_packet(path, [Nominee(person(1), b"no picture")], spec, unit)
    judgement = judge_reading(read_packet(path, spec.form, name=path.name), spec, unit)
    assert [one.code for one in judgement.dossiers[0].findings if one.severity == "block"] == ["photo.missing"]


def test_forms_alone_are_for_sealing(tmp_path: Path, spec: EditionSpec) -> None:
    write_forms(tmp_path / "forms.zip", [nominee(1), nominee(2)], spec.form)
    with zipfile.ZipFile(tmp_path / "forms.zip") as archive:
        assert archive.namelist() == form_names([nominee(1), nominee(2)])
