"""Tables that somebody brings, as rows of text."""

from __future__ import annotations

import io
import tempfile
from datetime import datetime

import pytest
import xlsxwriter

from jiangbang.papers.table_reading import LONGEST_CELL, UnreadableTable, read_table, rows_of


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("空")
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ["姓名", "数量"])
        sheet.write_row(2, 0, ["𬱖䶮", 30.0])
        sheet.write_boolean(2, 2, True)
        sheet.write_datetime(2, 3, datetime(2024, 8, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    return out.getvalue()


def test_a_workbook_gives_its_first_sheet_that_holds_something() -> None:
    assert rows_of(workbook()) == [["姓名", "数量", "", ""], ["𬱖䶮", "30", "是", "2024-08-01"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_either_encoding(encoding: str) -> None:
    assert rows_of("姓名,数量\n\n林一,3\n".encode(encoding)) == [["姓名", "数量"], ["林一", "3"]]


def test_cells_are_cut_and_empty_files_are_empty() -> None:
    assert len(rows_of(b"x" * (LONGEST_CELL + 5))[0][0]) == LONGEST_CELL
    assert rows_of(b"") == []


def test_the_child_reads_it_and_says_what_it_is_not() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(workbook())
        file.flush()
        assert read_table(file)[0][0] == "姓名"
    with tempfile.TemporaryFile() as file:
        file.write(b"a\0b")
        file.flush()
        with pytest.raises(UnreadableTable, match="CSV"):
            read_table(file)
