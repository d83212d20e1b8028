"""Rosters of 500 people: read and written, Jiangbang against calamine, openpyxl and XlsxWriter alone.

Reading counts until the people's records stand there; openpyxl and calamine only reach the cells. Writing compares a styled
workbook of the same columns. Best of several rounds, in turn, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import io
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
ROUNDS = 7
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
    return {
        **form.empty_record(),
        "name": "赵钱孙李周吴郑王冯陈"[number % 10] + f"安{chr(0x4E00 + number)}",
        "gender": "male" if number % 2 else "female",
        "id_number": f"9901011988{number:08d}",
        "skill_level": "技师/二级",
        "professional_title": "高级工程师",
        "industry_class": "0301 软件开发",
        "years_in_industry": 5 + number % 30,
        "employer_and_position": f"云帆第{number}软件有限公司 工程师",
        "achievements": [f"主持研发第{number}号系统，服务全市六百多家单位", "参与起草行业标准两项，均已发布", "获得发明专利三项"],
        "honours": ["2020年杭州市创新标兵", "2021年区五一劳动奖章"],
        "deeds": f"第{number}号候选人" + "长期从事软件研发，主持完成多项重点项目，带出高级工以上徒弟九名。" * 7,
        "specialty": "云计算",
    }


def _cells(workbook: bytes) -> list[list[Any]]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook)) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def _openpyxl_read(workbook: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


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
