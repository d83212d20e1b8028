"""Workbooks that were built to break readers: a typed refusal or an honest reading, never a crash."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from papers.roster_cases import PEOPLE, assert_reads, form_spec, read, roster_cells, sheet, workbook

from jiangbang.papers.roster import read_roster
from jiangbang.papers.xlsx import checked, read_sheets

HOSTILE = sorted(Path(__file__).resolve().parents[2].parent.joinpath("shared", "data", "hostile", "poi_xlsx").glob("*"))


@pytest.mark.skipif(not HOSTILE, reason="no ../shared/data/hostile beside the project")
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_workbook_is_no_roster_and_no_crash(path: Path) -> None:
    reading = read_roster(path.read_bytes(), form_spec(), source=path.name)
    codes = {finding.code for finding in reading.findings}
    assert codes
    assert codes <= {"packet.member_unreadable", "packet.encrypted", "packet.macro", "packet.too_large"}
    assert reading.rows == ()


def test_cells_stand_at_their_places_from_a1() -> None:
    (sheet,) = read_sheets(workbook([[], ["", "甲"], ["", "", 11]]))
    assert sheet.rows == [["", "", ""], ["", "甲", ""], ["", "", 11.0]]


def test_hidden_sheets_and_merges_are_told() -> None:
    sheets = read_sheets(workbook({"甲": [[None]], "乙": [["x"]]}, merges=[(1, 0, 2, 1, "m")], hidden=["乙"]))
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("甲", False), ("乙", True)]
    assert list(sheets[0].merges) == [((1, 0), (2, 1))]


def _repack(data: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = change(part.filename, old.read(part))
            if content is not None:
                new.writestr(part.filename, content)
        for name, content in added.items():
            new.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_strict_ooxml_is_read() -> None:
    strict = _repack(
        workbook(sheet(*roster_cells(PEOPLE))),
        lambda _, part: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    assert_reads(strict, numbers=[4, 5, 6])


def test_calamine_gets_the_checked_parts_alone_and_stored() -> None:
    data = _repack(workbook(sheet(*roster_cells(PEOPLE))), lambda _, part: part, **{"xl__media__image1.png": b"x" * 99})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(checked(data))) as new:
        parts = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        assert [(part.filename, part.compress_type) for part in new.infolist()] == [(name, 0) for name in parts]
        assert [new.read(name) for name in parts] == [old.read(name) for name in parts]
    assert len(parts) == len(set(parts)) == len(zipfile.ZipFile(io.BytesIO(data)).namelist()) - 1


def _in_shared_strings(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, part: change(part) if name == "xl/sharedStrings.xml" else part


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda _: b"", "packet.member_unreadable"),
        (lambda _: b"no workbook", "packet.member_unreadable"),
        (lambda data: data[: len(data) // 2], "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda part: part[: len(part) // 2])), "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda _: b"")), "packet.member_unreadable"),
        (lambda data: _repack(data, lambda name, part: None if "sharedStrings" in name else part), "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda part: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + part)), "packet.member_unreadable"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__vbaProject.bin": b"x"}), "packet.macro"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "packet.encrypted"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "_VBA_PROJECT_CUR".encode("utf-16-le"), "packet.macro"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__big.xml": bytes(140_000_000)}), "packet.too_large"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__big.xml": bytes(40_000_000)}), "packet.too_large"),
    ],
)  # fmt: skip
def test_broken_and_hostile_workbooks_are_one_finding(broken: Callable[[bytes], bytes], code: str) -> None:
    reading = read(broken(workbook(sheet(*roster_cells(PEOPLE)))))
    assert ([finding.code for finding in reading.findings], reading.rows) == ([code], ())
    assert reading.findings[0].message()
    assert reading.findings[0].message("en")


def test_value_in_the_last_cell_of_the_sheet_is_refused_by_name() -> None:
    far = _repack(
        workbook(sheet(*roster_cells(PEOPLE))),
        lambda _, part: part.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )
    (finding,) = read(far).findings
    assert finding.code == "packet.too_large"
    assert "XFD1048576" in finding.message()


def test_workbook_without_a_roster_header_is_said() -> None:
    (finding,) = read(workbook([["姓名", "电话"], ["张三", "13900000000"]])).findings
    assert (finding.code, finding.where) == ("packet.member_unreadable", "附件3.xlsx")
    assert "表头" in finding.message()
