"""Any list as CSV or Excel: no formula, numbers as numbers, sensitive values masked, memory flat."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.papers.tables import FORMULA_STARTS, Column, csv_lines, plain_cell, write_xlsx

CHINA = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2023, 3, 31, 15, 59, 59, tzinfo=UTC)
COLUMNS: list[Column[dict[str, Any]]] = [
    Column("姓名", lambda row: row["name"]),
    Column("人数", lambda row: row["count"], 8),
    Column("时间", lambda row: row["at"], 18),
    Column("身份证号", lambda row: row["id"], 20, sensitive="identity"),
]
ROWS = [
    {"name": "张𬱖", "count": -5, "at": MOMENT, "id": "330106198506150017"},
    {"name": "=1+1", "count": 10**15, "at": None, "id": ""},
    {"name": "@SUM(A1)", "count": 2.5, "at": MOMENT, "id": None},
]


def as_csv(**more: bool) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(csv_lines(COLUMNS, ROWS, CHINA, **more)), newline="")))


def as_xlsx(tmp_path: Path, **more: bool) -> list[list[Any]]:
    path = tmp_path / "list.xlsx"
    write_xlsx(COLUMNS, ROWS, CHINA, path, title="名单 [2023]: 甲/乙", **more)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["名单  2023   甲 乙"]
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_a_list_as_csv() -> None:
    assert as_csv() == [
        ["\ufeff姓名", "人数", "时间", "身份证号"],
        ["张𬱖", "-5", "2023-03-31 23:59:59", "**************0017"],
        ["'=1+1", "1000000000000000", "", ""],
        ["'@SUM(A1)", "2.5", "2023-03-31 23:59:59", ""],
    ]


def test_a_list_as_a_workbook(tmp_path: Path) -> None:
    assert as_xlsx(tmp_path) == [
        ["姓名", "人数", "时间", "身份证号"],
        ["张𬱖", -5, datetime(2023, 3, 31, 23, 59, 59), "**************0017"],
        ["=1+1", "1000000000000000", None, None],
        ["@SUM(A1)", 2.5, datetime(2023, 3, 31, 23, 59, 59), None],
    ]
    with zipfile.ZipFile(tmp_path / "list.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_sensitive_column_is_whole_only_when_that_is_asked(tmp_path: Path) -> None:
    assert as_csv(unmasked=True)[1][3] == "330106198506150017"
    assert as_xlsx(tmp_path, unmasked=True)[1][3] == "330106198506150017"


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = plain_cell(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_what_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path, start: str) -> None:
    path = tmp_path / "list.xlsx"
    columns: list[Column[str]] = [Column("=甲", lambda row: row)]
    write_xlsx(columns, [f"{start}cmd|' /C calc'!A0"], CHINA, path, title="")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, sheet.count('t="inlineStr"')) == (False, 2)


def test_rows_are_sent_as_they_are_made() -> None:
    made: list[int] = []

    def rows() -> Any:
        for number in range(3):
            made.append(number)
            yield {"name": str(number), "count": number, "at": None, "id": ""}

    lines = csv_lines(COLUMNS, rows(), CHINA)
    assert (next(lines).startswith("\ufeff"), made) == (True, [])
    next(lines)
    assert made == [0]
