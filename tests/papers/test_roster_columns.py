"""The header of a roster, in whatever words, order and rows."""

from __future__ import annotations

import random
import time

import pytest
from papers.roster_cases import (
    HEADER,
    PEOPLE,
    TITLE,
    UNIT,
    assert_reads,
    form_spec,
    on_roster,
    read,
    records,
    roster_cells,
    sheet,
    table,
    workbook,
)

from jiangbang.papers.roster import has_roster_header


def test_separate_title_and_skill_columns_are_joined() -> None:
    rows = [[*cells[:6], "高级工程师", "技师/二级", *cells[7:]] for cells in roster_cells(PEOPLE)]
    data = workbook(sheet(*rows, head=[UNIT, [*HEADER[:6], "职称", "技能等级", *HEADER[7:]]]))
    assert_reads(data, numbers=[3, 4, 5])
    assert read(data).rows[0].title_and_skill == "高级工程师/技师/二级"


@pytest.mark.parametrize(
    "header",
    [
        "序 号|姓　名|性 别|身份证\n号码|专业\n领域|从业年限（年）|职称 / 技能等级|单位及\n职务：|主要事迹\n（400字以内）"
        "|主要成果\n（不超过3项）|主要荣誉\n(不超过3项)|行业细分|备  注",
        "No.|候选人姓名|性别：|公民身份号码(18位)|从事专业|工作年限|技能等级/职称|工作单位及职务|主要事迹限400字"
        "|主要成果不超过3项|曾获荣誉（限3项）|所属行业|备注",
        "编号|*姓名|*性别|*居民身份证号|*专业领域|*从业年数|专业技术职称、技能等级|所在单位及职务|先进事迹|成果|所获荣誉|细分行业|",
    ],
)
def test_header_wording_does_not_matter(header: str) -> None:
    reading = read(workbook(sheet(*roster_cells(PEOPLE), head=[TITLE, header.split("|")])))
    assert records(reading) == [on_roster(record) for record in PEOPLE]
    assert reading.rows[0].title_and_skill == "高级工程师/技师/二级"


def test_any_column_order_and_extra_columns_are_read() -> None:
    table = [list(HEADER), *roster_cells(PEOPLE)]
    order = list(range(len(HEADER)))
    random.Random(7).shuffle(order)
    shuffled = [[row[index] for index in order] for row in table]
    extra = ["手机号码", *["13900000000"] * 3], ["学历", *["本科"] * 3], ["推荐类别", *["企业"] * 3]
    widened = [
        [*(column[number] for column in extra[:2]), *row, extra[2][number]] for number, row in enumerate(shuffled)
    ]
    assert_reads(workbook([TITLE, UNIT, *widened]), numbers=[4, 5, 6])


def test_missing_optional_columns_are_absent() -> None:
    keep = [1, 3, 7]
    rows = [[row[index] for index in keep] for row in [list(HEADER), *roster_cells(PEOPLE)]]
    reading = read(workbook(rows))
    assert [(row.record["name"], row.record["honours"], row.record["remarks"]) for row in reading.rows] == [
        (record["name"], [], None) for record in PEOPLE
    ]


def test_header_over_two_rows_is_one_header() -> None:
    upper = [
        "序号",
        "基本情况",
        "",
        "",
        "",
        "从业年限",
        "职称/技能等级",
        "单位及职务",
        "主要事迹",
        "主要成果",
        "主要荣誉",
        "行业细分",
        "备注",
    ]
    lower = [
        "",
        "姓名",
        "性别",
        "身份证号",
        "专业领域",
        "",
        "",
        "",
        "（400字以内）",
        "（不超过3项）",
        "（不超过3项）",
        "",
        "",
    ]
    assert_reads(workbook(sheet(*roster_cells(PEOPLE), head=[TITLE, UNIT, upper, lower])), numbers=[5, 6, 7])


def test_line_of_column_numbers_is_no_person() -> None:
    numbers = list(range(1, 14))
    assert_reads(workbook(sheet(numbers, *roster_cells(PEOPLE))), numbers=[5, 6, 7])


def test_employer_and_position_in_two_columns_are_joined() -> None:
    rows = [[*cells[:7], *str(cells[7]).split(" "), *cells[8:]] for cells in roster_cells(PEOPLE)]
    assert_reads(workbook(sheet(*rows, head=[UNIT, [*HEADER[:7], "工作单位", "职务", *HEADER[8:]]])), numbers=[3, 4, 5])


def test_header_repeated_in_another_order_counts_from_there() -> None:
    one, two, three = roster_cells(PEOPLE)
    data = workbook([list(HEADER), one, list(reversed(HEADER)), list(reversed(two)), list(reversed(three))])
    assert records(read(data)) == [on_roster(record) for record in PEOPLE]


def test_wide_and_long_sheets_cost_no_time() -> None:
    junk = [[f"推荐{row}{column}姓名栏" for column in range(300)] for row in range(300)]
    began = time.process_time()
    assert [finding.code for finding in read(workbook(junk)).findings] == ["packet.member_unreadable"]
    assert time.process_time() - began < 5


def test_nomination_form_has_no_roster_header() -> None:
    form = table(
        [["姓名", "张三", "性别", "男", "身份证号", "330106199001011234"], ["从业年限", "11", "行业细分", "软件"]]
    )
    assert not has_roster_header([form], form_spec())
