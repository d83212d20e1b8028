"""Papers as Word documents in the official layout: GB/T 9704 for letters, smaller type for sheets. The same paper gives the same bytes."""

from __future__ import annotations

from typing import Final

from jiangbang.papers.docx_parts import R, W, escape, pack, zip_parts
from jiangbang.papers.norm import NORM
from jiangbang.papers.paper import (
    Attachments,
    Block,
    Facts,
    Head,
    Heading,
    NewPage,
    Paper,
    Remark,
    Signature,
    Table,
    TableColumn,
    Text,
    lines_of,
)
from jiangbang.papers.paper_docx_parts import (
    HEAD,
    MEASURES,
    RED,
    Measure,
    first_footer,
    footer,
    frame,
    settings,
    styles,
    twips,
)

_RULE: Final = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8780"/>'
_SHADE: Final = '<w:shd w:val="clear" w:color="auto" w:fill="F6F4EE"/>'
# In points: 4 mm, less what a line of 28.95 pt has under its characters of 16 pt.
_SPACE_TO_LINE: Final = 5
# The share of a label's column in a table of facts, in hundredths of its pair.
_LABEL_SHARE: Final = 30


def write_docx(paper: Paper) -> bytes:
    """The paper as `.docx`. Characters that XML cannot hold are left out; what a font lacks, Word takes from another."""
    measure = MEASURES[paper.layout]
    outside = ("right", "left") if paper.layout == "letter" else ("both", "both")
    first = _to_somebody(paper)
    parts = [
        *frame(paper.kind, with_first=first is not None),
        pack("word/styles.xml", styles(measure)),
        pack("word/footer1.xml", footer(paper, measure, outside[0])),
        pack("word/footer2.xml", footer(paper, measure, outside[1])),
        pack("word/settings.xml", settings(paper.layout)),
        pack("word/document.xml", _document(paper, measure)),
    ]
    if first is not None:
        parts += [pack("word/header1.xml", _letter_header(first, measure)), pack("word/footer3.xml", first_footer())]
    return zip_parts(parts)


def _to_somebody(paper: Paper) -> Head | None:
    """The head of a letter to somebody, whose first page differs (10.1)."""
    return paper.head if paper.head is not None and paper.head.form == "letter" else None


def _document(paper: Paper, measure: Measure) -> str:
    nexts = [*paper.blocks[1:], None]
    body = "".join(
        _block(block, paper, measure, stays=isinstance(then, Signature | Attachments))
        for block, then in zip(paper.blocks, nexts, strict=True)
    )
    first = '<w:headerReference w:type="first" r:id="rId5"/><w:footerReference w:type="first" r:id="rId6"/>'
    differs = _to_somebody(paper) is not None
    # a page number's dash stands in the middle of its line
    lift = twips(NORM.dash) + measure.foot * 5 if paper.layout == "letter" else 397 + measure.foot * 10
    section = (
        f'<w:sectPr>{first * differs}<w:footerReference w:type="default" r:id="rId2"/><w:footerReference w:type="even" r:id="rId3"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{measure.above}" w:right="{measure.right}" w:bottom="{measure.below}"'
        f' w:left="{measure.left}" w:header="{twips(NORM.letter_mark) if differs else 851}" w:footer="{measure.below - lift}"'
        f' w:gutter="0"/>{"<w:titlePg/>" * differs}</w:sectPr>'
    )
    content = _beginning(paper, measure) + body
    return f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{content}{section}</w:body></w:document>'


# -- head, title, addressee ----------------------------------------------------------------------------------------------


