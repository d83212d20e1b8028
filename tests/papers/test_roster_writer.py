"""Writing the roster: what is read back is what was written, and the paper is the official one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from papers.roster_cases import form_spec, on_roster, person

from jiangbang.kernel.form import Record
from jiangbang.papers import normalise
from jiangbang.papers.roster import read_roster
from jiangbang.papers.roster_writer import RosterKind, write_roster

KINDS: tuple[RosterKind, ...] = ("xlsx", "docx")
PEOPLE = [
    person(1),
    person(2, name="䶮𬱖𠅤", remarks="=1+1", honours=[]),
    person(3, professional_title=None, skill_level="无"),
]
# Every plane that holds ideographs: the basic ones, extension A, compatibility, and planes 2 and 3.
IDEOGRAPHS = st.one_of(
    *(st.characters(min_codepoint=low, max_codepoint=high) for low, high in (
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0), (0x30000, 0x323AF)))
)  # fmt: skip
NAMES = st.text(IDEOGRAPHS, min_size=2, max_size=6)
# Texts as the readers leave them: one line, single spaces, nothing that XML cannot carry.
TEXTS = st.text(
    st.one_of(IDEOGRAPHS, st.sampled_from("abcXYZ 0189，。、（）()%+-=@'\"<>&_·~")), min_size=1, max_size=60
).map(normalise.clean_text).filter(bool)  # fmt: skip
# An item that would itself be read as a numbered list, or as a text that needs no number, is not what a reader leaves.
ITEMS = st.lists(TEXTS.filter(lambda text: normalise.split_items([f"1.{text}"]) == [text]), max_size=3)


@st.composite
def people(draw: st.DrawFn) -> Record:
    record = person(
        draw(st.integers(1, 400)),
        name=draw(NAMES),
        gender=draw(st.sampled_from(["male", "female", None])),
        specialty=draw(st.none() | TEXTS),
        years_in_industry=draw(st.none() | st.integers(0, 70)),
        employer_and_position=draw(TEXTS),
        deeds=draw(st.lists(TEXTS, min_size=1, max_size=4).map("\n".join)),
        achievements=draw(ITEMS),
        honours=draw(ITEMS),
        industry_class=draw(st.none() | TEXTS),
        remarks=draw(st.none() | TEXTS),
    )
    assume(
        normalise.split_items(f"{n}.{item}" for n, item in enumerate(_items(record, "achievements"), 1))
        == record["achievements"]
    )
    assume(
        normalise.split_items(f"{n}.{item}" for n, item in enumerate(_items(record, "honours"), 1)) == record["honours"]
    )
    return record


def _items(record: Record, key: str) -> list[str]:
    value = record[key]
    return value if isinstance(value, list) else []


def read_back(data: bytes) -> list[Record]:
    return [row.record for row in read_roster(data, form_spec(), source="out").rows]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(records=st.lists(people(), min_size=1, max_size=4))
def test_what_is_read_back_is_what_was_written(kind: RosterKind, records: list[Record]) -> None:
    written = write_roster(records, form_spec(), unit="滨江区总工会", kind=kind)
    assert read_back(written) == [on_roster(record) for record in records]


@pytest.mark.parametrize("kind", KINDS)
def test_unit_rows_and_joint_column_are_read_back(kind: RosterKind) -> None:
    reading = read_roster(write_roster(PEOPLE, form_spec(), unit="滨江区总工会", kind=kind), form_spec(), source="out")
    assert (reading.unit, reading.findings) == ("滨江区总工会", ())
    assert [row.record for row in reading.rows] == [on_roster(record) for record in PEOPLE]
    assert [row.title_and_skill for row in reading.rows] == ["高级工程师/技师/二级"] * 2 + ["无"]


@pytest.mark.parametrize("kind", KINDS)
def test_same_records_give_the_same_bytes(kind: RosterKind) -> None:
    first, second = (write_roster(PEOPLE, form_spec(), unit="滨江区总工会", kind=kind) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", KINDS)
def test_empty_roster_is_a_form_to_fill_in(kind: RosterKind) -> None:
    reading = read_roster(write_roster([], form_spec(), unit="", kind=kind), form_spec(), source="out")
    assert (reading.rows, reading.findings, reading.unit) == ((), (), None)


def _sheet() -> Any:
    data = write_roster(PEOPLE, form_spec(), unit="滨江区总工会", kind="xlsx")
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_workbook_has_the_official_columns_and_heads() -> None:
    sheet = _sheet()
    assert sheet["A1"].value == "首届“杭州数字工匠”推荐信息汇总表"
    assert sheet["A2"].value == "填报单位：滨江区总工会"
    assert [cell.value for cell in sheet[3]] == [
        "序号", "姓名", "性别", "身份证号", "专业领域", "从业年限", "职称/技能等级", "单位及职务", "主要事迹\n（400字以内）",
        "主要成果\n（不超过3项）", "主要荣誉\n（不超过3项）", "行业细分", "备注",
    ]  # fmt: skip
    assert sorted(str(merged) for merged in sheet.merged_cells.ranges) == ["A1:M1", "A2:M2"]


def test_workbook_prints_on_a4_landscape_with_the_header_on_every_page() -> None:
    sheet = _sheet()
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "C4")


def test_cells_are_text_and_never_formulas() -> None:
    sheet = _sheet()
    assert (sheet["D4"].value, sheet["D4"].data_type, sheet["D4"].number_format) == (PEOPLE[0]["id_number"], "s", "@")
    assert (sheet["M5"].value, sheet["M5"].data_type) == ("=1+1", "s")
    assert (sheet["F4"].value, sheet["F4"].data_type) == (11, "n")


def test_value_that_excel_cannot_hold_is_refused_by_column() -> None:
    with pytest.raises(ValueError, match="主要事迹"):
        write_roster([person(1, deeds="字" * 32768)], form_spec(), unit="", kind="xlsx")


def test_document_repeats_its_header_and_lies_on_its_side() -> None:
    data = write_roster(PEOPLE, form_spec(), unit="滨江区总工会", kind="docx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        document = package.read("word/document.xml").decode()
    assert document.count("<w:tblHeader/>") == 1
    assert 'w:orient="landscape"' in document
    assert document.count("<w:tr>") == 1 + len(PEOPLE)
