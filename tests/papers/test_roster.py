"""Reading rosters: the family of layouts that units send, and files that want to do harm."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers.roster_cases import HEADER, form_spec, on_roster, person, roster_cells, workbook

from jiangbang.papers.docx import Cell, Table
from jiangbang.papers.reading import RosterReading
from jiangbang.papers.roster import has_roster_header, read_roster, read_roster_tables
from jiangbang.papers.roster_values import read_plain, read_value

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


def test_official_layout_is_read_with_unit_and_row_numbers() -> None:
    assert_reads(workbook(sheet(*roster_cells(PEOPLE))), numbers=[4, 5, 6])


def test_joint_column_is_kept_as_written() -> None:
    reading = read(workbook(sheet(*roster_cells(PEOPLE))))
    assert [row.title_and_skill for row in reading.rows] == ["高级工程师/技师/二级"] * 3


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


def test_header_repeated_in_another_order_counts_from_there() -> None:
    one, two, three = roster_cells(PEOPLE)
    data = workbook([list(HEADER), one, list(reversed(HEADER)), list(reversed(two)), list(reversed(three))])
    assert records(read(data)) == [on_roster(record) for record in PEOPLE]


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


def _repack(data: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = change(part.filename, old.read(part))
            if content is not None:
                new.writestr(part.filename, content)
        for name, content in added.items():
            new.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_strict_ooxml_is_read() -> None:
    strict = _repack(
        workbook(sheet(*roster_cells(PEOPLE))),
        lambda _, part: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    assert_reads(strict, numbers=[4, 5, 6])


def _in_shared_strings(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, part: change(part) if name == "xl/sharedStrings.xml" else part


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda _: b"", "packet.member_unreadable"),
        (lambda _: b"no workbook", "packet.member_unreadable"),
        (lambda data: data[: len(data) // 2], "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda part: part[: len(part) // 2])), "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda _: b"")), "packet.member_unreadable"),
        (lambda data: _repack(data, lambda name, part: None if "sharedStrings" in name else part), "packet.member_unreadable"),
        (lambda data: _repack(data, _in_shared_strings(lambda part: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + part)), "packet.member_unreadable"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__vbaProject.bin": b"x"}), "packet.macro"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "packet.encrypted"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "_VBA_PROJECT_CUR".encode("utf-16-le"), "packet.macro"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__big.xml": bytes(140_000_000)}), "packet.too_large"),
        (lambda data: _repack(data, lambda _, part: part, **{"xl__big.xml": bytes(40_000_000)}), "packet.too_large"),
    ],
)  # fmt: skip
def test_broken_and_hostile_workbooks_are_one_finding(broken: Callable[[bytes], bytes], code: str) -> None:
    reading = read(broken(workbook(sheet(*roster_cells(PEOPLE)))))
    assert ([finding.code for finding in reading.findings], reading.rows) == ([code], ())
    assert reading.findings[0].message()
    assert reading.findings[0].message("en")


def test_value_in_the_last_cell_of_the_sheet_is_refused_by_name() -> None:
    far = _repack(
        workbook(sheet(*roster_cells(PEOPLE))),
        lambda _, part: part.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )
    (finding,) = read(far).findings
    assert finding.code == "packet.too_large"
    assert "XFD1048576" in finding.message()


def test_workbook_without_a_roster_header_is_said() -> None:
    (finding,) = read(workbook([["姓名", "电话"], ["张三", "13900000000"]])).findings
    assert (finding.code, finding.where) == ("packet.member_unreadable", "附件3.xlsx")
    assert "表头" in finding.message()


def _table(rows: list[list[Any]]) -> Table:
    return Table(
        [[Cell([str("" if value is None else value)], column=index) for index, value in enumerate(row)] for row in rows]
    )


def test_tables_of_other_readers_are_read_nested_too() -> None:
    inner = _table([list(HEADER), *roster_cells(PEOPLE)])
    outer = Table([[Cell(["首届“杭州数字工匠”推荐信息汇总表"], tables=[inner])]])
    reading = read_roster_tables([outer], form_spec(), source="附件3.doc", paragraphs=["填报单位：滨江区总工会"])
    assert records(reading) == [on_roster(record) for record in PEOPLE]
    assert (reading.unit, [row.number for row in reading.rows]) == ("滨江区总工会", [2, 3, 4])
    assert has_roster_header([outer], form_spec())


def test_cells_merged_in_a_word_table_count_for_every_row() -> None:
    people = [person(number, employer_and_position="云帆软件有限公司 工程师") for number in (1, 2)]
    cells = roster_cells(people)
    table = _table([list(HEADER), *cells])
    table.rows[1][7].row_span = 2
    del table.rows[2][7]
    title = Cell(["首届“杭州数字工匠”推荐信息汇总表"], span=13)
    table.rows.insert(0, [title])
    reading = read_roster_tables([table], form_spec(), source="附件3.docx")
    assert records(reading) == [on_roster(record) for record in people]


def test_wide_and_long_sheets_cost_no_time() -> None:
    junk = [[f"推荐{row}{column}姓名栏" for column in range(300)] for row in range(300)]
    began = time.process_time()
    assert [finding.code for finding in read(workbook(junk)).findings] == ["packet.member_unreadable"]
    assert time.process_time() - began < 5


def test_nomination_form_has_no_roster_header() -> None:
    form = _table(
        [["姓名", "张三", "性别", "男", "身份证号", "330106199001011234"], ["从业年限", "11", "行业细分", "软件"]]
    )
    assert not has_roster_header([form], form_spec())


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
@given(value=PLAIN_CELLS)
def test_quick_reader_never_says_anything_else_than_the_careful_one(value: object) -> None:
    for spec in form_spec().roster_fields:
        plain = read_plain(spec, value)
        if plain is not None:
            assert (plain, None) == read_value(spec, [[value]])
