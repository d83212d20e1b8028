"""Lists as offices publish them: columns by label, rows with their problems, nothing lost."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jiangbang.commands.speaking import bundled_edition
from jiangbang.kernel.credit_code import synthetic
from jiangbang.kernel.identity import synthetic as identity_number
from jiangbang.papers.name_list import (
    Grid,
    ListReading,
    UnreadableListError,
    Wanted,
    read_grids,
    understand,
)
from jiangbang.papers.roster_docx import roster_docx
from jiangbang.papers.roster_layout import PrintedColumn

SPEC = bundled_edition()
MARKS = Wanted(marks=SPEC.priorities)
TITLES = Wanted(titles=SPEC.earlier_titles)
GIANT = Wanted(marks=tuple(mark for mark in SPEC.priorities if mark.key == "little_giant"))
JIANBING = Wanted(marks=tuple(mark for mark in SPEC.priorities if mark.key == "jianbing"))
HOLDERS = Wanted(titles=SPEC.earlier_titles[:1])


def read(rows: Sequence[Sequence[Any]], wanted: Wanted = GIANT, title: str = "") -> ListReading:
    return understand([Grid("", [[str(cell) for cell in row] for row in rows])], wanted, title=title)


def from_bytes(data: bytes) -> list[Grid]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return read_grids(file)


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableListError) as refusal:
        from_bytes(data)
    return refusal.value.code


# -- columns ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        (("序号", "企业名称", "统一社会信用代码", "批次"), {"firm": 1, "code": 2, "batch": 3}),
        (("单位名称", "类型", "认定年份", "所属区县", "行业类别"), {"firm": 0, "kind": 1, "year": 2}),
        (("企业统一社会信用代码", "企业类型", "申报企业"), {"code": 0, "kind": 1, "firm": 2}),
        (("推荐单位", "企业名称（盖章）"), {"firm": 1}),
        (("联系人", "法定代表人", "公司名称"), {"firm": 2}),
    ],
)
def test_columns_of_firms_are_found_by_their_labels(heading: tuple[str, ...], columns: dict[str, int]) -> None:
    reading = read([heading, ["甲有限公司"] * len(heading)], MARKS)
    found = {key: heading.index(label) for key, label in reading.columns.items()}
    assert found == columns


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        (("姓名", "工作单位及职务", "获评年份"), {"person": 0, "firm": 1, "year": 2}),
        (("项目名称", "项目负责人", "承担单位"), {"person": 1, "firm": 2}),
        (("推荐单位", "姓 名", "单位", "身份证号码", "届次"), {"person": 1, "firm": 2, "identity": 3, "batch": 4}),
    ],
)
def test_columns_of_people_are_found_by_their_labels(heading: tuple[str, ...], columns: dict[str, int]) -> None:
    reading = read([heading, ["张三"] * len(heading)], HOLDERS)
    assert {key: heading.index(label) for key, label in reading.columns.items()} == columns


def test_headings_above_say_year_and_kind_and_footers_are_passed_over() -> None:
    rows = [
        ["2022年杭州市名单", ""],
        ["", ""],
        ["序号", "企业名称"],
        ["一、国家级专精特新“小巨人”企业", ""],
        ["1", "甲有限公司"],
        ["二、独角兽企业（1家）", ""],
        ["2", "乙有限公司"],
        ["序号", "企业名称"],
        ["合计", "2"],
    ]
    reading = read(rows, MARKS)
    assert [(row.number, row.firm, row.kinds, row.year) for row in reading.rows] == [
        (5, "甲有限公司", ("little_giant",), 2022),
        (7, "乙有限公司", ("unicorn",), 2022),
    ]
    assert (reading.passed_over, reading.unused) == (5, ("序号",))


def test_the_title_tells_the_year_where_nothing_else_does() -> None:
    assert read([["企业名称"], ["甲有限公司"]], title="2021年小巨人.xlsx").rows[0].year == 2021


# -- rows ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "problems", "usable"),
    [
        (("甲有限公司", synthetic(1), "2022"), (), True),
        (("甲有限公司", f" {synthetic(1)[:8]} {synthetic(1)[8:].lower()}", "2022年"), (), True),
        (("甲有限公司", "", ""), (), True),
        (("甲有限公司", "无", ""), (), True),
        (("甲有限公司", synthetic(1)[:-1] + "0", ""), ("code_checksum",), True),
        (("甲有限公司", "91990101MO0000001A", ""), ("code_letter",), True),
        (("甲有限公司", "33010600001234", ""), ("code_format",), True),
        (("甲有限公司", "", "去年"), ("year_odd",), True),
        (("", synthetic(1), ""), ("no_name",), False),
        (("甲" * 201, "", ""), ("name_long",), False),
    ],
)
def test_what_is_wrong_with_a_row_is_named(cells: tuple[str, ...], problems: tuple[str, ...], usable: bool) -> None:
    (row,) = read([("企业名称", "信用代码", "年份"), cells]).rows
    assert (row.problems, row.usable) == (problems, usable)


def test_a_row_says_which_other_it_repeats() -> None:
    rows = read([["企业名称"], ["甲有限公司"], ["乙有限公司"], ["甲（有限）公司"], ["甲有限公司"]]).rows
    assert [(row.number, row.problems, row.of) for row in rows] == [
        (2, (), None),
        (3, (), None),
        (4, ("duplicate",), 2),
        (5, ("duplicate",), 2),
    ]


def test_people_of_one_name_in_two_firms_are_two() -> None:
    rows = read([["姓名", "单位"], ["张伟", "甲公司"], ["张伟", "乙公司"], ["张伟", "甲公司"]], HOLDERS).rows
    assert [row.problems for row in rows] == [(), (), ("duplicate",)]


@pytest.mark.parametrize(
    ("written", "identity", "problems"),
    [
        (identity_number("990101", date(1980, 1, 1), 3), identity_number("990101", date(1980, 1, 1), 3), ()),
        ("3301**********1234", "", ()),
        ("330102199001010011", "", ("id_wrong",)),
        ("3.30106E+17", "", ("id_wrong",)),
        ("", "", ()),
    ],
)
def test_only_right_identity_numbers_are_read(written: str, identity: str, problems: tuple[str, ...]) -> None:
    (row,) = read([["姓名", "单位", "身份证号"], ["张三", "甲公司", written]], HOLDERS).rows
    assert (row.identity, row.problems) == (identity, problems)


@pytest.mark.parametrize(
    ("year", "batch", "found"),
    [
        ("2019", "", (2019, "")),
        ("2019年12月", "第三批", (2019, "第三批")),
        ("第七届", "", (None, "第七届")),
        ("’21", "", (2021, "")),
        ("", "2020年第二批", (2020, "2020年第二批")),
    ],
)
def test_year_and_batch_are_read_wherever_they_stand(year: str, batch: str, found: tuple[int | None, str]) -> None:
    (row,) = read([["企业名称", "年份", "批次"], ["甲有限公司", year, batch]]).rows
    assert (row.year, row.batch) == found


def test_rare_names_are_kept_as_they_are_written() -> None:
    rows = read([["姓名", "单位"], ["欧阳𬱖", "甲公司"], ["吉克•阿依", "甲公司"], ["张 䶮", "甲公司"]], HOLDERS).rows
    assert [row.person for row in rows] == ["欧阳𬱖", "吉克·阿依", "张䶮"]


def test_a_row_may_name_several_kinds_or_none() -> None:
    rows = read([["企业名称", "类型"], ["甲公司", "单项冠军、小巨人"], ["乙公司", "规上"], ["丙公司", ""]], MARKS).rows
    assert [(row.kinds, row.problems) for row in rows] == [
        (("single_champion", "little_giant"), ()),
        ((), ("no_kind",)),
        ((), ("no_kind",)),
    ]


def test_projects_name_people_and_firms() -> None:
    heading = ("项目名称", "承担单位", "项目负责人", "立项年度")
    (row,) = read([heading, ("高速光模块", "甲有限公司", "张三", "2022")], JIANBING).rows
    assert (row.person, row.firm, row.kinds, row.year) == ("张三", "甲有限公司", ("jianbing",), 2022)


def test_lines_of_text_are_a_list_too() -> None:
    lines = [
        "2020年浙江工匠名单",
        "1. 张三（杭州澜图软件有限公司）",
        "2、王伟　杭州启岫科技有限公司　技师",
        "吉克·阿依，杭州数据中心",
        "以上人员特此公布。",
    ]
    reading = understand([Grid("", [[line] for line in lines])], HOLDERS)
    assert [(row.number, row.person, row.firm, row.year) for row in reading.rows] == [
        (2, "张三", "杭州澜图软件有限公司", 2020),
        (3, "王伟", "杭州启岫科技有限公司 技师", 2020),
        (4, "吉克·阿依", "杭州数据中心", 2020),
    ]
    assert (reading.columns, reading.passed_over) == ({}, 2)


@pytest.mark.parametrize(
    ("rows", "code"), [([["今天天气很好"]], "no_header"), ([["企业名称", "批次"]], "no_rows"), ([], "no_header")]
)
def test_what_is_no_list_is_refused(rows: list[list[str]], code: str) -> None:
    with pytest.raises(UnreadableListError) as refusal:
        read(rows)
    assert refusal.value.code == code


# -- files -----------------------------------------------------------------------------------------------------------------


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        first, second = book.add_worksheet("甲"), book.add_worksheet("乙")
        for line, row in enumerate([["企业名称", "年份"], ["甲有限公司", 2022]]):
            first.write_row(line, 0, row)
        second.write_row(0, 0, ["企业名称"])
        hidden = book.add_worksheet("模板")
        hidden.write_row(0, 0, ["企业名称"])
        hidden.hide()
    return out.getvalue()


def test_a_workbook_gives_its_sheets_in_sight() -> None:
    assert from_bytes(workbook()) == [
        Grid("甲", [["企业名称", "年份"], ["甲有限公司", "2022"]]),
        Grid("乙", [["企业名称"]]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding: str, sign: str) -> None:
    data = f"姓名{sign}单位\n欧阳𬱖{sign}甲公司\n".encode(encoding)
    assert from_bytes(data) == [Grid("", [["姓名", "单位"], ["欧阳𬱖", "甲公司"]])]


def test_tables_of_a_word_document_are_read() -> None:
    columns = [PrintedColumn("name", "姓名", 8.0, "center"), PrintedColumn("employer", "工作单位", 20.0, "left")]
    data = roster_docx("2021年浙江工匠名单", "", columns, [["张三", "甲公司"], ["李四", "乙公司"]])
    reading = understand(from_bytes(data), HOLDERS)
    assert [(row.person, row.firm) for row in reading.rows] == [("张三", "甲公司"), ("李四", "乙公司")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n%%EOF", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "kind"),
        (workbook()[:-900] + workbook()[-850:], "damaged"),
        (b"a,b\n\xff\xff\xff\xff\n" + b"x" * 100, "encoding"),
    ],
)
def test_files_that_are_no_list_are_refused_by_name(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_more_rows_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ("企业名称\n" + "甲\n" * 200_001).encode()
    assert refused(data) == "too_long"


def test_hostile_workbooks_and_documents_end_with_a_code(shared_dir: Path) -> None:
    folder = shared_dir / "data" / "hostile"
    files = sorted([*(folder / "poi_xlsx").iterdir(), *(folder / "poi_docx").iterdir()])[::12]
    answers = []
    for path in files:
        try:
            from_bytes(path.read_bytes())
            answers.append("read")
        except UnreadableListError as error:
            answers.append(error.code)
    assert len(answers) == len(files) > 0
