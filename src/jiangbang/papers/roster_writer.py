"""Writing the roster (annex 3) in its official layout, as xlsx and docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from zipfile import ZipFile

import xlsxwriter
import xlsxwriter.workbook

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.roster_docx import roster_docx
from jiangbang.papers.roster_layout import (
    SHEET_NAME,
    UNIT_LABEL,
    PrintedColumn,
    printed_columns,
    printed_value,
    tallest,
)

RosterKind = Literal["xlsx", "docx"]


# Excel: a cell holds at most this many characters (UTF-16 units); XlsxWriter would leave the cell empty.
CELL_LIMIT = 32_767
# The same records must give the same bytes, so the file does not say when it was made.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
A4, MILLIMETRE = 9, 1 / 25.4
# Points: type sizes, line pitch of the body, Excel's tallest row.
TITLE_SIZE, UNIT_SIZE, BODY_SIZE, LINE, TALLEST_ROW = 20, 12, 10, 13.5, 409.0
TITLE_ROW, UNIT_ROW, HEADER_ROW = 0, 1, 2
SONG, HEI = "宋体", "黑体"


class _QuickZip(ZipFile):
    """Deflate at level 1: its usual level takes a quarter of the time for 7 % fewer bytes, and XlsxWriter has no setting for it."""

    def writestr(self, *args: Any, **kwargs: Any) -> None:
        super().writestr(*args, **{**kwargs, "compresslevel": 1})


xlsxwriter.workbook.ZipFile = _QuickZip


def write_roster(records: Sequence[Record], form: FormSpec, *, unit: str, kind: RosterKind) -> bytes:
    """The roster of these records. Same input, same bytes. Raises ValueError for a value that Excel cannot hold."""
    columns = printed_columns(form)
    rows = [[printed_value(record, column, number) for column in columns] for number, record in enumerate(records, 1)]
    if kind == "docx":
        return roster_docx(form.roster_title, unit, columns, rows)
    return _xlsx(form.roster_title, unit, columns, rows)


def _xlsx(title: str, unit: str, columns: Sequence[PrintedColumn], rows: Sequence[Sequence[str | int]]) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": title, "created": CREATED})
    sheet = workbook.add_worksheet(SHEET_NAME)
    formats = _Formats(workbook)
    _lay_out_page(sheet, columns, len(rows), formats)
    _write_head(sheet, title, unit, columns, formats)
    styles = [formats.of(column) for column in columns]
    for number, row in enumerate(rows, HEADER_ROW + 1):
        sheet.set_row(number, min(TALLEST_ROW, tallest(row, columns) * LINE + 6))
        for index, value in enumerate(row):
            _write_cell(sheet, number, index, value, columns[index], styles[index])
    workbook.close()
    return buffer.getvalue()


class _Formats:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        def body(**more: Any) -> Any:
            base = {"font_name": SONG, "font_size": BODY_SIZE, "valign": "vcenter", "text_wrap": True, "border": 1}
            return workbook.add_format(base | more)

        self.title = workbook.add_format(
            {"font_name": SONG, "font_size": TITLE_SIZE, "bold": True, "align": "center", "valign": "vcenter"}
        )
        self.unit = workbook.add_format({"font_name": SONG, "font_size": UNIT_SIZE, "valign": "vcenter"})
        self.header = body(font_name=HEI, align="center")
        self.center = body(align="center")
        self.left = body(align="left", indent=1)
        # "@": what is typed into the column later stays text too, all eighteen digits of it
        self.identity = body(align="center", num_format="@", font_name="Times New Roman", font_size=BODY_SIZE + 0.5)
        self.column = workbook.add_format({"num_format": "@"})

    def of(self, column: PrintedColumn) -> Any:
        if column.identity:
            return self.identity
        return self.center if column.align == "center" else self.left


def _lay_out_page(sheet: Any, columns: Sequence[PrintedColumn], people: int, formats: _Formats) -> None:
    """A4 landscape, as wide as the page, the header repeated on every page and kept in sight on the screen."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=10 * MILLIMETRE, right=10 * MILLIMETRE, top=14 * MILLIMETRE, bottom=14 * MILLIMETRE)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.set_footer(f'&C&"{SONG},Regular"&9第 &P 页，共 &N 页')
    sheet.print_area(0, 0, HEADER_ROW + people, len(columns) - 1)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, formats.column if column.identity else None)


def _write_head(sheet: Any, title: str, unit: str, columns: Sequence[PrintedColumn], formats: _Formats) -> None:
    last = len(columns) - 1
    sheet.set_row(TITLE_ROW, 42)
    sheet.set_row(UNIT_ROW, 24)
    sheet.set_row(HEADER_ROW, 36)
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, "", formats.title)
    sheet.write_string(TITLE_ROW, 0, title, formats.title)
    sheet.merge_range(UNIT_ROW, 0, UNIT_ROW, last, "", formats.unit)
    sheet.write_string(UNIT_ROW, 0, UNIT_LABEL + unit, formats.unit)
    for index, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, index, column.heading, formats.header)


def _write_cell(sheet: Any, row: int, index: int, value: str | int, column: PrintedColumn, style: Any) -> None:
    """Numbers as numbers; text always as text, so that `=1+1` is shown and not reckoned."""
    if isinstance(value, int):
        sheet.write_number(row, index, value, style)
        return
    if 2 * len(value) > CELL_LIMIT and len(value.encode("utf-16-le")) // 2 > CELL_LIMIT:
        raise ValueError(f"“{column.heading}” is longer than the {CELL_LIMIT} characters that Excel can hold in a cell")
    if value:
        sheet.write_string(row, index, value, style)
    else:
        sheet.write_blank(row, index, None, style)
