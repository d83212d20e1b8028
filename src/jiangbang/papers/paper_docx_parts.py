"""What stands around the body of a Word paper: styles, page numbers, settings, relationships, properties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jiangbang.papers.docx_parts import BODY_FONT, LABEL_FONT, TITLE_FONT, Part, R, W, escape, pack
from jiangbang.papers.norm import NORM
from jiangbang.papers.paper import Layout, Paper

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# The second level of a letter's headings (7.3.3).
_SECOND_FONT: Final = "楷体_GB2312"
RED: Final = "FF0000"
_TWIPS_PER_MM: Final = 1440 / 25.4
# Word takes the pitch of characters in twentieths of a point: 28 of 15.8 pt are a quarter of a point wider than 156 mm.
_CHARACTER_GIVES: Final = -4
# So that no rounding takes the last character of a line to the next.
_SLACK: Final = 10


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * _TWIPS_PER_MM)


@dataclass(frozen=True, slots=True)
class Measure:
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
    gives: int = 0

    @property
    def width(self) -> int:
        return 11906 - self.left - self.right


_LETTER: Final = Measure(
    above=twips(NORM.top),
    below=16838 - twips(NORM.top) - twips(NORM.height),
    left=twips(NORM.left),
    right=11906 - twips(NORM.left) - NORM.characters * (int(NORM.body) * 20 + _CHARACTER_GIVES) - _SLACK,
    title=int(NORM.title) * 2,
    body=int(NORM.body) * 2,
    heading=int(NORM.body) * 2,
    cell=24,
    pitch=round(NORM.pitch * 20),
    foot=int(NORM.page) * 2,
    gives=_CHARACTER_GIVES,
)
MEASURES: Final[dict[Layout, Measure]] = {
    "letter": _LETTER,
    "sheet": Measure(1247, 1247, 1247, 1134, title=36, body=21, heading=24, cell=19, pitch=320, foot=18),
}


def _style(name: str, label: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="a"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


@lru_cache(maxsize=4)
def styles(measure: Measure) -> str:
    letter = measure.gives != 0
    exact = f'<w:spacing w:before="0" w:after="0" w:line="{measure.pitch}" w:lineRule="exact"/>'
    apart = exact if letter else exact.replace('"0" w:after="0"', '"160" w:after="60"')
    cell = f'<w:spacing w:before="30" w:after="30" w:line="{measure.cell * 13}" w:lineRule="exact"/>'
    hei = f'<w:rFonts w:eastAsia="{LABEL_FONT}"/>'
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if letter else ""
    gives = f'<w:spacing w:val="{measure.gives}"/>' if letter else ""
    kept = '<w:spacing w:val="0"/>' if letter else ""
    title = measure.pitch if letter else measure.title * 14
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{BODY_FONT}" w:cs="Times New Roman"/>'
        f'{_size(measure.body)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + _style(
            "jbTitle",
            "标题行",
            f'<w:keepNext/><w:spacing w:before="0" w:after="{measure.pitch}" w:line="{title}" w:lineRule="exact"/>'
            '<w:jc w:val="center"/>',
            f'<w:rFonts w:eastAsia="{TITLE_FONT}"/>{kept}{_size(measure.title)}',
        )
        + _style("jbNumber", "文号", f'{exact}<w:jc w:val="center"/>', gives)
        + _style("jbBody", "正文行", f'{exact}<w:jc w:val="both"/>', gives)
        + _style("jbSmall", "说明", exact, f'<w:color w:val="5F6672"/>{_size(measure.cell)}')
        + _style("jbHeading", "一级标题", f"<w:keepNext/>{apart}{indent}", f"{hei}{gives}{_size(measure.heading)}")
        + _style(
            "jbHeading2", "二级标题", f"<w:keepNext/>{exact}{indent}",
            f'<w:rFonts w:eastAsia="{_SECOND_FONT}"/>{gives}{_size(measure.body)}',
        )
        + _style("jbMark", "发文机关标志", '<w:jc w:val="center"/>', f'<w:rFonts w:eastAsia="{TITLE_FONT}"/><w:color w:val="{RED}"/>')
        + _style("jbCell", "表内", cell, _size(measure.cell))
        + _style("jbCellHead", "表头", cell, f"{hei}{_size(measure.cell)}")
        + _style("jbGap", "空行", '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>', _size(2))
        + "</w:styles>"
    )  # fmt: skip


def footer(paper: Paper, measure: Measure, side: str) -> str:
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
        line = f'<w:spacing w:before="0" w:after="0" w:line="{measure.foot * 10}" w:lineRule="exact"/>'
        inside = (
            f'<w:p><w:pPr>{line}<w:ind w:{side}="{measure.foot * 10}"/><w:jc w:val="{side}"/></w:pPr>{number}</w:p>'
        )
    return f'{HEAD}<w:ftr xmlns:w="{W}">{inside}</w:ftr>'


def first_footer() -> str:
    """The lower double line of a letter to somebody (10.1), 20 mm above the page's lower edge; no number on this page."""
    side = (210 - NORM.letter_line) / 2
    frame = (
        f'<w:framePr w:w="{twips(NORM.letter_line)}" w:h="60" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
        f' w:x="{twips(side)}" w:y="{16838 - twips(NORM.letter_foot)}"/>'
    )
    rule = f'<w:pBdr><w:top w:val="thinThickSmallGap" w:sz="24" w:space="0" w:color="{RED}"/></w:pBdr>'
    line = '<w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/>'
    return f'{HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr>{frame}{rule}{line}</w:pPr></w:p><w:p/></w:ftr>'


def settings(layout: Layout) -> str:
    even = "<w:evenAndOddHeaders/>" if layout == "letter" else ""
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>{even}<w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:adjustLineHeightInTable/><w:useFELayout/>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def frame(kind: str, *, with_first: bool = False) -> list[Part]:
    """Content types, relationships, and the properties: what kind of paper it is, and nobody's name.

    `with_first`: the first page has a header and a footer of its own.
    """
    parts = (
        ("document", "main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer"), ("footer2", "footer"),
        *((("header1", "header"), ("footer3", "footer")) if with_first else ()),
    )  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_OFFICE}.{"document.main" if kind == "main" else kind}+xml"/>'
        for name, kind in parts
    )
    types = (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    relations = (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    )
    first = (
        f'<Relationship Id="rId5" Type="{R}/header" Target="header1.xml"/>'
        f'<Relationship Id="rId6" Type="{R}/footer" Target="footer3.xml"/>'
    ) * with_first
    inner = (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{R}/footer" Target="footer1.xml"/>'
        f'<Relationship Id="rId3" Type="{R}/footer" Target="footer2.xml"/>'
        f'<Relationship Id="rId4" Type="{R}/settings" Target="settings.xml"/>{first}</Relationships>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(kind)}</dc:title></cp:coreProperties>'
    )
    return [
        pack("[Content_Types].xml", types),
        pack("_rels/.rels", relations),
        pack("word/_rels/document.xml.rels", inner),
        pack("docProps/core.xml", core),
    ]
