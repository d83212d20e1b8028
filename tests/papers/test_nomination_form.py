# ruff: noqa: E501
"""The nomination form: every layout is read back exactly; writing and reading are inverse."""

from __future__ import annotations

import hashlib
import io
import tomllib
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import layouts

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.docx import Cell, Picture, Table
from jiangbang.papers.nomination_form import read_form, read_form_tables, write_form
from jiangbang.papers.normalise import clean_text

ROOT = Path(__file__).resolve().parents[2]


@cache
def official_form() -> FormSpec:
    path = ROOT / "programmes/hangzhou-digital-craftsman/form.toml"
    return FormSpec.from_document(tomllib.loads(path.read_text("utf-8")))


PHOTO_VALUE = {
    "media_type": "image/png",
    "width": 413,
    "height": 579,
    "sha256": hashlib.sha256(layouts.PHOTO).hexdigest(),
}


def expected(**changes: Any) -> dict[str, Any]:
    record = official_form().empty_record()
    return {**record, **layouts.RECORD, "photo": PHOTO_VALUE, "opinions": layouts.OPINIONS, **changes}


# two paragraphs stay two lines
DIFFERENT = {
    "deeds_continued_on_the_next_page": {"deeds": layouts.RECORD["deeds"].replace("。带队", "。\n带队")},
    "deeds_over_two_rows": {"deeds": layouts.RECORD["deeds"].replace("。带队", "。\n带队")},
}


@pytest.mark.parametrize("name", layouts.LAYOUTS)
def test_layout_is_read_back_exactly(name: str) -> None:
    reading = read_form(layouts.LAYOUTS[name](layouts.RECORD), official_form(), source="推荐表.docx")
    assert reading.findings == ()
    assert reading.record == expected(**DIFFERENT.get(name, {}))
    assert reading.photo is not None
    assert reading.photo.data == layouts.PHOTO


SPARSE = {
    "gender": "male",
    "birth_month": "1991-12",
    "education": None,
    "native_place": None,
    "skill_level": "无",
    "talent_class": None,
    "telephone": None,
    "mobile": None,
    "address": None,
    "motto": None,
    "achievements": ["无"],
    "honours": [],
}
# layouts whose own words fill in what the sparse record leaves out
FILLED_BY_THE_LAYOUT = {
    "tabs_soft_hyphens_and_symbols",
    "choices_ticked_in_symbol_fonts",
    "choices_ticked_by_hand",
    "choices_as_legacy_check_boxes",
    "numbers_in_full_width",
    "alternate_content",
    "ruby_and_hidden_text",
    "hint_split_over_runs_and_after_the_value",
    "placeholders_of_content_controls",
    "values_split_over_two_cells",
    "numbered_with_space",
    "month_before_year_and_ticks_in_brackets",
}


@pytest.mark.parametrize("name", [name for name in layouts.LAYOUTS if name not in FILLED_BY_THE_LAYOUT])
def test_empty_fields_take_nothing_from_their_neighbours(name: str) -> None:
    record = {**layouts.RECORD, **SPARSE}
    reading = read_form(layouts.LAYOUTS[name](record), official_form(), source="推荐表.docx")
    changes = {**DIFFERENT.get(name, {}), **SPARSE}
    assert reading.record == expected(**changes)


@pytest.mark.parametrize(
    ("heading", "further"),
    [
        ("主要事迹", ""),
        ("四、主要事迹", ""),
        ("四、主要事迹", "五、其他说明\n一式两份"),
        ("四、主要事迹：", "五、附件\n证书"),
    ],
)
def test_deeds_keep_their_own_headings(heading: str, further: str) -> None:
    deeds = "（一）基本情况\n某人，男，工程师。\n（二）主要成果\n完成项目三项。\n（三）其他\n一贯认真。"
    if heading == "主要事迹":
        deeds = deeds.replace("（二）主要成果", "（二）工作业绩")
    text = layouts.paragraphs("\n".join(filter(None, (heading, deeds, further))))
    rows = layouts.short_rows(layouts.RECORD, photo=layouts.inline_picture())
    rows += layouts.long_rows(layouts.RECORD)[:2]
    data = layouts.package(layouts.TITLE + layouts.table(*rows) + text)
    assert read_form(data, official_form(), source="x").record["deeds"] == deeds


def test_a_second_form_in_the_file_adds_nothing() -> None:
    other = {**layouts.RECORD, "name": "李四", "deeds": "另一人的事迹。"}
    body = "".join(layouts.table(*layouts.whole(one)) + layouts.paragraph("") for one in (layouts.RECORD, other))
    reading = read_form(layouts.package(body), official_form(), source="x")
    assert reading.record == expected()
    assert [finding.code for finding in reading.findings] == ["form.layout_unknown"]


# -- writing and reading are inverse -----------------------------------------------------------------------------------------

