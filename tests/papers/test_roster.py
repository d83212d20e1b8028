"""Reading rosters: the family of layouts that units send."""

from __future__ import annotations

from typing import Any

import pytest
from papers.roster_cases import (
    HEADER,
    PEOPLE,
    TITLE,
    UNIT,
    assert_reads,
    form_spec,
    on_roster,
    person,
    read,
    records,
    roster_cells,
    sheet,
    table,
    workbook,
)

from jiangbang.papers.docx import Cell, Table
from jiangbang.papers.roster import has_roster_header, read_roster_tables


def test_official_layout_is_read_with_unit_and_row_numbers() -> None:
    assert_reads(workbook(sheet(*roster_cells(PEOPLE))), numbers=[4, 5, 6])


def test_joint_column_is_kept_as_written() -> None:
    reading = read(workbook(sheet(*roster_cells(PEOPLE))))
    assert [row.title_and_skill for row in reading.rows] == ["高级工程师/技师/二级"] * 3


def test_blank_rows_footers_examples_and_repeated_headers_are_no_people() -> None:
    one, two, three = roster_cells(PEOPLE)
    example = ["例", "例：张三", "男", "330106199001011234", "", 11, "", "某公司", "", "", "", "", ""]
    another = ["", "李四（示例）", "女", "330106199001011235"]
    rows = sheet(
        example,
        another,
        one,
        [],
        [],
        two,
        ["合计", "2人"],
        list(HEADER),
        three,
        [4],
        [5, "", "", "", ""],
        ["合计：3人"],
        ["填表人：王五", "", "", "联系电话：13900000000"],
        ["", "填表人", "王五", "联系电话"],
        ["注：身份证号请设为文本格式。"],
        ["说明：1.本表由推荐单位填写"],
    )
    assert_reads(workbook(rows), numbers=[6, 9, 12])


@pytest.mark.parametrize(
    "between",
    [
        [["一、企业类"]],
        [["", "二、院校类"]],
        [
            ["", "", "", "", "", "", "", "", "", "", "（盖章）"],
            ["", "", "", "", "", "", "", "", "", "", "2023年3月20日"],
        ],
        [["2023年3月20日"], ["", "", "单位负责人：张三", "", "", "填表人：李四"]],
        [["", "共3人"], ["", "合计", "3"]],
        [["", "（与身份证一致）", "（男/女）", "（18位）"]],
        [["", "与身份证一致", "男/女", "18位", "如人工智能"]],
        [["首届“杭州数字工匠”推荐信息汇总表"], ["填报单位：滨江区总工会"], list(HEADER)],
    ],
)
def test_captions_signatures_and_instructions_are_no_people(between: list[list[Any]]) -> None:
    one, two, three = roster_cells(PEOPLE)
    reading = read(workbook([list(HEADER), *between, one, *between, two, three, *between]))
    assert records(reading) == [on_roster(record) for record in PEOPLE]


def test_table_need_not_begin_in_the_first_column() -> None:
    rows = [[], ["", "标题"], ["", *UNIT], ["", *HEADER], *(["", *cells] for cells in roster_cells(PEOPLE))]
    assert_reads(workbook(rows), numbers=[5, 6, 7])


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        (["填报单位：滨江区总工会（盖章）    填表人：王五"], "滨江区总工会"),
        (["填报单位（盖章）：滨江区总工会"], "滨江区总工会"),
        (["", "推荐单位", "滨江区总工会"], "滨江区总工会"),
        (["填报单位", "", "", "滨江区总工会"], "滨江区总工会"),
        (["填 报 单 位 ： 滨江区总工会　填报日期：2023年3月"], "滨江区总工会"),
        (["填报单位：（盖章）滨江区总工会", "", "填报时间：2023年3月"], "滨江区总工会"),
        (["填报单位（盖章）：", "滨江区总工会", "填报日期：2023"], "滨江区总工会"),
        (["填报单位：（盖章）", "", "填报日期：2023"], None),
        (["填报单位："], None),
        (["填报单位：______"], None),
    ],
)
def test_unit_line_is_read_above_and_below(line: list[str], unit: str | None) -> None:
    above = read(workbook([TITLE, line, list(HEADER), *roster_cells(PEOPLE)]))
    below = read(workbook([TITLE, list(HEADER), *roster_cells(PEOPLE), [], line]))
    assert (above.unit, below.unit) == (unit, unit)
    assert records(above) == records(below) == [on_roster(record) for record in PEOPLE]


