"""Rosters of 500 people: read and written, Jiangbang against calamine, openpyxl and XlsxWriter alone.

Reading counts until the people's records stand there; openpyxl and calamine only reach the cells. Each kind of workbook holds
the same columns; the Excel and WPS kinds are our own files reshaped to what those programs write:
- "LibreOffice": the roster opened and saved by the program itself (left out where there is none).
- "XlsxWriter": our own roster, nobody's texts those of anybody else: the fewest tags and the most text.
- "Excel": as Excel in Chinese saves it: a note on pinyin with every string, some strings in two fonts, every cell styled,
  heights and `x14ac:dyDescent` on every row, and the office's table laid out for 1,500 people.
- "WPS": strings without notes, every cell of the laid out rows styled, people of few employers with short texts.
- "openpyxl": every text in its own cell, ideographs as references (`&#26657;`); with long texts and with short ones.
Limits: calamine alone; all parts inflated and the sheet and strings parsed by lxml. Best of several rounds, all in turn, in
processor time, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter
from lxml import etree
from openpyxl.styles import Alignment, Border, Font, Side

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.roster import read_roster
from jiangbang.papers.roster_writer import write_roster

FORM = Path(__file__).resolve().parents[1] / "programmes" / "hangzhou-digital-craftsman" / "form.toml"
PEOPLE = 500
# Rows that an office formats in advance, filled or not.
LAID_OUT = 1_500
# The ideographs from which the people's texts are drawn: the first block's common part.
COMMON = [chr(code) for code in range(0x4E00, 0x5600)]
ROUNDS = 9
# peers.md: read at least 10 times as fast as openpyxl, written at least 3 times
READ_TARGET, WRITE_TARGET = 10.0, 3.0


def run() -> dict[str, Any]:
    """Milliseconds per roster and the ratios that are targets."""
    form = FormSpec.from_document(tomllib.loads(FORM.read_text(encoding="utf-8")))
    records = [_person(form, number) for number in range(PEOPLE)]
    reading = [_reading(name, workbook, form) for name, workbook in _workbooks(records, form).items()]
    document = write_roster(records, form, unit="滨江区总工会", kind="docx")
    cells = _cells(write_roster(records, form, unit="滨江区总工会", kind="xlsx"))
    times = _best_in_turn(
        {
            "read docx, Jiangbang": lambda: read_roster(document, form, source="x"),
            "write xlsx, Jiangbang": lambda: write_roster(records, form, unit="x", kind="xlsx"),
            "write xlsx, XlsxWriter alone": lambda: _xlsxwriter_write(cells),
            "write xlsx, openpyxl": lambda: _openpyxl_write(cells),
            "write docx, Jiangbang": lambda: write_roster(records, form, unit="x", kind="docx"),
        }
    )
    written = times["write xlsx, openpyxl"] / times["write xlsx, Jiangbang"]
    return {
        "people": PEOPLE,
        "reading xlsx, ms": reading,
        "read_target": READ_TARGET,
        "milliseconds": [{"what": what, "ms": round(1000 * seconds, 1)} for what, seconds in times.items()],
        "written_times_openpyxl": round(written, 2),
        "written_target": WRITE_TARGET,
    }


def _reading(kind: str, workbook: bytes, form: FormSpec) -> dict[str, Any]:
    """One kind of workbook, read by each."""
    assert len(read_roster(workbook, form, source="x").rows) == PEOPLE
    times = _best_in_turn(
        {
            "Jiangbang": lambda: read_roster(workbook, form, source="x"),
            "calamine": lambda: _cells(workbook),
            "unzip + parse": lambda: _parsed(workbook),
            "openpyxl": lambda: _openpyxl_read(workbook),
        }
    )
    return {
        "workbook": kind,
        **{name: round(1000 * seconds, 1) for name, seconds in times.items()},
        "x openpyxl": round(times["openpyxl"] / times["Jiangbang"], 1),
        "calamine alone x openpyxl": round(times["openpyxl"] / times["calamine"], 1),
    }


def _best_in_turn(tasks: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            began = time.process_time()
            task()
            best[name] = min(best[name], time.process_time() - began)
    return best


# -- workbooks -----------------------------------------------------------------------------------------------------------


def _workbooks(records: Sequence[Record], form: FormSpec) -> dict[str, bytes]:
    unique = write_roster(records, form, unit="滨江区总工会", kind="xlsx")
    alike = [{**record, **_few_words(number)} for number, record in enumerate(records)]
    short = write_roster(alike, form, unit="滨江区总工会", kind="xlsx")
    return {
        **_saved_by_libreoffice(unique),
        "XlsxWriter, unique texts": unique,
        "Excel, unique texts": _as_excel_saves(unique),
        "WPS, short texts": _laid_out(short),
        "openpyxl, unique texts": _openpyxl_write(_cells(unique)),
        "openpyxl, short texts": _openpyxl_write(_cells(short)),
    }


def _saved_by_libreoffice(workbook: bytes) -> dict[str, bytes]:
    """The workbook as LibreOffice saves it: through its own format, so that nothing of ours is left."""
    office = shutil.which("soffice")
    if office is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        path.write_bytes(workbook)
        for source, kind in ((path, "ods"), (path.with_suffix(".ods"), "xlsx")):
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = [office, "--headless", profile, "--convert-to", kind, "--outdir", folder, str(source)]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        return {"LibreOffice, unique texts": path.read_bytes()}


def _few_words(number: int) -> Record:
    """What a unit in a hurry writes: one line each, of one of twenty employers."""
    return {
        "employer_and_position": f"云帆第{number % 20}软件有限公司 工程师",
        "achievements": [f"主持研发第{number}号系统"],
        "honours": ["2020年杭州市创新标兵"],
        "deeds": f"长期从事软件研发，完成项目{number}。",
    }


def _laid_out(workbook: bytes) -> bytes:
    """The workbook with empty rows below, every cell of them styled."""
    cells = "".join(f'<c r="{letter}%d" s="5"/>' for letter in "ABCDEFGHIJKLM")
    rows = range(PEOPLE + 4, LAID_OUT + 4)
    empty = "".join(f'<row r="{row}" ht="24" customHeight="1">{cells.replace("%d", str(row))}</row>' for row in rows)
    return _changed(
        workbook, {"xl/worksheets/sheet1.xml": lambda part: part.replace("</sheetData>", f"{empty}</sheetData>")}
    )


def _as_excel_saves(workbook: bytes) -> bytes:
    """Notes on pinyin, strings in two fonts, rows with the attributes of Excel's own."""
    space = (
        ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
    )
    fonts = '<rPr><sz val="10"/><color rgb="FFFF0000"/><rFont val="宋体"/><family val="3"/><charset val="134"/></rPr>'
    counted = iter(range(10**6))

    def string(match: re.Match[str]) -> str:
        text = match[1]
        if next(counted) % 50 == 0 and len(text) > 2:
            return f"<si><r><t>{text[:2]}</t></r><r>{fonts}<t>{text[2:]}</t></r>{note}</si>"
        return f"<si><t>{text}</t>{note}</si>"

    note = '<phoneticPr fontId="1" type="noConversion"/>'
    return _changed(
        _laid_out(workbook),
        {
            "xl/worksheets/sheet1.xml": lambda part: re.sub(
                r"(<row [^>]*)>", r'\1 x14ac:dyDescent="0.2">', part
            ).replace("<worksheet", f"<worksheet{space}", 1),
            "xl/sharedStrings.xml": lambda part: re.sub(r"<si><t>([^<]*)</t></si>", string, part),
        },
    )


def _changed(workbook: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, changes[name](part.decode()).encode() if name in changes else part)
    return stream.getvalue()


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


# -- readers and writers -------------------------------------------------------------------------------------------------


def _cells(workbook: bytes) -> list[list[Any]]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook)) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def _parsed(workbook: bytes) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return [etree.fromstring(parts[name]) for name in parts if "sheet1.xml" in name or "sharedStrings" in name]


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
