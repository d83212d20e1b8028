"""The roster as a Word document, written part by part: A4 landscape, the header row repeated on every page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from jiangbang.papers.roster_columns import TITLE_AND_SKILL
from jiangbang.papers.roster_layout import UNIT_LABEL, PrintedColumn

# Twentieths of a point: A4 landscape, margins of 10 mm at the sides and 15 mm above and below.
PAGE_WIDTH, PAGE_HEIGHT, SIDE, ABOVE = 16838, 11906, 567, 850
# Half points: title 20, unit 12, body 9.
TITLE_SIZE, UNIT_SIZE, BODY_SIZE, FOOT_SIZE = 40, 24, 18, 18
# Where Word's smaller type wants another share than Excel: the long texts get the room, three people stand on a page.
SHARES = {
    "id_number": 22.0, "specialty": 8.0, TITLE_AND_SKILL: 11.0, "employer_and_position": 14.0, "deeds": 46.0,
    "achievements": 26.0, "honours": 20.0, "industry_class": 9.0, "remarks": 6.0,
}  # fmt: skip
# Twentieths of a point: the pitch of the lines in the table.
PITCH = 245
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# XML 1.0 can carry none of these
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/footer1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>'
)
_RELATIONSHIPS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT_RELATIONSHIPS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/footer" Target="footer1.xml"/></Relationships>'
)
_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
    f'<w:sz w:val="{BODY_SIZE}"/><w:szCs w:val="{BODY_SIZE}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    "</w:rPr></w:rPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>'
)
_FIELD = '<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def roster_docx(title: str, unit: str, columns: Sequence[PrintedColumn], rows: Sequence[Sequence[str | int]]) -> bytes:
    """The document's bytes; the same input always gives the same. Characters that XML cannot carry are left out."""
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONSHIPS,
        "word/document.xml": _document(title, unit, columns, rows),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONSHIPS,
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _footer(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, _EARLIEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, text.encode())
    return buffer.getvalue()


def _document(title: str, unit: str, columns: Sequence[PrintedColumn], rows: Sequence[Sequence[str | int]]) -> str:
    widths = _widths(columns)
    body = [
        _paragraph(title, size=TITLE_SIZE, align="center", bold=True, after=160),
        _paragraph(UNIT_LABEL + unit, size=UNIT_SIZE, align="left", after=80),
        "<w:tbl>",
        _table_properties(widths),
        _header_row(columns, widths),
        *(_row(row, columns, widths) for row in rows),
        "</w:tbl>",
        # Word wants a paragraph behind the last table; as small as it goes, so that it makes no empty page
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>',
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{ABOVE}" w:right="{SIDE}" w:bottom="{ABOVE}" w:left="{SIDE}" w:header="400" w:footer="400" '
        'w:gutter="0"/></w:sectPr>',
    ]
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(body)}</w:body></w:document>'


def _widths(columns: Sequence[PrintedColumn]) -> list[int]:
    """The columns' shares of the text width, in twentieths of a point."""
    shares = [SHARES.get(column.key, column.width) for column in columns]
    return [int((PAGE_WIDTH - 2 * SIDE) * share / sum(shares)) for share in shares]


def _table_properties(widths: Sequence[int]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="45" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="45" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )


def _header_row(columns: Sequence[PrintedColumn], widths: Sequence[int]) -> str:
    cells = (
        _cell(column.heading.split("\n"), width, align="center", hei=True)
        for column, width in zip(columns, widths, strict=True)
    )
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="640"/><w:tblHeader/></w:trPr>{"".join(cells)}</w:tr>'


def _row(values: Sequence[str | int], columns: Sequence[PrintedColumn], widths: Sequence[int]) -> str:
    cells = (
        _cell(str(value).split("\n"), width, align="center" if column.align == "center" else "left")
        for value, column, width in zip(values, columns, widths, strict=True)
    )
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="560"/></w:trPr>{"".join(cells)}</w:tr>'


def _cell(lines: Sequence[str], width: int, *, align: str, hei: bool = False) -> str:
    paragraphs = "".join(_paragraph(line, size=BODY_SIZE, align=align, hei=hei) for line in lines)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph(text: str, *, size: int, align: str, bold: bool = False, hei: bool = False, after: int = 0) -> str:
    font = '<w:rFonts w:eastAsia="黑体"/>' if hei else ""
    pitch = f' w:line="{PITCH}" w:lineRule="exact"' if size == BODY_SIZE else ""
    style = f'{font}{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    run = f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{_clean(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="{after}"{pitch}/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'


def _footer() -> str:
    def field(code: str) -> str:
        return (
            f'{_FIELD.format(kind="begin")}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
            f"{_FIELD.format(kind='separate')}<w:r><w:t>1</w:t></w:r>{_FIELD.format(kind='end')}"
        )

    def text(words: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'

    line = f"{text('第 ')}{field('PAGE')}{text(' 页，共 ')}{field('NUMPAGES')}{text(' 页')}"
    return f'{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{line}</w:p></w:ftr>'


def _clean(text: str) -> str:
    return escape(_NO_XML.sub("", text))
