"""Papers as Word documents: the same bytes, text as it stands, the official layout, nobody's name in the properties."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree
from papers.paper_cases import HARMFUL, letter, sheet

from jiangbang.papers.paper_docx import write_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return {name: package.read(name) for name in package.namelist()}


def body(docx: bytes) -> etree._Element:
    return etree.fromstring(parts(docx)["word/document.xml"])


def text_of(element: etree._Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert write_docx(sheet()) == write_docx(sheet())


def test_every_part_is_xml_and_is_declared() -> None:
    for paper in (sheet(), letter()):
        found = parts(write_docx(paper))
        assert all(etree.fromstring(data) is not None for data in found.values())
        declared = set(re.findall(r'PartName="/([^"]+)"', found["[Content_Types].xml"].decode()))
        assert {name for name in found if not name.endswith(".rels")} == declared | {"[Content_Types].xml"}


def test_what_would_be_markup_stays_text() -> None:
    assert HARMFUL in text_of(body(write_docx(letter(HARMFUL))))


def test_a_letter_has_the_margins_of_the_standard() -> None:
    (margins,) = body(write_docx(letter())).iter(f"{W}pgMar")
    mm = {side: round(int(margins.get(f"{W}{side}") or 0) * 25.4 / 1440) for side in ("top", "bottom", "left", "right")}
    assert mm == {"top": 37, "bottom": 35, "left": 28, "right": 26}


def test_a_letter_numbers_odd_pages_at_the_right_and_even_ones_at_the_left() -> None:
    found = parts(write_docx(letter()))
    assert b'w:jc w:val="right"' in found["word/footer1.xml"]
    assert b'w:jc w:val="left"' in found["word/footer2.xml"]
    assert b"evenAndOddHeaders" in found["word/settings.xml"]


def test_the_head_of_a_table_is_repeated_and_rows_have_a_cell_for_each_column() -> None:
    facts, table = body(write_docx(sheet())).iter(f"{W}tbl")
    rows = list(table.iter(f"{W}tr"))
    assert len(list(rows[0].iter(f"{W}tblHeader"))) == 1
    assert {len(row.findall(f"{W}tc")) for row in rows} == {3}
    # three facts in pairs of two: the last row is filled up
    assert [len(row.findall(f"{W}tc")) for row in facts.iter(f"{W}tr")] == [4, 3]


def test_the_properties_name_the_kind_of_paper_only() -> None:
    core = etree.fromstring(parts(write_docx(letter()))["docProps/core.xml"])
    assert [(etree.QName(one).localname, one.text) for one in core] == [("title", "告知书")]


def test_an_empty_line_is_a_gap_and_no_paragraph_of_text() -> None:
    document = body(write_docx(letter("甲\n\n乙")))
    styles = [one.get(f"{W}val") for one in document.iter(f"{W}pStyle")]
    assert styles == ["jbTitle", "jbNumber", "jbBody", "jbBody", "jbGap", *["jbBody"] * 5]