def test_unit_column_tells_the_unit_when_it_says_one_thing() -> None:
    rows = [["推荐单位", *HEADER], *(["滨江区总工会", *cells] for cells in roster_cells(PEOPLE))]
    assert_reads(workbook([TITLE, *rows]), numbers=[3, 4, 5])


def test_sheet_with_the_roster_is_chosen() -> None:
    example = [person(9, name="示范人")]
    book = workbook(
        {
            "填写说明": [["一、请按附件2填写姓名、性别"], ["二、身份证号为文本"]],
            "示例": sheet(*roster_cells(example)),
            "汇总表": sheet(*roster_cells(PEOPLE)),
            "旧表": sheet(*roster_cells(example)),
            "Sheet3": [],
        },
        hidden=["旧表"],
    )
    assert_reads(book, numbers=[4, 5, 6])
    assert {row.sheet for row in read(book).rows} == {None}


def test_people_on_several_sheets_are_all_read_and_name_their_sheet() -> None:
    book = workbook({"企业": sheet(*roster_cells(PEOPLE[:1])), "院校": sheet(*roster_cells(PEOPLE[1:]))})
    assert [(row.sheet, row.number) for row in read(book).rows] == [("企业", 4), ("院校", 4), ("院校", 5)]


def test_employer_merged_over_several_people_counts_for_each() -> None:
    people = [person(number, employer_and_position="云帆软件有限公司 工程师") for number in (1, 2)]
    cells = roster_cells(people)
    cells[0][7] = cells[1][7] = None
    book = workbook(sheet(*cells), merges=[(3, 7, 4, 7, "云帆软件有限公司 工程师")])
    assert records(read(book)) == [on_roster(record) for record in people]


def test_person_over_several_rows_is_one_person() -> None:
    one = person(1)
    first = roster_cells([one])[0]
    first[9], first[1] = "主持研发第1号系统", None
    second: list[Any] = [None] * 13
    second[9] = "参与起草标准两项"
    book = workbook(sheet(first, second, *roster_cells(PEOPLE[1:])), merges=[(3, 1, 4, 1, one["name"])])
    assert records(read(book)) == [on_roster(record) for record in PEOPLE]
    loose = workbook(sheet([*first[:1], one["name"], *first[2:]], second, *roster_cells(PEOPLE[1:])))
    assert records(read(loose)) == [on_roster(record) for record in PEOPLE]


def test_tables_of_other_readers_are_read_nested_too() -> None:
    inner = table([list(HEADER), *roster_cells(PEOPLE)])
    outer = Table([[Cell(["首届“杭州数字工匠”推荐信息汇总表"], tables=[inner])]])
    reading = read_roster_tables([outer], form_spec(), source="附件3.doc", paragraphs=["填报单位：滨江区总工会"])
    assert records(reading) == [on_roster(record) for record in PEOPLE]
    assert (reading.unit, [row.number for row in reading.rows]) == ("滨江区总工会", [2, 3, 4])
    assert has_roster_header([outer], form_spec())


def test_cells_merged_in_a_word_table_count_for_every_row() -> None:
    people = [person(number, employer_and_position="云帆软件有限公司 工程师") for number in (1, 2)]
    cells = roster_cells(people)
    merged = table([list(HEADER), *cells])
    merged.rows[1][7].row_span = 2
    del merged.rows[2][7]
    title = Cell(["首届“杭州数字工匠”推荐信息汇总表"], span=13)
    merged.rows.insert(0, [title])
    reading = read_roster_tables([merged], form_spec(), source="附件3.docx")
    assert records(reading) == [on_roster(record) for record in people]