def _beginning(paper: Paper, measure: Measure) -> str:
    made = ""
    if paper.head is not None:
        made += _letter_number(paper) if paper.head.form == "letter" else _document_head(paper, paper.head, measure)
    alone = paper.head is None and paper.number != ""
    if paper.title:
        under = f'<w:spacing w:before="{2 * measure.pitch * (paper.head is not None)}" w:after="{measure.pitch * (not alone)}"/>'
        made += _paragraph("jbTitle", _lines(paper.title), under if paper.layout == "letter" else "")
    elif paper.head is not None:
        made += _paragraph("jbBody", "")
    if alone:
        below = f'<w:spacing w:after="{measure.pitch}"/>' if paper.layout == "letter" else ""
        made += _paragraph("jbNumber", _run(paper.number), below)
    if paper.to:
        made += _paragraph("jbBody", _run(paper.to + ("：" if paper.language == "zh" else ":")))
    return made


def _document_head(paper: Paper, head: Head, measure: Measure) -> str:
    """7.2.4, 7.2.5, 7.2.7: the mark 35 mm down, the number two lines under it, the red line 4 mm under the number."""
    line = _red_line("single", 8)
    marks = _marks(head, measure, twips(NORM.mark_down), "" if paper.number else line)
    if not paper.number:
        return marks
    return marks + _paragraph("jbNumber", _run(paper.number), f'{line}<w:spacing w:before="{2 * measure.pitch}"/>')


def _letter_number(paper: Paper) -> str:
    """10.1: at the right, 7/8 of a character under the double line; without a number the line stays empty."""
    return _paragraph("jbNumber", _run(paper.number), '<w:spacing w:before="140"/><w:jc w:val="right"/>')


def _letter_header(head: Head, measure: Measure) -> str:
    """10.1: the mark, and 4 mm under it a double line, 170 mm long, in the middle of the page."""
    side = (210 - NORM.letter_line) / 2
    out = f'<w:ind w:left="{twips(side) - measure.left}" w:right="{twips(side) - measure.right}"/>'
    marks = _marks(head, measure, 0, _red_line("thickThinSmallGap", 24), out)
    return f'{HEAD}<w:hdr xmlns:w="{W}">{marks}</w:hdr>'


def _marks(head: Head, measure: Measure, above: int, border: str, indent: str = "") -> str:
    """The issuers in red, as large as the widest allows; the first so many twentieths of a point down, the last with the border."""
    widest = max(_width(one) for one in head.issuers)
    points = int(min(NORM.mark, measure.width / 20 / widest))
    run = f'<w:rPr><w:spacing w:val="0"/><w:sz w:val="{2 * points}"/><w:szCs w:val="{2 * points}"/></w:rPr>'
    made = ""
    for place, issuer in enumerate(head.issuers):
        first, last = place == 0, place == len(head.issuers) - 1
        space = f'<w:spacing w:before="{above if first else 7 * points}" w:after="0" w:line="{20 * points}" w:lineRule="exact"/>'
        content = f'<w:r>{run}<w:t xml:space="preserve">{escape(issuer)}</w:t></w:r>'
        made += _paragraph("jbMark", content, f"{border if last else ''}{space}{indent}")
    return made


def _red_line(kind: str, eighths: int) -> str:
    """A rule 4 mm under the characters of its paragraph; their line is already some points deeper than they are."""
    return f'<w:pBdr><w:bottom w:val="{kind}" w:sz="{eighths}" w:space="{_SPACE_TO_LINE}" w:color="{RED}"/></w:pBdr>'


# -- blocks --------------------------------------------------------------------------------------------------------------


def _block(block: Block, paper: Paper, measure: Measure, *, stays: bool) -> str:
    """`stays`: with what follows it, on the same page."""
    if isinstance(block, Heading):
        return _paragraph("jbHeading" if block.level == 1 else "jbHeading2", _run(block.text))
    if isinstance(block, Text):
        size = measure.cell if block.small else measure.body
        return _text(block, 2 * size * 10 if block.indent and paper.language == "zh" else 0, stays=stays)
    apart = _paragraph("jbGap", "") * (paper.layout == "letter")
    if isinstance(block, Facts):
        return apart + _facts(block, measure)
    if isinstance(block, Table):
        return apart + _table(block, measure)
    if isinstance(block, Signature):
        return _signature(block, measure)
    if isinstance(block, Attachments):
        return _attachments(block, paper, measure)
    if isinstance(block, Remark):
        return _text(Text(f"（{block.text}）"), 2 * measure.body * 10)
    return _new_page(block)


