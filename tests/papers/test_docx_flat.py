# ruff: noqa: E501
"""Plain documents read from their text: the same body as from their tree, or none."""

from __future__ import annotations

from typing import Any

import pytest
from papers import layouts

from jiangbang.papers.docx_flat import read_flat
from jiangbang.papers.docx_walk import Walker
from jiangbang.papers.grid import Cell, Picture
from jiangbang.papers.package import Package, PackageError, parse_xml


def known(ids: list[str]) -> Picture | None:
    return next((Picture(part=one) for one in ids if one.startswith("rId")), None)


def from_tree(xml: bytes) -> Cell:
    walker, body = Walker(known), Cell()
    for child in parse_xml(xml, "x"):
        walker.block(child, body)
    return body


def plain(cell: Cell) -> Any:
    """All that a cell holds, to be compared."""
    tables = [[[plain(inner) for inner in row] for row in table.rows] for table in cell.tables]
    return (cell.paragraphs, cell.column, cell.span, cell.row_span, tables, list(cell.pictures), cell.marked)


def xml_of(data: bytes) -> bytes:
    package = Package(data)
    return package.read(next(name for name in package.names if name.endswith(("document.xml", "main2.xml"))))


@pytest.mark.parametrize("name", layouts.LAYOUTS)
def test_both_readers_agree(name: str) -> None:
    xml = xml_of(layouts.LAYOUTS[name](layouts.RECORD))
    flat = read_flat(xml, known)
    assert flat is None or plain(flat) == plain(from_tree(xml))


def test_most_layouts_are_plain() -> None:
    accepted = [name for name, make in layouts.LAYOUTS.items() if read_flat(xml_of(make(layouts.RECORD)), known)]
    assert len(accepted) > 0.8 * len(layouts.LAYOUTS)


def of_body(body: str) -> bytes:
    return layouts.document(body).encode()


TEXT = layouts.paragraph(layouts.run("甲"))


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>甲<!-- <w:t>乙</w:t> --></w:t></w:r></w:p>",
        "<w:p><w:r><w:t><![CDATA[<w:t>甲</w:t>]]></w:t></w:r></w:p>",
        "<w:p><w:r><w:t>&#30002;</w:t></w:r></w:p>",
        "<w:p><w:r><?word <w:t>乙</w:t>?><w:t>甲</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>甲\r\n乙</w:t></w:r></w:p>",
        '<w:p><x:r xmlns:x="urn:x"><w:t>甲</w:t></x:r></w:p>',
        '<q xmlns:w="urn:other"><w:p><w:r><w:t>甲</w:t></w:r></w:p></q>',
        "<w:p><w:del><w:r><w:t>甲</w:t></w:r></w:del></w:p>",
        layouts.table(layouts.row(layouts.cell(layouts.table(layouts.row(layouts.cell("甲"))) + "<w:p/>"))),
        "<w:tr><w:tc><w:p/></w:tc></w:tr>",
        "<w:tbl><w:tc><w:p/></w:tc></w:tbl>",
        "<w:p><w:r><w:t>甲</w:t></w:r>",
    ],
)
def test_what_is_not_plain_is_refused(body: str) -> None:
    assert read_flat(of_body(body), known) is None


@pytest.mark.parametrize(
    "body",
    [
        '<w:p><w:bookmarkStart w:id="0" w:name="a&gt;b>c"/><w:r><w:t xml:space="preserve">甲 &lt;&amp;lt;&gt; </w:t></w:r></w:p>',
        "<w:p><w:r><w:t/>\n<w:t xml:space='preserve'/>\n<w:t></w:t><w:t>甲</w:t></w:r></w:p>",
        layouts.paragraph(layouts.inline_picture() + layouts.floating_picture("rIdSeal") + layouts.vml_picture()),
        layouts.table(layouts.row(layouts.cell("甲", 2), layouts.cell("乙", 1, layouts.RESTART)), layouts.row(layouts.cell("丙", 2), layouts.cell("丁", 1, layouts.CONTINUE))) + TEXT,
        layouts.paragraph(layouts.run("一\n二") + "<w:r><w:tab/><w:noBreakHyphen/><w:sym w:char='F0FE'/></w:r>"),
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
        layouts.paragraph(layouts.run("甲"), '<w:numPr><w:numId w:val="3"/></w:numPr>'),
    ],
)  # fmt: skip
def test_plain_bodies_read_alike(body: str) -> None:
    flat = read_flat(of_body(body), known)
    assert flat is not None
    assert plain(flat) == plain(from_tree(of_body(body)))


def test_damaged_xml_is_left_to_the_tree() -> None:
    damaged = of_body(TEXT)[:-20]
    assert read_flat(damaged, known) is None
    with pytest.raises(PackageError):
        from_tree(damaged)
