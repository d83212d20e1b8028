"""Any table that somebody brings (xlsx, xls, et, csv) as rows of text. The workbook is opened in a child process."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from jiangbang.papers.sandbox import Child
from jiangbang.papers.xlsx import CellValue, UnreadableWorkbook, read_sheets

if TYPE_CHECKING:
    from jiangbang.papers.child import Job

Rows = list[list[str]]
# A pool of experts or one expert's score sheet has a few hundred lines.
MOST_ROWS: Final = 5_000
MOST_CELLS: Final = 60
LONGEST_CELL: Final = 4_000
MOST_BYTES: Final = 10 * 1024 * 1024


class UnreadableTable(Exception):
    """The file is no table that can be read; the message is the reason in Chinese, `reason_en` in English."""

    def __init__(self, reason: str, reason_en: str) -> None:
        super().__init__(reason)
        self.reason_en = reason_en


def read_table(file: IO[bytes]) -> Rows:
    """The rows of an open file, empty ones left out. Raises UnreadableTable; ChildDied where the reader broke."""
    file.seek(0)
    with Child("read_table", {}, input=file.fileno()) as child:
        for frame in child:
            if frame.kind == "unreadable":
                raise UnreadableTable(str(frame.values["reason"]), str(frame.values["reason_en"]))
            return [[str(cell) for cell in row] for row in frame.values["rows"]]
    raise AssertionError("the child ended without an answer")


def perform(operation: str, job: Job) -> Iterator[tuple[str, dict[str, Any], list[bytes]]]:
    """The child's side: one frame `rows`, or `unreadable` with the reason."""
    assert operation == "read_table"
    assert job.input is not None
    data = job.input.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        yield "unreadable", {"reason": "文件超过 10 MB", "reason_en": "the file is larger than 10 MB"}, []
        return
    try:
        yield "rows", {"rows": rows_of(data)}, []
    except UnreadableWorkbook as error:
        yield "unreadable", {"reason": error.reason, "reason_en": error.reason_en}, []


def rows_of(data: bytes) -> Rows:
    """The rows of the first sheet that shows any, or of CSV in UTF-8 or GB 18030. Raises UnreadableWorkbook."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        for sheet in read_sheets(data):
            if not sheet.hidden and (rows := _kept([[_text(cell) for cell in row] for row in sheet.rows])):
                return rows
        return []
    if b"\0" in data:
        raise UnreadableWorkbook("table.kind", "既不是表格，也不是 CSV 文本", "it is neither a workbook nor CSV")
    text = _decoded(data)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        return _kept(list(csv.reader(io.StringIO(text), delimiter=separator)))
    except csv.Error:
        raise UnreadableWorkbook("table.kind", "CSV 中有读不出的行", "a line of the CSV cannot be read") from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _kept(rows: Sequence[Sequence[str]]) -> Rows:
    cleaned = [[cell.strip()[:LONGEST_CELL] for cell in row[:MOST_CELLS]] for row in rows[:MOST_ROWS]]
    return [row for row in cleaned if any(row)]


def _text(cell: CellValue) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