def _new_page(block: NewPage) -> str:
    broken = "<w:pageBreakBefore/>"
    mark = _paragraph("jbHeading", _run(block.mark), f'{broken}<w:ind w:firstLineChars="0" w:firstLine="0"/>')
    if block.mark:
        return mark + (_paragraph("jbBody", "") + _paragraph("jbTitle", _lines(block.title))) * bool(block.title)
    if block.title:
        return _paragraph("jbTitle", _lines(block.title), broken)
    return _paragraph("jbGap", "", broken)


def _text(block: Text, indent: int, *, stays: bool = False) -> str:
    """The paragraphs; an empty line between them is a small gap. `indent` of their first lines, in twentieths of a point."""
    style = "jbSmall" if block.small else "jbBody"
    properties = "<w:keepNext/>" * stays
    properties += f'<w:ind w:firstLineChars="200" w:firstLine="{indent}"/>' if indent and block.align == "left" else ""
    if block.align != "left":
        properties += f'<w:jc w:val="{block.align}"/>'
    return "".join(
        _paragraph(style, _run(line), properties) if line.strip() else _paragraph("jbGap", "")
        for line in lines_of(block.text)
    )


def _signature(block: Signature, measure: Measure) -> str:
    """7.3.5: sealed, the names stand over the day, and that four characters from the right, under room for the seal; without a seal the
    names stand two characters from the right and the day two characters further in than they begin."""
    cell = measure.body * 10 + measure.gives
    *names, day = block.lines
    own, longest = _width(day), max((_width(name) for name in names), default=0.0)
    if block.sealed or not names:
        broad = max(own, longest)
        away = max(0.0, 4 - (broad - own) / 2)
        lines = [
            (line, measure.width - round((broad + away) * cell) - 60, round(away * cell), "center")
            for line in block.lines
        ]
    else:
        begins = measure.width - round((longest + max(2.0, 4 + own - longest)) * cell)
        lines = [(name, begins, 0, "left") for name in names] + [(day, begins + 2 * cell, 0, "left")]
    gap = _paragraph("jbBody", "", "<w:keepNext/>") * (2 if block.sealed and measure.gives else 1)
    return gap + "".join(
        _paragraph(
            "jbBody",
            _run(line),
            f"{'<w:keepNext/>' * (place < len(lines) - 1)}<w:keepLines/>"
            f'<w:ind w:left="{max(0, left)}" w:right="{right}"/><w:jc w:val="{align}"/>',
        )
        for place, (line, left, right, align) in enumerate(lines)
    )


def _attachments(block: Attachments, paper: Paper, measure: Measure) -> str:
    """7.3.4: a line below the text, two characters in; further lines of a name under its first character."""
    cell = measure.body * 10 + measure.gives
    label, many = ("附件：" if paper.language == "zh" else "Attached: "), len(block.names) > 1
    made = _paragraph("jbBody", "", "<w:keepNext/>")
    for number, name in enumerate(block.names, 1):
        counted = f"{number}." if many else ""
        hanging = (3 * (number == 1) + many) * cell
        tab = "<w:r><w:tab/></w:r>" if many else ""
        content = _run((label if number == 1 else "") + counted) + tab + _run(name)
        made += _paragraph(
            "jbBody",
            content,
            f'<w:keepNext/><w:ind w:left="{(5 + many) * cell}" w:hanging="{hanging}"/><w:jc w:val="left"/>',
        )
    return made


def _width(text: str) -> float:
    """How many full-width characters a line takes. Chinese quotes and dashes (U+2014 …) are as wide as characters."""
    return sum(0.5 if ord(one) < 0x2000 else 1.0 for one in text)


# -- tables --------------------------------------------------------------------------------------------------------------


def _facts(block: Facts, measure: Measure) -> str:
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


def _table(block: Table, measure: Measure) -> str:
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