# characters of every CJK plane: extension A, URO, compatibility ideographs, planes 2 and 3
HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.sampled_from("䶮㛃﨑豈𠅤𬱖𬭎"),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2EBE0),
    st.characters(min_codepoint=0x30000, max_codepoint=0x323AF),
)
NAMES = st.one_of(
    st.text(HAN, min_size=1, max_size=8),
    st.tuples(st.text(HAN, min_size=1, max_size=4), st.text(HAN, min_size=1, max_size=6)).map("·".join),
    st.sampled_from(["John O'Neill", "Anna-Maria <Li>", "姓名", "照片"]),
)
# what XML can hold; control characters cannot stand in a document
WRITABLE = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
# what is put together from these looks like labels, numbering, hints, ticks, seals and markup
PIECES = st.sampled_from(
    ["姓名：", "1.", "2、", "（3）", "①", "一、", "1.5亿元", "2020年", "曾获荣誉：", "主要成果", "(盖章)", "已盖章", "☑", "□", "√男 女", "&amp;",
     "<w:t>", "\"“‘", "]]>", "；", "。", "/", "无", "年 月 日", "2023年3月1日", "(请填写)", "同意", "a b", "公司", "工程师", "意见", "：", "-", "\\n", "%s"]
)  # fmt: skip
LINES = (
    st.lists(
        st.one_of(PIECES, st.text(HAN, min_size=1, max_size=12), st.text(WRITABLE, max_size=6)), min_size=1, max_size=8
    )
    .map("".join)
    .map(clean_text)
    .filter(bool)
)
LONG = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)).map(date.isoformat)
OPINION = st.fixed_dictionaries(
    {"text": st.none() | LONG, "sealed": st.booleans(), "date": st.none() | DATES},
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.none() | LINES,
    "long_text": st.none() | LONG,
    "gender": st.sampled_from(["male", "female", None]),
    "month": st.none()
    | st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 1, 1)).map(lambda day: f"{day:%Y-%m}"),
    "identity": st.none() | st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True).filter(str.isascii),
    "integer": st.none() | st.integers(0, 99),
    "phone": st.none() | st.from_regex(r"0[0-9]{3}-[0-9]{8}", fullmatch=True).filter(str.isascii),
    "mobile": st.none() | st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii) | st.just("1991234"),
    "items": st.lists(LINES, max_size=4),
    "opinions": st.none() | st.fixed_dictionaries(dict.fromkeys(("employer", "unit", "leading_group"), OPINION)),
    "image": st.sampled_from([None, PHOTO_VALUE]),
}
RECORDS = st.fixed_dictionaries({spec.key: KINDS[spec.kind] for spec in official_form()} | {"name": st.none() | NAMES})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_reading_what_was_written_gives_the_record(record: dict[str, Any]) -> None:
    photo = layouts.PHOTO if record["photo"] else None
    reading = read_form(write_form(record, official_form(), photo=photo), official_form(), source="x.docx")
    assert reading.findings == ()
    assert reading.record == record
    assert (reading.photo.data if reading.photo else None) == photo


def test_writing_is_deterministic() -> None:
    first = write_form(expected(), official_form(), photo=layouts.PHOTO)
    assert write_form(expected(), official_form(), photo=layouts.PHOTO) == first


def test_written_form_is_a_valid_zip_with_a_neutral_time() -> None:
    with zipfile.ZipFile(io.BytesIO(write_form(expected(), official_form(), photo=layouts.PHOTO))) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("word/media/photo.png") == layouts.PHOTO


def test_writing_refuses_a_photo_that_is_no_picture() -> None:
    with pytest.raises(ValueError, match="picture"):
        write_form(expected(), official_form(), photo=b"not a picture")


