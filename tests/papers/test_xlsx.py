"""Workbooks that were built to break readers: a typed refusal or an honest reading, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.roster_cases import form_spec, workbook

from jiangbang.papers.roster import read_roster
from jiangbang.papers.xlsx import read_sheets

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
