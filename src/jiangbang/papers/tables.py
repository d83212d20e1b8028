"""Any list as CSV or Excel: columns declared once, rows written as they come, and no cell that a spreadsheet takes for a formula.

A cell that begins with `= + - @`, a tab or a carriage return is text that a spreadsheet would run. In CSV an apostrophe goes before it;
in Excel every text is written as text. Numbers stay numbers in both. A sensitive column is masked unless the caller says otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Generic, TypeVar

import xlsxwriter

from jiangbang.kernel.form import FieldKind
from jiangbang.kernel.names import mask

Row = TypeVar("Row")
# Excel knows neither time zones nor integers of more than fifteen digits.
Cell = str | int | float | datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_DIGITS = 10**15
# What Excel takes in one cell, in characters.
LONGEST_TEXT = 32_767
WRITTEN_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its heading and how a row gives its cell. `sensitive` names the kind by which the value is masked."""

    heading: str
    value: Callable[[Row], Cell]
    width: int = 16
    sensitive: FieldKind | None = None


class _Echo:
    """A file that gives back what is written to it, so that rows are sent as they are made."""

    def write(self, value: str) -> str:
        return value


def plain_cell(value: Any) -> Any:
    """What no spreadsheet takes for a formula; numbers as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_lines(
    columns: Sequence[Column[Row]], rows: Iterable[Row], zone: tzinfo, *, unmasked: bool = False
) -> Iterator[str]:
    """Lines of CSV with a byte-order mark, by which Excel reads Chinese. Memory stays flat."""
    writer, values = csv.writer(_Echo()), _values(columns, unmasked)

    def told(cell: Cell) -> Any:
        if isinstance(cell, datetime):
            return cell.astimezone(zone).strftime(WRITTEN_MOMENT)
        return plain_cell(cell)

    yield "\ufeff" + writer.writerow([plain_cell(column.heading) for column in columns])
    for row in rows:
        yield writer.writerow([told(value(row)) for value in values])


def write_xlsx(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    zone: tzinfo,
    path: Path,
    *,
    title: str,
    unmasked: bool = False,
) -> None:
    """The list as a workbook of one sheet, row by row: memory stays flat."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        head, moment = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, head)
        values = list(enumerate(_values(columns, unmasked)))
        for line, row in enumerate(rows, 1):
            for place, value in values:
                _put(sheet, line, place, value(row), zone, moment)


def _values(columns: Sequence[Column[Row]], unmasked: bool) -> list[Callable[[Row], Cell]]:
    return [
        column.value if unmasked or not column.sensitive else _masked(column.value, column.sensitive)
        for column in columns
    ]


def _masked(value: Callable[[Row], Cell], kind: FieldKind) -> Callable[[Row], Cell]:
    def masked(row: Row) -> Cell:
        cell = value(row)
        return cell if cell in (None, "") else mask(str(cell), kind)

    return masked


def _put(sheet: Any, line: int, place: int, cell: Cell, zone: tzinfo, moment: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(line, place, cell.astimezone(zone).replace(tzinfo=None), moment)
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < MOST_DIGITS:
        sheet.write_number(line, place, cell)
    else:
        # XlsxWriter refuses longer ones silently
        sheet.write_string(line, place, str(cell)[:LONGEST_TEXT])


def _sheet_name(title: str) -> str:
    """What Excel allows: 31 characters, none of `[ ] : * ? / \\`, no apostrophe at an end."""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in title).strip(" '")
    return kept[:31] or "1"
