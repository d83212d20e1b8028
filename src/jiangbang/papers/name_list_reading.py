"""The child's side of `name_list`: the cells of a list as text, sheet by sheet, from Excel, CSV or Word."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jiangbang.papers.docx import read_document
from jiangbang.papers.kinds import kind_of
from jiangbang.papers.package import PackageError
from jiangbang.papers.roster import grids_of
from jiangbang.papers.roster_values import text_of
from jiangbang.papers.xlsx import UnreadableWorkbook, read_sheets

if TYPE_CHECKING:
    from jiangbang.papers.child import Job

# What a list may be, at most: a province's firms of a kind are a few thousand.
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 200_000, 60, 500
# Characters of cells in one frame.
FRAME = 1_000_000
# The order matters: bytes that are UTF-8 are hardly ever anything else, and GB 18030 takes nearly all bytes.
ENCODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = "\t,;，"

Refusal = tuple[str, str]
Grid = tuple[str, Sequence[Sequence[object]]]


class _Refused(Exception):
    """The file is no list that can be read: a code of `name_list.REFUSALS`."""


def perform(operation: str, job: Job) -> Iterator[tuple[str, dict[str, Any], list[bytes]]]:
    """Frames `rows` (a sheet's name, the number of the first row, cells as text), or one `refused`."""
    assert operation == "read_list"
    assert job.input is not None
    data = job.input.read(int(job.arguments["limit"]) + 1)
    try:
        grids = list(_grids(data))
        if sum(len(rows) for _, rows in grids) > MAX_ROWS:
            raise _Refused("too_long")
        for name, rows in grids:
            yield from _frames(name, rows)
    except _Refused as refusal:
        yield "refused", {"code": str(refusal)}, []


def _frames(name: str, rows: Sequence[Sequence[object]]) -> Iterator[tuple[str, dict[str, Any], list[bytes]]]:
    batch: list[list[str]] = []
    size, first = 0, 1
    for number, row in enumerate(rows, 1):
        cells = [text_of(cell)[:MAX_CELL] for cell in row[:MAX_COLUMNS]]
        batch.append(cells)
        size += sum(map(len, cells)) + len(cells)
        if size > FRAME:
            yield "rows", {"sheet": name, "first": first, "rows": batch}, []
            batch, size, first = [], 0, number + 1
    if batch:
        yield "rows", {"sheet": name, "first": first, "rows": batch}, []


def _grids(data: bytes) -> Iterable[Grid]:
    kind = kind_of(data)
    if kind in ("xlsx", "ole_excel"):
        return _workbook(data)
    if kind == "docx":
        return _document(data)
    if kind == "text":
        return [("", _table(data))]
    raise _Refused({"empty": "empty", "ole_encrypted": "encrypted", "pdf": "pdf"}.get(kind, "kind"))


def _workbook(data: bytes) -> Iterable[Grid]:
    try:
        sheets = [sheet for sheet in read_sheets(data) if not sheet.hidden]
    except UnreadableWorkbook as error:
        raise _Refused(_REASONS.get(error.code, "damaged")) from None
    return [(sheet.name if len(sheets) > 1 else "", sheet.rows) for sheet in sheets]


def _document(data: bytes) -> Iterable[Grid]:
    """The tables of a Word document, then its loose lines as a table of one column: some lists are only lines."""
    try:
        body = read_document(data).body
    except PackageError as error:
        raise _Refused(_REASONS.get(error.code, "damaged")) from None
    except RecursionError:
        raise _Refused("damaged") from None
    tables = [(sheet.name, sheet.rows) for sheet in grids_of(body.tables)]
    lines = [[line] for paragraph in body.paragraphs for line in paragraph.split("\n")]
    return [*tables, ("", lines)] if lines else tables


_REASONS = {"packet.encrypted": "encrypted", "packet.macro": "macro", "packet.too_large": "too_long"}


def _table(data: bytes) -> list[list[str]]:
    """Text as a table: CSV with whatever separator its lines have most of."""
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    head = text[:20_000]
    separator = max(_SEPARATORS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator if separator in head else ","))
    except csv.Error:
        raise _Refused("damaged") from None


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _Refused("encoding")
