"""Papers as Word documents in the official layout: GB/T 9704 for letters, smaller type for sheets. The same paper gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jiangbang.papers.docx_parts import BODY_FONT, LABEL_FONT, TITLE_FONT, Part, R, W, escape, pack, zip_parts
from jiangbang.papers.paper import (
    Block,
    Facts,
    Heading,
    Layout,
    NewPage,
    Paper,
    Signature,
    Table,
    TableColumn,
    Text,
    lines_of,
)

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RULE: Final = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8780"/>'
_SHADE: Final = '<w:shd w:val="clear" w:color="auto" w:fill="F6F4EE"/>'
# The share of a label's column in a table of facts, in hundredths of its pair.
_LABEL_SHARE: Final = 30


@dataclass(frozen=True, slots=True)
class _Measure:
    """Lengths in twentieths of a point, type in half points."""

    above: int
    below: int
    left: int
    right: int
    title: int
    body: int
    heading: int
    cell: int
    pitch: int
    foot: int

    @property
    def width(self) -> int:
        return 11906 - self.left - self.right


# GB/T 9704-2012: head 37 mm, binding 28 mm, text 156 by 225 mm; 22 pt title, 16 pt body in lines of 28.95 pt, page number 14 pt
_MEASURES: Final[dict[Layout, _Measure]] = {
    "letter": _Measure(2098, 1985, 1588, 1474, title=44, body=32, heading=32, cell=24, pitch=579, foot=28),
    "sheet": _Measure(1247, 1247, 1247, 1134, title=36, body=21, heading=24, cell=19, pitch=320, foot=18),
}


def write_docx(paper: Paper) -> bytes:
    """The paper as `.docx`. Characters that XML cannot hold are left out; what a font lacks, Word takes from another."""
    measure = _MEASURES[paper.layout]
    return zip_parts(
        [
            *_frame(paper.kind),
            pack("word/styles.xml", _styles(measure)),
            pack("word/footer1.xml", _footer(paper, measure, "right" if paper.layout == "letter" else "both")),
            pack("word/footer2.xml", _footer(paper, measure, "left" if paper.layout == "letter" else "both")),
            pack("word/settings.xml", _settings(paper.layout)),
            pack("word/document.xml", _document(paper, measure)),
        ]
    )


def _document(paper: Paper, measure: _Measure) -> str:
    head = _title(paper.title)
    if paper.number:
        head += _paragraph("jbNumber", _run(paper.number))
    if paper.to:
        head += _paragraph("jbBody", _run(paper.to + ("：" if paper.language == "zh" else ":")))
    body = "".join(_block(block, paper, measure) for block in paper.blocks)
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:footerReference w:type="even" r:id="rId3"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{measure.above}" w:right="{measure.right}" w:bottom="{measure.below}"'
        f' w:left="{measure.left}" w:header="851" w:footer="{measure.below - 397 - measure.foot * 10}" w:gutter="0"/></w:sectPr>'
    )
    return f'{_HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{head}{body}{section}</w:body></w:document>'


def _block(block: Block, paper: Paper, measure: _Measure) -> str:
    if isinstance(block, Heading):
        return _paragraph("jbHeading", _run(block.text))
    if isinstance(block, Text):
        size = measure.cell if block.small else measure.body
        return _text(block, 2 * size * 10 if block.indent and paper.language == "zh" else 0)
    if isinstance(block, Facts):
        return _facts(block, measure)
    if isinstance(block, Table):
        return _table(block, measure)
    if isinstance(block, Signature):
        return _signature(block, measure)
    return _new_page(block)


def _title(text: str) -> str:
    return _paragraph("jbTitle", _lines(text))


def _new_page(block: NewPage) -> str:
    broken = "<w:pageBreakBefore/>"
    if block.title:
        return _paragraph("jbTitle", _lines(block.title), broken)
    return _paragraph("jbGap", "", broken)


def _text(block: Text, indent: int) -> str:
    """The paragraphs; an empty line between them is a small gap. `indent` of their first lines, in twentieths of a point."""
    style = "jbSmall" if block.small else "jbBody"
    properties = f'<w:ind w:firstLineChars="200" w:firstLine="{indent}"/>' if indent else ""
    if block.align != "left":
        properties += f'<w:jc w:val="{block.align}"/>'
    return "".join(
        _paragraph(style, _run(line), properties) if line.strip() else _paragraph("jbGap", "")
        for line in lines_of(block.text)
    )


def _signature(block: Signature, measure: _Measure) -> str:
    """Centred on each other, four characters from the right edge: a borderless column as wide as the longest line."""
    wide = max(_width(line) for line in block.lines) * measure.body * 10 + 60
    indent = (
        f'<w:ind w:left="{max(0, measure.width - wide - 4 * measure.body * 10)}" w:right="{4 * measure.body * 10}"/>'
    )
    gap = _paragraph("jbBody", "")
    return gap + "".join(
        _paragraph("jbBody", _run(line), f'<w:keepNext/><w:keepLines/>{indent}<w:jc w:val="center"/>')
        for line in block.lines
    )


def _width(text: str) -> float:
    """How many full-width characters a line takes."""
    return sum(0.5 if ord(one) < 0x2E80 else 1.0 for one in text)


# -- tables --------------------------------------------------------------------------------------------------------------


def _facts(block: Facts, measure: _Measure) -> str:
    pair = measure.width // block.pairs
    label = pair * _LABEL_SHARE // 100
    widths = [label, pair - label] * block.pairs
    rows = []
    for start in range(0, len(block.rows), block.pairs):
        chosen = block.rows[start : start + block.pairs]
        cells = "".join(
            _cell(name, label, "jbCellHead", shaded=True) + _cell(value, pair - label, "jbCell")
            for name, value in chosen
        )
        left_over = block.pairs - len(chosen)
        if left_over:
            cells += _cell("", pair * left_over, "jbCell", span=2 * left_over)
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return _ruled(widths, "".join(rows))


def _table(block: Table, measure: _Measure) -> str:
    shares = sum(column.share for column in block.columns)
    widths = [measure.width * column.share // shares for column in block.columns]
    head = "".join(
        _cell(column.label, width, "jbCellHead", shaded=True, align="center")
        for column, width in zip(block.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    rows += [_row(row, block.columns, widths) for row in block.rows]
    return _ruled(widths, "".join(rows))


def _row(row: tuple[str, ...], columns: tuple[TableColumn, ...], widths: list[int]) -> str:
    cells = "".join(
        _cell(value, width, "jbCell", align=column.align)
        for value, column, width in zip(row, columns, widths, strict=True)
    )
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if sum(map(len, row)) <= 900 else ""
    return f"<w:tr>{whole}{cells}</w:tr>"


def _ruled(widths: list[int], rows: str) -> str:
    sides = "".join(_RULE.format(side=side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{_paragraph("jbGap", "")}'
    )


def _cell(text: str, width: int, style: str, *, shaded: bool = False, align: str = "left", span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = _SHADE if shaded else ""
    centred = '<w:vAlign w:val="center"/>' if shaded else ""
    properties = f'<w:jc w:val="{align}"/>' if align != "left" else ""
    paragraphs = "".join(_paragraph(style, _run(line), properties) for line in lines_of(text))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{shade}{centred}</w:tcPr>{paragraphs}</w:tc>'


def _paragraph(style: str, content: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _lines(text: str) -> str:
    return "<w:r><w:br/></w:r>".join(_run(line) for line in lines_of(text))


# -- the parts around ----------------------------------------------------------------------------------------------------


def _style(name: str, label: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="a"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


@lru_cache(maxsize=4)
def _styles(measure: _Measure) -> str:
    exact = f'<w:spacing w:before="0" w:after="0" w:line="{measure.pitch}" w:lineRule="exact"/>'
    apart = f'<w:spacing w:before="160" w:after="60" w:line="{measure.pitch}" w:lineRule="exact"/>'
    cell = f'<w:spacing w:before="30" w:after="30" w:line="{measure.cell * 13}" w:lineRule="exact"/>'
    hei = f'<w:rFonts w:eastAsia="{LABEL_FONT}"/>'
    return (
        f'{_HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{BODY_FONT}" w:cs="Times New Roman"/>'
        f'{_size(measure.body)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + _style(
            "jbTitle",
            "标题行",
            f'<w:keepNext/><w:spacing w:before="0" w:after="{measure.pitch}" w:line="{measure.title * 14}" w:lineRule="exact"/>'
            '<w:jc w:val="center"/>',
            f'<w:rFonts w:eastAsia="{TITLE_FONT}"/>{_size(measure.title)}',
        )
        + _style("jbNumber", "文号", f'{exact}<w:jc w:val="center"/>', "")
        + _style("jbBody", "正文行", f'{exact}<w:jc w:val="both"/>', "")
        + _style("jbSmall", "说明", exact, f'<w:color w:val="5F6672"/>{_size(measure.cell)}')
        + _style("jbHeading", "一级标题", f"<w:keepNext/>{apart}", f"{hei}{_size(measure.heading)}")
        + _style("jbCell", "表内", cell, _size(measure.cell))
        + _style("jbCellHead", "表头", cell, f"{hei}{_size(measure.cell)}")
        + _style("jbGap", "空行", '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>', _size(2))
        + "</w:styles>"
    )


def _footer(paper: Paper, measure: _Measure, side: str) -> str:
    size = f'<w:rPr><w:rFonts w:eastAsia="宋体"/>{_size(measure.foot)}</w:rPr>'

    def text(words: str) -> str:
        return f'<w:r>{size}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'

    def mark(kind: str) -> str:
        return f'<w:r>{size}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r>{size}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    number = text("— ") + mark("begin") + code + mark("separate") + text("1") + mark("end") + text(" —")
    if side == "both":
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{measure.width}"/></w:tabs>'
        inside = f"<w:p><w:pPr>{tabs}</w:pPr>{text(paper.foot)}<w:r><w:tab/></w:r>{number}</w:p>"
    else:
        inside = f'<w:p><w:pPr><w:ind w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{number}</w:p>'
    return f'{_HEAD}<w:ftr xmlns:w="{W}">{inside}</w:ftr>'


def _settings(layout: Layout) -> str:
    even = "<w:evenAndOddHeaders/>" if layout == "letter" else ""
    return (
        f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>{even}<w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:adjustLineHeightInTable/><w:useFELayout/>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _frame(kind: str) -> list[Part]:
    """Content types, relationships, and the properties: what kind of paper it is, and nobody's name."""
    parts = (
        ("document", "main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer"), ("footer2", "footer"),
    )  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_OFFICE}.{"document.main" if kind == "main" else kind}+xml"/>'
        for name, kind in parts
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    relations = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    )
    inner = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{R}/footer" Target="footer1.xml"/>'
        f'<Relationship Id="rId3" Type="{R}/footer" Target="footer2.xml"/>'
        f'<Relationship Id="rId4" Type="{R}/settings" Target="settings.xml"/></Relationships>'
    )
    core = (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(kind)}</dc:title></cp:coreProperties>'
    )
    return [
        pack("[Content_Types].xml", types),
        pack("_rels/.rels", relations),
        pack("word/_rels/document.xml.rels", inner),
        pack("docProps/core.xml", core),
    ]
