"""Rosters of 500 people: read and written, Jiangbang against calamine, openpyxl and XlsxWriter alone.

Reading counts until the people's records stand there; openpyxl and calamine only reach the cells. Writing compares a styled
workbook of the same columns. Best of several rounds, in turn, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import io
import random
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter
from openpyxl.styles import Alignment, Border, Font, Side

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.roster import read_roster
from jiangbang.papers.roster_writer import write_roster

FORM = Path(__file__).resolve().parents[1] / "programmes" / "hangzhou-digital-craftsman" / "form.toml"
PEOPLE = 500
# The ideographs from which the people's texts are drawn: the first block's common part.
COMMON = [chr(code) for code in range(0x4E00, 0x5600)]
ROUNDS = 9
# peers.md: read at least 10 times as fast as openpyxl, written at least 3 times
READ_TARGET, WRITE_TARGET = 10.0, 3.0


def run() -> dict[str, Any]:
    """Milliseconds per roster and the two ratios that are targets."""
    form = FormSpec.from_document(tomllib.loads(FORM.read_text(encoding="utf-8")))
    records = [_person(form, number) for number in range(PEOPLE)]
    workbook = write_roster(records, form, unit="滨江区总工会", kind="xlsx")
    document = write_roster(records, form, unit="滨江区总工会", kind="docx")
    cells = _cells(workbook)
    times = _best_in_turn(
        {
            "read xlsx, Jiangbang": lambda: read_roster(workbook, form, source="x"),
            "read xlsx, calamine alone": lambda: _cells(workbook),
            "read xlsx, openpyxl alone": lambda: _openpyxl_read(workbook),
            "read docx, Jiangbang": lambda: read_roster(document, form, source="x"),
            "write xlsx, Jiangbang": lambda: write_roster(records, form, unit="x", kind="xlsx"),
            "write xlsx, XlsxWriter alone": lambda: _xlsxwriter_write(cells),
            "write xlsx, openpyxl": lambda: _openpyxl_write(cells),
            "write docx, Jiangbang": lambda: write_roster(records, form, unit="x", kind="docx"),
        }
    )
    read = times["read xlsx, openpyxl alone"] / times["read xlsx, Jiangbang"]
    written = times["write xlsx, openpyxl"] / times["write xlsx, Jiangbang"]
    return {
        "people": PEOPLE,
        "milliseconds": [{"what": what, "ms": round(1000 * seconds, 1)} for what, seconds in times.items()],
        "read_times_openpyxl": round(read, 1),
        "read_target": READ_TARGET,
        "written_times_openpyxl": round(written, 1),
        "written_target": WRITE_TARGET,
        "targets_met": read >= READ_TARGET and written >= WRITE_TARGET,
    }


def _best_in_turn(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            began = time.perf_counter()
            task()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def _person(form: FormSpec, number: int) -> Record:
    """Somebody whose texts are nobody else's: a workbook keeps equal texts once, and real people share few."""
    chance = random.Random(number)

    def words(length: int) -> str:
        return "".join(chance.choice(COMMON) for _ in range(length))

    return {
        **form.empty_record(),
        "name": words(3),
        "gender": chance.choice(["male", "female"]),
        "id_number": f"9901011988{number:08d}",
        "skill_level": "技师/二级",
        "professional_title": "高级工程师",
        "industry_class": "0301 软件开发",
        "years_in_industry": chance.randint(5, 35),
        "employer_and_position": f"{words(8)}有限公司 工程师",
        "achievements": [f"{words(12)}，{words(16)}" for _ in range(chance.randint(1, 3))],
        "honours": [f"{chance.randint(2012, 2022)}年{words(10)}" for _ in range(chance.randint(1, 3))],
        "deeds": "".join(f"{words(14)}，{words(18)}。" for _ in range(7)),
        "specialty": "云计算",
    }


def _cells(workbook: bytes) -> list[list[Any]]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook)) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def _openpyxl_read(workbook: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(workbook), data_only=True).worksheets[0].iter_rows(values_only=True))


def _xlsxwriter_write(rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    style = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "font_name": "宋体"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value, style)
    book.close()
    return buffer.getvalue()


def _openpyxl_write(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    side = Side(style="thin")
    border, font = Border(left=side, right=side, top=side, bottom=side), Font(name="宋体", size=10)
    alignment = Alignment(wrap_text=True, vertical="center")
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            cell.border, cell.font, cell.alignment = border, font, alignment
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
