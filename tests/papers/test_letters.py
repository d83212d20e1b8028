"""Official letters held beside the figures of GB/T 9704-2012: the PDF measured by program, the Word file by its own figures."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from itertools import pairwise

import pytest
from lxml import etree
from papers.measuring import MM, Page, pages_of

from jiangbang.papers.letters import NORM, body_of, letter, unprintable, write_letter
from jiangbang.papers.paper import Head, Heading, NewPage, Paper, Signature, Table, TableColumn, Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE = "杭州市数字经济行业工会联合会"
LONG = (
    "为深入贯彻党的二十大精神助推杭州数字经济行业高质量发展加快知识型技能型创新型数字人才队伍建设经研究并报杭州市总工会同意"
    * 3
)
RARE = "许𬱖、李䶮、王喆、赵堃、朱镕"
BODY = "\n".join(
    ["一、推荐时间", LONG, "（一）名单", f"{RARE}等5名同志。", "1. 第一项。", LONG, LONG, LONG, LONG, LONG]
)


def notice() -> Paper:
    return letter("公示", BODY, kind="公示", signed=("杭州市总工会",), day="2026年12月22日", sealed=False)


def document() -> Paper:
    return letter(
        "关于征求首届“杭州数字工匠”\n候选对象意见的通知",
        BODY,
        kind="通知",
        number="数匠办〔2026〕12号",
        to="市公安局、市发展和改革委员会、市人力资源和社会保障局、市生态环境局、市应急管理局、市税务局",
        head=Head((OFFICE,)),
        attachments=("候选对象名单", "征求意见回复表（请各单位按照要求逐项填写并加盖公章后一并寄回联合会办公室）"),
        signed=(OFFICE,),
        day="2026年3月2日",
        remark="联系人：张三，电话：0571-00000000",
    )


def to_somebody() -> Paper:
    head = Head((OFFICE,), "letter")
    return letter(
        "关于初审结果的告知书",
        BODY,
        kind="函",
        number="数匠初审〔2026〕3号",
        to="滨江区总工会",
        head=head,
        signed=("办公室",),
        day="2026年12月22日",
    )


def minutes() -> Paper:
    people = Table((TableColumn("姓名"), TableColumn("签字")), (("许𬱖", "\n"), ("李䶮", "\n")))
    blocks = (*body_of(BODY), Signature(("领导小组办公室", "2026年3月2日")), NewPage("到会成员签字", "附件1"), people)
    head = Head(("认定工作领导小组", "会议纪要"), "minutes")
    return Paper("", blocks, kind="会议纪要", number="第3次会议", head=head, layout="letter")


PAPERS = {"notice": notice, "document": document, "to_somebody": to_somebody, "minutes": minutes}


approx = pytest.approx


@cache
def measured(name: str) -> list[Page]:
    return pages_of(write_letter(PAPERS[name](), "pdf"))


each = pytest.mark.parametrize("name", PAPERS)


@each
def test_the_text_lies_in_156_by_225_mm_with_37_above_and_28_at_the_binding(name: str) -> None:
    pages = measured(name)
    assert len(pages) >= 2
    for page in pages:
        lines = [line for line in page.body if "联系人" not in line.text]
        head_of_letter = name == "to_somebody" and page is pages[0]
        assert min(line.left for line in lines) / MM >= 28 - 0.01
        assert max(line.right for line in lines) / MM <= 28 + 156 + 0.2
        assert lines[0].down / MM - 16 * 0.88 / MM >= 37 or head_of_letter
        assert lines[-1].down / MM + 16 * 0.12 / MM <= 37 + 225


@each
def test_a_full_line_has_28_characters_from_edge_to_edge(name: str) -> None:
    full = [
        line
        for page in measured(name)
        for line in page.body
        if line.text in LONG and line.left == approx(28 * MM, abs=0.1)
    ]
    wide = [line for line in full if len(line.text) >= 27]
    assert len(wide) >= 10
    for line in wide:
        assert len(line.text) == 28
        assert line.right - line.left == approx(156 * MM, abs=0.3)
        steps = {round(after.x0 - before.x0, 2) for before, after in pairwise(line.characters)}
        assert all(step == approx(156 * MM / 28, abs=0.02) for step in steps)


@each
def test_lines_are_28_95_points_apart_and_22_fill_a_page(name: str) -> None:
    first, second = measured(name)[:2]
    for page in (first, second):
        text = [line for line in page.body if line.text in BODY]
        gaps = {round(after.down - before.down, 1) for before, after in pairwise(text)}
        assert gaps == {28.9} or gaps == {29.0} or gaps == {28.9, 29.0}
    if name == "notice":
        top = 37 * MM + 20.55
        assert first.lines[0].down == approx(top, abs=0.2)
        assert first.body[-1].down == approx(top + 21 * 28.95, abs=0.2)


def test_a_page_of_plain_text_has_22_lines() -> None:
    page = pages_of(write_letter(letter("", LONG * 12, kind="文"), "pdf"))[0]
    assert len(page.body) == 22
    assert {len(line.text) for line in page.body[1:]} == {28}


@each
def test_type_is_size_3_the_title_size_2_and_page_numbers_size_4(name: str) -> None:
    pages = measured(name)
    title = "关于" if name in ("document", "to_somebody") else "公示" if name == "notice" else ""
    assert not title or pages[0].line(title).sizes == {22.0}
    numbers = [page.number for page in pages if page.number]
    assert {size for line in numbers for size in line.sizes} == {14.0}
    assert pages[1].body[3].sizes == {16.0}


@each
def test_page_numbers_stand_outside_one_character_in_and_7_mm_below(name: str) -> None:
    for number, page in enumerate(measured(name), 1):
        found = page.number
        if number == 1 and name == "to_somebody":
            assert found is None  # 10.1
            continue
        assert found is not None
        assert found.text == f"— {number} —"
        edge = found.right - (28 + 156) * MM if number % 2 else 28 * MM - found.left
        assert edge == approx(-14, abs=0.5)
        dash = found.characters[0]
        top, bottom = page.ink(262.5, 275, columns=(dash.x0 / MM, dash.x1 / MM))
        assert top == approx(37 + 225 + 7, abs=0.2)
        assert bottom - top < 0.6


@pytest.mark.parametrize(("name", "top"), [("document", 37 + 35), ("minutes", 37 + 35), ("to_somebody", 30)])
def test_the_issuer_stands_in_red_at_its_height(name: str, top: float) -> None:
    assert measured(name)[0].ink(20, 100, red=True)[0] == approx(top, abs=0.3)


def test_the_red_line_of_a_document_is_4_mm_below_its_number_and_as_wide_as_the_text() -> None:
    page = measured("document")[0]
    ((down, left, right),) = page.rules
    assert (left, right) == (approx(28, abs=0.1), approx(184, abs=0.1))
    assert down - (page.line("数匠办").down + 16 * 0.12) / MM == approx(4, abs=0.2)


def test_a_letter_to_somebody_stands_between_double_lines_of_170_mm() -> None:
    page = measured("to_somebody")[0]
    assert [(round(left), round(right)) for _down, left, right in page.rules] == [(20, 190)] * 4
    upper, lower = page.rules[:2], page.rules[2:]
    mark = page.ink(25, upper[0][0] - 1, red=True)
    assert upper[0][0] - mark[1] == approx(4, abs=0.6)
    assert lower[0][0] == approx(297 - 20, abs=0.2)
    number = page.line("数匠初审")
    assert number.right / MM == approx(184, abs=0.3)


def test_a_sealed_day_is_four_characters_in_with_the_name_centred_over_it() -> None:
    last = measured("to_somebody")[-1]
    name, day = last.line("办公室"), last.line("2026年12月22日")
    assert 184 * MM - day.right == approx(4 * NORM.cell, abs=0.5)
    assert (name.left + name.right) / 2 == approx((day.left + day.right) / 2, abs=0.5)
    assert day.down - name.down == approx(28.95, abs=0.1)
    before = last.lines[last.lines.index(name) - 1]
    assert name.down - before.down == approx(3 * 28.95, abs=0.2)


def test_without_a_seal_the_name_is_two_characters_in_and_the_day_two_further_than_it_begins() -> None:
    last = measured("notice")[-1]
    name, day = last.lines[-3:-1]
    assert (name.text.strip(), day.text.replace(" ", "")) == ("杭州市总工会", "2026年12月22日")
    assert day.left - name.left == approx(2 * NORM.cell, abs=0.3)
    assert min(184 * MM - day.right, 184 * MM - name.right) == approx(2 * NORM.cell, abs=0.5)


def test_attachments_are_told_a_line_below_and_wrap_under_their_first_character() -> None:
    last = measured("document")[-1]
    first, second, more = last.line("附件：1."), last.line("2.征求"), last.line("加盖公章")
    assert first.left == approx(28 * MM + 2 * NORM.cell, abs=0.3)
    name = next(one for one in second.characters if one.get_text() == "征")
    assert more.left == approx(name.x0, abs=0.3)


def test_a_signature_never_stands_alone_on_a_page() -> None:
    for count in range(16, 24):
        text = "\n".join(f"第{number}段。" for number in range(count))
        pages = pages_of(write_letter(letter("", text, kind="文", signed=("办公室",), day="2026年3月2日"), "pdf"))
        last = pages[-1]
        assert any(line.text.startswith("第") for line in last.lines), count


@each
def test_rare_characters_of_names_are_printed_as_they_are(name: str) -> None:
    paper = PAPERS[name]()
    assert unprintable(paper) == []
    shown = "".join(line.text for page in measured(name) for line in page.lines)
    assert RARE in shown
    assert "〓" not in shown


def test_what_no_font_has_is_said_before_printing() -> None:
    assert unprintable(letter("公示", "𰀀先生", kind="公示", to="龘𰻞先生")) == ["𰀀"]


def test_the_levels_of_a_text_become_headings() -> None:
    found = body_of("一、推荐时间\n2022年12月。\n（一）推荐阶段\n一、这是一句话。\n1. 一项")
    assert found == (
        Heading("一、推荐时间"),
        Text("2022年12月。"),
        Heading("（一）推荐阶段", level=2),
        Text("一、这是一句话。"),
        Text("1. 一项"),
    )


def test_a_sheet_is_no_letter() -> None:
    with pytest.raises(ValueError, match="letter"):
        write_letter(Paper("表", (), kind="表"), "pdf")


def test_word_sets_an_issuer_with_quotes_on_one_line() -> None:
    paper = letter("题", "文。", kind="函", head=Head(("首届“杭州数字工匠”认定工作领导小组",)))
    with zipfile.ZipFile(io.BytesIO(write_letter(paper, "docx"))) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    size = next(body.iter(f"{W}sz")).get(f"{W}val") or ""
    # 18 characters, the quotes as wide as the others
    assert 18 * int(size) / 2 <= 156 * MM


@each
def test_word_is_set_by_the_same_figures(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(write_letter(PAPERS[name](), "docx"))) as package:
        body = etree.fromstring(package.read("word/document.xml"))
        styles = package.read("word/styles.xml").decode()
        footers = {part for part in package.namelist() if "footer" in part}
    (margins,) = body.iter(f"{W}pgMar")
    sides = {side: int(margins.get(f"{W}{side}") or 0) / 1440 * 25.4 for side in ("top", "bottom", "left", "right")}
    assert sides == {
        "top": approx(37, abs=0.1),
        "bottom": approx(35, abs=0.1),
        "left": approx(28, abs=0.1),
        "right": approx(26, abs=0.5),
    }
    assert 'w:line="579" w:lineRule="exact"' in styles  # 28.95 pt
    assert '<w:spacing w:val="-4"/>' in styles  # 15.8 pt a character
    text = (11906 - int(margins.get(f"{W}left") or 0) - int(margins.get(f"{W}right") or 0)) / 20
    assert 28 * 15.8 <= text < 28 * 15.8 + 1
    assert len(footers) == (3 if name == "to_somebody" else 2)
    assert (next(body.iter(f"{W}titlePg"), None) is not None) == (name == "to_somebody")
    marks = [one for one in body.iter(f"{W}pStyle") if one.get(f"{W}val") == "jbMark"]
    assert len(marks) == {"document": 1, "minutes": 2}.get(name, 0)
