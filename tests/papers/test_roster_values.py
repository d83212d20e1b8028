"""What a roster says in its cells, and what Excel has done to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers.roster_cases import PEOPLE, form_spec, read, roster_cells, sheet, workbook

from jiangbang.papers.roster_values import UNREAD, column_reader, read_value


@pytest.mark.parametrize(
    "value",
    [330106199001011234, 330106199001011000.0, 3.30106e17, "3.30106E+17", "330106199001011000.0", 330106199001011],
)
def test_identity_number_that_excel_made_a_number_is_absent_and_said(value: Any) -> None:
    cells = roster_cells(PEOPLE[:1])
    cells[0][3] = value
    reading = read(workbook(sheet(*cells)))
    assert reading.rows[0].record["id_number"] is None
    (finding,) = reading.findings
    assert (finding.code, finding.field, finding.where) == (
        "field.format",
        "id_number",
        "附件3.xlsx · 第4行 · 身份证号",
    )
    assert "数字已丢失" in finding.message()
    assert "digits beyond the 15th are lost" in finding.message("en")
    assert "330106" not in finding.message() + finding.message("en")


@pytest.mark.parametrize("written", ["'{}", " {} ", "{0:.6} {0:.14}", "\u200b{}\n"])
def test_identity_text_is_tidied(written: str) -> None:
    number = str(PEOPLE[0]["id_number"])
    cells = roster_cells(PEOPLE[:1])
    text = f"{number[:6]} {number[6:14]} {number[14:]}" if "0:" in written else written.format(number)
    cells[0][3] = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read(workbook(sheet(*cells))).rows[0].record["id_number"] == number


def test_values_as_people_write_them() -> None:
    cells = roster_cells(PEOPLE[:1])
    cells[0][5] = "11年"
    cells[0][1] = "张 三"
    cells[0][2] = "男性"
    cells[0][9] = "1、甲系统；2、乙系统；3、丙系统"
    cells[0][10] = "甲奖；乙奖"
    cells[0][12] = datetime(2023, 3, 1)
    record = read(workbook(sheet(*cells))).rows[0].record
    assert (record["name"], record["years_in_industry"], record["gender"]) == ("张三", 11, "male")
    assert (record["achievements"], record["honours"]) == (["甲系统", "乙系统", "丙系统"], ["甲奖", "乙奖"])
    assert record["remarks"] == "2023-03-01"


def test_unreadable_value_is_kept_and_said() -> None:
    cells = roster_cells(PEOPLE[:1])
    cells[0][5] = "很多年"
    reading = read(workbook(sheet(*cells)))
    assert reading.rows[0].record["years_in_industry"] == "很多年"
    assert [(finding.code, finding.field) for finding in reading.findings] == [("field.format", "years_in_industry")]


def test_error_values_and_pictures_in_cells_are_no_values() -> None:
    cells = roster_cells(PEOPLE[:1])
    cells[0][4] = "#N/A"
    cells[0][12] = '=DISPIMG("ID_0123456789ABCDEF",1)'
    record = read(workbook(sheet(*cells))).rows[0].record
    assert (record["specialty"], record["remarks"]) == (None, None)


PLAIN_CELLS = st.one_of(
    st.sampled_from(
        [
            "张 三",
            "张三",
            "男",
            "女",
            "男性",
            "",
            " ",
            "无",
            "1.甲\n2.乙",
            "1.2018年甲奖\n2.乙",
            "1.甲。2.乙",
            "1.一。\n2.二",
        ]
    ),
    st.sampled_from(
        ["990101198805120019", "99010119880512001x", "'990101198805120019", "11年", "=DISPIMG(1)", "#N/A", "甲；乙"]
    ),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-5, max_value=200),
    st.text(alphabet="甲乙一二123年.。、；; \n\u3000\u200b1.2.A'#=", max_size=12),
)


@settings(max_examples=400)
@given(cells=st.lists(PLAIN_CELLS, max_size=4))
def test_column_reader_never_says_anything_else_than_the_careful_one(cells: list[object]) -> None:
    for spec in form_spec().roster_fields:
        reader = column_reader(spec)
        values = reader(cells) if reader else []
        careful = [read_value(spec, [[cell]] if cell not in ("", " ") else []) for cell in cells]
        assert len(values) in (len(cells), 0)
        assert [
            (value, None) if value is not UNREAD else said for value, said in zip(values, careful, strict=False)
        ] == careful[: len(values)]