def test_hints_stand_in_empty_fields_only() -> None:
    blank = write_form(official_form().empty_record(), official_form(), photo=None)
    filled = write_form(expected(), official_form(), photo=None)
    for data, found in ((blank, True), (filled, False)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = archive.read("word/document.xml").decode()
        assert (layouts.MOTTO_HINT in document, layouts.LIST_HINT in document) == (found, found)


def test_form_of_another_programme_is_written_and_read() -> None:
    form = FormSpec.from_document(
        {
            "title": "表",
            "roster_title": "汇总",
            "field": [
                {"key": key, "label": label, "label_en": key, "kind": kind, "personal_data": "open"}
                for key, label, kind in (
                    ("name", "姓名", "text"),
                    ("school", "学校", "text"),
                    ("works", "代表作", "items"),
                    ("story", "故事", "long_text"),
                )
            ],
        }
    )
    record: Record = {"name": "张三", "school": "第一中学", "works": ["甲", "乙"], "story": "一\n二"}
    assert read_form(write_form(record, form, photo=None), form, source="x").record == record


# -- other readers' tables, and papers that are not one form -------------------------------------------------------------


def tables_of(record: dict[str, Any]) -> list[Table]:
    """The official layout as another reader (of `.doc`) would hand it over."""
    rows = []
    for index, keys in enumerate(layouts.SHORT_ROWS):
        cells: list[Cell] = []
        for key in keys:
            for text in (layouts.LABELS[key], layouts.written(record, key)):
                cells.append(Cell([text] if text else [], column=len(cells)))
        if index == 0:
            cells.append(Cell(["照片"], column=6, row_span=3, pictures=[Picture(data=layouts.PHOTO)]))
        rows.append(cells)
    rows.append([Cell(["主要成果"]), Cell([layouts.numbered(record["achievements"])], column=1)])
    rows.append([Cell(["曾获荣誉"]), Cell(layouts.numbered(record["honours"]).split("\n"), column=1)])
    rows.append([Cell(["主要事迹"]), Cell([record["deeds"]], column=1)])
    for label, text in zip(layouts.OPINION_LABELS, layouts.OPINION_TEXTS, strict=True):
        rows.append([Cell([label]), Cell(text.split("\n"), column=1)])
    return [Table(rows)]


def test_tables_of_another_reader_are_read_alike() -> None:
    reading = read_form_tables(tables_of(layouts.RECORD), official_form(), source="表.doc")
    assert reading.findings == ()
    assert reading.record == expected()


def test_photo_handed_over_apart_is_used_where_no_cell_holds_one() -> None:
    tables = tables_of(layouts.RECORD)
    tables[0].rows[0][-1].pictures = ()
    reading = read_form_tables(tables, official_form(), source="表.doc", photo=layouts.PHOTO)
    assert reading.record == expected()


def found(data: bytes) -> list[tuple[str, str]]:
    reading = read_form(data, official_form(), source="表.docx")
    return [(finding.code, finding.message()) for finding in reading.findings]


def test_second_person_in_the_file_is_reported_and_the_first_is_read() -> None:
    second = {**layouts.RECORD, "name": "张三"}
    data = layouts.package(layouts.table(*layouts.whole(layouts.RECORD)) + layouts.table(*layouts.whole(second)))
    reading = read_form(data, official_form(), source="表.docx")
    assert reading.record == expected()
    assert [finding.code for finding in reading.findings] == ["form.layout_unknown"]
    assert "两份以上" in reading.findings[0].message()


def test_letter_is_no_form_and_the_missing_fields_are_named() -> None:
    data = layouts.package(layouts.paragraphs("关于推荐的通知\n各单位：请按时报送。\n联系电话：0571-00000000"))
    ((code, message),) = found(data)
    assert code == "form.layout_unknown"
    assert "找不到姓名、性别、出生年月、照片、学历、政治面貌等栏目" in message


def test_roster_is_no_form() -> None:
    head = layouts.row(
        *map(layouts.cell, ["序号", "姓名", "性别", "身份证号", "从业年限", "单位及职务", "主要事迹", "主要成果"])
    )
    data = layouts.package(
        layouts.table(head, layouts.row(*map(layouts.cell, ["1", "张三", "男", "1", "2", "3", "4", "5"])))
    )
    assert found(data)[0][0] == "form.layout_unknown"
    assert "汇总表" in found(data)[0][1]


def test_picture_over_an_opinion_is_its_seal() -> None:
    rows = layouts.whole(layouts.RECORD)
    rows[12] = rows[12].replace(
        "</w:tc></w:tr>", layouts.paragraph(layouts.floating_picture("rIdSeal")) + "</w:tc></w:tr>"
    )
    opinions = {**layouts.OPINIONS, "employer": {**layouts.OPINIONS["employer"], "sealed": True}}
    reading = read_form(layouts.form(*rows), official_form(), source="表.docx")
    assert reading.record == expected(opinions=opinions)


def test_seal_alone_is_no_photo() -> None:
    rows = [*layouts.short_rows(layouts.RECORD), *layouts.long_rows(layouts.RECORD), *layouts.opinion_rows()]
    rows[12] = rows[12].replace(
        "</w:tc></w:tr>", layouts.paragraph(layouts.inline_picture("rIdSeal")) + "</w:tc></w:tr>"
    )
    assert read_form(layouts.form(*rows), official_form(), source="表.docx").record["photo"] is None


@pytest.mark.parametrize(
    ("written", "opinion"),
    [
        (
            "经2023年3月1日会议研究，同意推荐。\n（公章）\n2023.3.24",
            ("经2023年3月1日会议研究，同意推荐。", False, "2023-03-24"),
        ),
        ("同意推荐。 单位盖章：   二〇二三年三月五日", ("同意推荐。", False, "2023-03-05")),
        ("同意\n（已盖章）2023-03-24", ("同意", True, "2023-03-24")),
        ("情况属实，同意推荐\n2023年 3 月 24 日（盖章）", ("情况属实，同意推荐", False, "2023-03-24")),
        ("（盖章）    2023年  月   日", (None, False, None)),
        ("同意。2023年2月30日", ("同意。2023年2月30日", False, None)),
    ],
)
def test_opinion_is_parted_into_text_seal_and_date(written: str, opinion: tuple[str | None, bool, str | None]) -> None:
    rows = layouts.whole(layouts.RECORD)
    rows[12] = layouts.row(layouts.plain("所在单位意  见", written))
    reading = read_form(layouts.form(*rows), official_form(), source="表.docx")
    opinions = reading.record["opinions"]
    assert isinstance(opinions, dict)
    assert opinions["employer"] == dict(zip(("text", "sealed", "date"), opinion, strict=True))
