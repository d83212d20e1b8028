"""`jiangbang form …` and `jiangbang roster …`: paper to record and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands.console import Console, refused
from commands.papers_at_hand import EDITION, form_file, people

from jiangbang.papers.nomination_form import read_form
from jiangbang.papers.roster_writer import write_roster


def kept(folder: Path, document: object, name: str = "record.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_form_is_read_into_its_record(empty: Console, tmp_path: Path) -> None:
    person = people(1)[0]
    outcome = empty("form", "read", form_file(tmp_path, person), "--json")
    assert (outcome.status, outcome.json) == (0, person.record)


def test_read_write_read_gives_the_same_record_and_photo(empty: Console, tmp_path: Path) -> None:
    """The record names its photo by hash only; the bytes come from the drawer of photos read lately."""
    person = people(6)[5]
    first = empty("form", "read", form_file(tmp_path, person), "--json")
    again = tmp_path / "again.docx"
    written = empty("form", "write", kept(tmp_path, first.json), "-o", again)
    assert (written.status, written.out, written.err) == (0, "", "")
    second = empty("form", "read", again, "--json")
    assert (second.status, second.json) == (0, person.record)
    photo = read_form(again.read_bytes(), EDITION.form, source="x").photo
    assert photo is not None
    assert photo.data == person.photo


def test_the_drawer_holds_no_photo_in_clear(empty: Console, tmp_path: Path) -> None:
    person = people(1)[0]
    empty("form", "read", form_file(tmp_path, person))
    assert person.photo is not None
    held = [file.read_bytes() for file in empty.home.rglob("*") if file.is_file()]
    assert held
    assert all(person.photo[:64] not in data for data in held)


def test_a_photo_can_be_given(empty: Console, tmp_path: Path) -> None:
    person = people(1)[0]
    assert person.photo is not None
    (tmp_path / "photo.jpg").write_bytes(person.photo)
    out = tmp_path / "out.docx"
    record = kept(tmp_path, person.record)
    assert empty("form", "write", record, "--photo", tmp_path / "photo.jpg", "-o", out).status == 0
    assert read_form(out.read_bytes(), EDITION.form, source="x").record == person.record


def test_a_photo_that_is_not_at_hand_is_said(empty: Console, tmp_path: Path) -> None:
    outcome = empty("form", "write", kept(tmp_path, people(1)[0].record), "-o", tmp_path / "out.docx")
    assert outcome.status == 0
    assert "--photo" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_form_with_a_fault_gives_1_and_the_finding_on_standard_error(empty: Console, tmp_path: Path) -> None:
    person = people(1)[0].changed(mobile="1991234567")
    outcome = empty("form", "read", form_file(tmp_path, person), "--json")
    assert (outcome.status, outcome.json) == (1, person.record)
    assert "(field.format)" in outcome.err


def test_findings_speak_english_when_asked(empty: Console, tmp_path: Path) -> None:
    person = people(1)[0].with_photo(None)
    outcome = empty("form", "read", form_file(tmp_path, person), JIANGBANG_LANGUAGE="en")
    assert outcome.status == 1
    assert "portrait" in outcome.err


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", b"no paper at all" * 50, bytes(range(256)) * 40])
def test_what_is_no_form_is_one_sentence(empty: Console, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "附件2推荐表.docx"
    path.write_bytes(data)
    assert path.name in refused(empty("form", "read", path, "--json"))


@pytest.mark.parametrize(
    "document",
    [[1, 2], "text", 7, None, {"nonsense": 1}, {"name": 5}, {"achievements": "one"}, {"photo": "x"}, {"opinions": []}],
    ids=str,
)
def test_what_is_no_record_is_one_sentence(empty: Console, tmp_path: Path, document: object) -> None:
    refused(empty("form", "write", kept(tmp_path, document), "-o", tmp_path / "out.docx"))
    assert not (tmp_path / "out.docx").exists()


def test_what_is_no_json_is_one_sentence(empty: Console, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"\xff\xfe{")
    assert "record.json" in refused(empty("form", "write", path, "-o", tmp_path / "out.docx"))


def test_an_absent_value_may_be_left_out_of_a_record(empty: Console, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    assert empty("form", "write", kept(tmp_path, {"name": "许𬱖", "deeds": "一"}), "-o", out).status == 0
    assert read_form(out.read_bytes(), EDITION.form, source="x").record["name"] == "许𬱖"


def test_an_output_that_cannot_be_written_is_one_sentence(empty: Console, tmp_path: Path) -> None:
    record = kept(tmp_path, {"name": "许𬱖"})
    assert "nowhere" in refused(empty("form", "write", record, "-o", tmp_path / "nowhere" / "out.docx"))


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_roster_is_written_and_read_back(empty: Console, tmp_path: Path, kind: str) -> None:
    records = [person.record for person in people(8)]
    out = tmp_path / f"附件3推荐信息汇总表.{kind}"
    written = empty("roster", "write", kept(tmp_path, records), "-o", out, "--unit", "滨江区总工会")
    assert (written.status, written.out, written.err) == (0, "", "")
    outcome = empty("roster", "read", out, "--json")
    keys = [spec.key for spec in EDITION.form.roster_fields]
    assert (outcome.status, outcome.json["unit"]) == (0, "滨江区总工会")
    assert [{key: row[key] for key in keys} for row in outcome.json["rows"]] == [
        {key: record[key] for key in keys} for record in records
    ]


def test_what_roster_read_prints_roster_write_takes(empty: Console, tmp_path: Path) -> None:
    first = tmp_path / "first.xlsx"
    first.write_bytes(
        write_roster([person.record for person in people(3)], EDITION.form, unit="滨江区总工会", kind="xlsx")
    )
    printed = empty("roster", "read", first, "--json").json
    second = tmp_path / "first" / ".." / "second.xlsx"
    (tmp_path / "first").mkdir()
    assert empty("roster", "write", kept(tmp_path, printed), "-o", second).status == 0
    again = empty("roster", "read", second, "--json").json
    assert (again["unit"], again["rows"]) == (printed["unit"], printed["rows"])


def test_a_roster_of_an_unknown_kind_is_one_sentence(empty: Console, tmp_path: Path) -> None:
    assert "xlsx" in refused(empty("roster", "write", kept(tmp_path, []), "-o", tmp_path / "out.pdf"))


@pytest.mark.parametrize("document", [7, "x", {"rows": 3}, [1], [{"nonsense": 1}], {"unit": "x"}], ids=str)
def test_what_are_no_records_is_one_sentence(empty: Console, tmp_path: Path, document: object) -> None:
    refused(empty("roster", "write", kept(tmp_path, document), "-o", tmp_path / "out.xlsx"))


def test_what_is_no_roster_is_one_sentence(empty: Console, tmp_path: Path) -> None:
    path = tmp_path / "附件3推荐信息汇总表.xlsx"
    path.write_bytes(b"no workbook")
    assert path.name in refused(empty("roster", "read", path, "--json"))


def test_papers_need_no_database(empty: Console, tmp_path: Path) -> None:
    empty("form", "read", form_file(tmp_path, people(1)[0]))
    assert not (empty.home / "jiangbang.sqlite3").exists()
