"""People and workbooks for the tests of the roster and the judgement. All invented; region code 990101 is no region."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from jiangbang.kernel.edition import EditionSpec, load_edition
from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.docx import Cell, Table
from jiangbang.papers.reading import RosterReading
from jiangbang.papers.roster import read_roster

PROGRAMME = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"

HEADER = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "专业领域",
    "从业年限",
    "职称/技能等级",
    "单位及职务",
    "主要事迹",
    "主要成果",
    "主要荣誉",
    "行业细分",
    "备注",
)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((PROGRAMME / name).read_text(encoding="utf-8"))


@cache
def form_spec() -> FormSpec:
    return FormSpec.from_document(_toml("form.toml"))


@cache
def edition_spec() -> EditionSpec:
    return load_edition(_toml("2023.toml"), form_spec(), _toml("classes.toml"))


def identity_number(serial: int, *, birth: str = "19880512", gender: str = "male") -> str:
    """A number with a right check digit (GB 11643); the sequence code's last digit is odd for men."""
    sequence = serial * 2 + (1 if gender == "male" else 0)
    body = f"990101{birth}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def person(serial: int, **changed: Any) -> Record:
    """A complete record without any fault."""
    record: Record = {
        **form_spec().empty_record(),
        "name": "赵钱孙李周吴郑王冯陈"[serial % 10] + "安平",
        "gender": "male",
        "birth_month": "1988-05",
        "photo": {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": "0" * 64},
        "education": "本科",
        "political_status": "群众",
        "id_number": identity_number(serial),
        "native_place": "浙江杭州",
        "skill_level": "技师/二级",
        "professional_title": "高级工程师",
        "talent_class": "无",
        "industry_class": "0301 软件开发",
        "years_in_industry": 10 + serial % 20,
        "mobile": f"139000{serial:05d}",
        "employer_and_position": f"云帆第{serial}软件有限公司 工程师",
        "address": "杭州市某路1号",
        "motto": "一丝不苟。",
        "achievements": [f"主持研发第{serial}号系统", "参与起草标准两项"],
        "honours": ["2020年杭州市创新标兵"],
        "deeds": f"第{serial}号候选人长期从事软件研发，主持完成多项重点项目，带出高级工以上徒弟九名，获得发明专利三项。",
        "specialty": "云计算",
    }
    return {**record, **changed}


def roster_cells(records: Sequence[Record]) -> list[list[Any]]:
    """The rows of annex 3 for these people, as a unit types them."""
    return [
        [
            number,
            record["name"],
            {"male": "男", "female": "女"}.get(str(record["gender"]), ""),
            record["id_number"],
            record["specialty"],
            record["years_in_industry"],
            f"{record['professional_title']}/{record['skill_level']}",
            record["employer_and_position"],
            record["deeds"],
            "\n".join(f"{index}.{item}" for index, item in enumerate(_list(record["achievements"]), 1)),
            "\n".join(f"{index}.{item}" for index, item in enumerate(_list(record["honours"]), 1)),
            record["industry_class"],
            record["remarks"],
        ]
        for number, record in enumerate(records, 1)
    ]


def _list(value: Any) -> list[str]:
    return list(value or ())


def on_roster(record: Record) -> Record:
    """The keys that the roster prints."""
    return {spec.key: record[spec.key] for spec in form_spec().roster_fields}


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]] | Sequence[Sequence[Any]],
    *,
    merges: Sequence[tuple[int, int, int, int, Any]] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """An xlsx of these cells: text as text, numbers as numbers, dates as dates; merges on the first sheet."""
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy/m/d"})
    for number, (name, rows) in enumerate(named.items()):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write(row, column, value)
        for first_row, first_column, last_row, last_column, value in merges if number == 0 else ():
            sheet.merge_range(first_row, first_column, last_row, last_column, value)
        if name in hidden:
            sheet.hide()
        elif not any(other in hidden for other in named) or number:
            sheet.activate()
    book.close()
    return buffer.getvalue()


PEOPLE = [person(number) for number in range(1, 4)]
TITLE = ["首届“杭州数字工匠”推荐信息汇总表"]
UNIT = ["填报单位：滨江区总工会"]


def read(data: bytes) -> RosterReading:
    return read_roster(data, form_spec(), source="附件3.xlsx")


def sheet(*rows: list[Any], head: list[list[Any]] | None = None) -> list[list[Any]]:
    return [*(head if head is not None else [TITLE, UNIT, list(HEADER)]), *rows]


def records(reading: RosterReading) -> list[Any]:
    return [row.record for row in reading.rows]


def assert_reads(data: bytes, *, numbers: list[int], unit: str | None = "滨江区总工会") -> None:
    reading = read(data)
    assert reading.findings == ()
    assert records(reading) == [on_roster(record) for record in PEOPLE[: len(numbers)]]
    assert [row.number for row in reading.rows] == numbers
    assert reading.unit == unit


def table(rows: list[list[Any]]) -> Table:
    return Table(
        [[Cell([str("" if value is None else value)], column=index) for index, value in enumerate(row)] for row in rows]
    )
