"""The nomination form as a Word document in the official layout.

The layout is built once for each form as strings with gaps; writing a record fills the gaps. Values carry a bookmark
(`wordml.VALUE_MARK`), so that our own reader never takes a value for a label; list items are numbered by Word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.papers.docx_parts import (
    LABEL_FONT,
    R,
    W,
    custom_properties,
    document_relations,
    escape,
    frame_parts,
    pack,
    zip_parts,
)
from jiangbang.papers.form_heights import LINE, PHOTO_ROWS, SHORT_ROW, WIDE_ROW, Filling, items_of, lines_taken, measure
from jiangbang.papers.form_labels import OPINIONS
from jiangbang.papers.form_values import SEALED
from jiangbang.papers.normalise import clean_text
from jiangbang.papers.photo import EXTENSIONS, describe_photo
from jiangbang.papers.wordml import VALUE_MARK

PROPERTY_PREFIX: Final = "jiangbang."
ANNEX: Final = "附件2"
# Widths of the seven columns, in twentieths of a point: 16 cm together, between margins of 2.5 cm on A4.
_COLUMNS: Final = (1330, 1440, 1150, 1150, 1150, 1300, 1550)
_WIDTH: Final = sum(_COLUMNS)
# The official layout (annex 2), top to bottom: (field, columns of its value) after each label of one column.
_ROWS: Final = (
    (("name", 1), ("gender", 1), ("birth_month", 1), ("photo", 0)),
    (("education", 1), ("political_status", 3)),
    (("id_number", 3), ("native_place", 1)),
    (("skill_level", 1), ("professional_title", 1), ("talent_class", 2)),
    (("industry_class", 3), ("years_in_industry", 2)),
    (("telephone", 3), ("mobile", 2)),
)
_OPINION_LABELS: Final = ("所在单位意见", "推荐单位意见", "领导小组意见")
_PHOTO_BOX: Final = (900_000, 1_260_000)  # 25 × 35 mm in EMU

_BODY_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
)
_BODY_TAIL = (
    '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1418" w:bottom="1134" w:left="1418"'
    ' w:header="680" w:footer="680" w:gutter="0"/></w:sectPr></w:body></w:document>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
    for side, size in (("top", 8), ("left", 8), ("bottom", 8), ("right", 8), ("insideH", 4), ("insideV", 4))
)
_TABLE_HEAD = (
    f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    + "".join(f'<w:gridCol w:w="{width}"/>' for width in _COLUMNS)
    + "</w:tblGrid>"
)

Filler = Callable[[Filling], str]


def write_form(record: Record, form: FormSpec, *, photo: bytes | None, title: str | None = None) -> bytes:
    """The form as `.docx` in the official layout. The same record and photo always give the same bytes.

    Fields without a cell are kept as custom document properties. Raises ValueError where `photo` is no picture.
    """
    described = describe_photo(photo) if photo is not None else None
    if photo is not None and described is None:
        raise ValueError("the photo is not a picture of a known kind, or is over 50 megapixels")
    heading = title or form.title
    template = _template_of(form)
    filling = measure(record, form, described)
    body = "".join([part if isinstance(part, str) else part(filling) for part in template.parts])
    document = (
        f'{_BODY_HEAD}<w:p><w:pPr><w:pStyle w:val="jbAnnex"/></w:pPr><w:r><w:t>{ANNEX}</w:t></w:r></w:p>'
        f'<w:p><w:pPr><w:pStyle w:val="jbTitle"/></w:pPr><w:r><w:t xml:space="preserve">{escape(heading)}</w:t></w:r></w:p>'
        f"{body}{_BODY_TAIL}"
    )
    extension = EXTENSIONS[described.media_type] if described else ""
    parts = [
        *frame_parts(heading, max(1, template.lists)),
        document_relations(extension),
        custom_properties(_hidden_values(record, form)),
        pack("word/document.xml", document),
    ]
    if described:
        parts.append(pack(f"word/media/photo.{extension}", described.data, store=True))
    return zip_parts(parts)


def _hidden_values(record: Record, form: FormSpec) -> dict[str, str]:
    """What the paper has no cell for. `form` tells our papers from others and keeps the list from being empty."""
    values = {f"{PROPERTY_PREFIX}form": "1"}
    for spec in form:
        value = record.get(spec.key)
        if not spec.on_form and isinstance(value, str):
            values[PROPERTY_PREFIX + spec.key] = value
        elif spec.kind == "opinions" and value is None:
            values[PROPERTY_PREFIX + spec.key] = "none"
    return values


# -- the template --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Template:
    form: FormSpec
    parts: tuple[str | Filler, ...]
    lists: int


_MADE: dict[int, _Template] = {}


def _template_of(form: FormSpec) -> _Template:
    """The template of this form, built once for each form object."""
    made = _MADE.get(id(form))
    if made is None or made.form is not form:
        if len(_MADE) > 32:
            _MADE.clear()
        made = _MADE[id(form)] = _build(form)
    return made


def _build(form: FormSpec) -> _Template:
    """The official rows for the fields that the form has, then every other field in a row of its own."""
    known = {spec.key: spec for spec in form if spec.on_form}
    parts: list[str | Filler] = [_TABLE_HEAD]
    placed: set[str] = set()
    has_photo = "photo" in known and known["photo"].kind == "image"
    for index, row in enumerate(_ROWS):
        fields = [(known[key], span) for key, span in row if key in known and span]
        if fields:
            parts += _row(fields, photo=_photo_place(index, has_photo))
            placed.update(spec.key for spec, _ in fields)
    placed |= {"photo"} if has_photo else set()
    lists = [spec for spec in form if spec.kind == "items" and spec.on_form]
    for spec in known.values():
        if spec.key in placed or spec.kind == "image":
            continue
        if spec.kind == "items":
            parts += _list_row(lists)
            placed.update(item.key for item in lists)
        elif spec.kind == "opinions":
            parts += _opinion_rows(spec)
        else:
            parts += _wide_row(spec)
    return _Template(form, _joined([*parts, "</w:tbl>"]), len(lists))


def _photo_place(index: int, has_photo: bool) -> str:
    if not has_photo or index >= PHOTO_ROWS:
        return ""
    return "restart" if index == 0 else "continue"


def _joined(parts: list[str | Filler]) -> tuple[str | Filler, ...]:
    """Neighbouring strings made one."""
    joined: list[str | Filler] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _open_row(height: int) -> str:
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'


def _open_cell(width: int, span: int, align: str = "center", merge: str = "") -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    vertical = f'<w:vAlign w:val="{align}"/>' if align != "top" else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merged}{vertical}</w:tcPr>'


def _label_cell(label: str, width: int) -> str:
    """A label: two characters are spread, four or more broken over lines as on the official paper."""
    pieces = [f"{label[0]}   {label[1]}"] if len(label) == 2 else _broken(label)
    paragraphs = "".join(_paragraph("jbLabel", _text(piece)) for piece in pieces)
    return f"{_open_cell(width, 1)}{paragraphs}</w:tc>"


def _broken(label: str) -> list[str]:
    """工作单位及职务 → 工作单位 / 及职务; …意见 → … / 意  见."""
    if label.endswith("意见") and len(label) > 4:
        return [label[:-2], "意  见"]
    if "及" in label[1:] and len(label) > 5:
        place = label.index("及", 1)
        return [label[:place], label[place:]]
    return [label]


def _text(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(style: str, content: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def _mark(key: str, number: int) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{VALUE_MARK}{key}"/><w:bookmarkEnd w:id="{number}"/>'


def _row(fields: list[tuple[FieldSpec, int]], photo: str) -> list[str | Filler]:
    """One row of label and value pairs; the last value takes what is left of the width."""
    columns = len(_COLUMNS) - (1 if photo else 0)
    parts: list[str | Filler] = [_open_row(SHORT_ROW if photo else WIDE_ROW)]
    at = 0
    for place, (spec, span) in enumerate(fields):
        last = place == len(fields) - 1
        span = columns - at - 1 if last else span
        width = sum(_COLUMNS[at + 1 : at + 1 + span])
        parts += [_label_cell(spec.label, _COLUMNS[at]), _open_cell(width, span), _value_filler(spec), "</w:tc>"]
        at += 1 + span
    if photo == "restart":
        parts += [_open_cell(_COLUMNS[-1], 1, merge="restart"), _photo_filler, "</w:tc>"]
    elif photo:
        parts.append(f"{_open_cell(_COLUMNS[-1], 1, merge='continue')}<w:p/></w:tc>")
    return [*parts, "</w:tr>"]


def _value_filler(spec: FieldSpec) -> Filler:
    number = 100 + sum(map(ord, spec.key)) % 800
    mark = _mark(spec.key, number)
    head = f'<w:p><w:pPr><w:pStyle w:val="jbValue"/></w:pPr>{mark}<w:r><w:t xml:space="preserve">'
    empty = _paragraph("jbValue", "")

    def fill(filling: Filling) -> str:
        text = _written(spec, filling.record.get(spec.key))
        return f"{head}{escape(text)}</w:t></w:r></w:p>" if text else empty

    return fill


def _written(spec: FieldSpec, value: Value) -> str:
    """A short value as people write it on the paper."""
    if value is None:
        return ""
    if spec.kind == "gender":
        return {"male": "男", "female": "女"}.get(str(value), str(value))
    if spec.kind == "month" and isinstance(value, str) and len(value) == 7 and value[4] == "-":
        return value.replace("-", ".")
    if spec.kind == "integer" and isinstance(value, int):
        return f"{value}年"
    return clean_text(str(value))


def _photo_filler(filling: Filling) -> str:
    photo = filling.photo
    if photo is None:
        return _paragraph("jbLabel", _text("照   片"))
    scale = min(_PHOTO_BOX[0] / photo.width, _PHOTO_BOX[1] / photo.height)
    width, height = max(1, int(photo.width * scale)), max(1, int(photo.height * scale))
    picture = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        f' distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="1" name="照片"'
        ' descr="照片"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<a:graphicData uri="{picture}"><pic:pic xmlns:pic="{picture}"><pic:nvPicPr><pic:cNvPr id="1" name="照片"/>'
        '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdPhoto"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
    # the cell's margins would push a photo of full width over the border
    return _paragraph("jbLabel", drawing, '<w:ind w:left="-108" w:right="-108"/>')


# -- the wide rows -------------------------------------------------------------------------------------------------------


def _wide_row(spec: FieldSpec) -> list[str | Filler]:
    """A label and one cell over the rest of the width: a line for short values, paragraphs for long ones."""
    width = _WIDTH - _COLUMNS[0]
    if spec.kind != "long_text":
        opened = _open_row(WIDE_ROW) + _label_cell(spec.label, _COLUMNS[0]) + _open_cell(width, len(_COLUMNS) - 1)
        return [opened, _value_filler(spec), "</w:tc></w:tr>"]
    long = spec.max_length is None or spec.max_length > 200

    def opening(filling: Filling) -> str:
        height = filling.deeds_height if spec.key == "deeds" else 2_000 if long else 800
        splits = _open_row(height).replace("<w:cantSplit/>", "") if long else _open_row(height)
        return f"{splits}{_label_cell(spec.label, _COLUMNS[0])}{_open_cell(width, len(_COLUMNS) - 1, 'top' if long else 'center')}"

    return [opening, _long_filler(spec, long), "</w:tc></w:tr>"]


def _long_filler(spec: FieldSpec, long: bool) -> Filler:
    mark = _mark(spec.key, 900 + len(spec.key))
    indent = '<w:ind w:firstLineChars="200" w:firstLine="480"/>' if long else ""
    empty = _paragraph("jbHint", _text(spec.hint)) if spec.hint else _paragraph("jbText", "")

    def fill(filling: Filling) -> str:
        lines = [line for line in map(clean_text, str(filling.record.get(spec.key) or "").split("\n")) if line]
        paragraphs = [
            _paragraph("jbText", (mark if index == 0 else "") + _text(line), _first(index) + indent)
            for index, line in enumerate(lines)
        ]
        return "".join(paragraphs) or empty

    return fill


def _list_row(lists: list[FieldSpec]) -> list[str | Filler]:
    """All list fields in one cell, each under its own name, as on the official paper."""
    labels = "".join(
        _paragraph("jbLabel", _text(spec.label), '<w:spacing w:before="240"/>' if index else "")
        for index, spec in enumerate(lists)
    )
    label = f"{_open_cell(_COLUMNS[0], 1)}{labels}</w:tc>"
    cell = _open_cell(_WIDTH - _COLUMNS[0], len(_COLUMNS) - 1, "center")
    hint = next((spec.hint for spec in lists if spec.hint), "")

    def opening(filling: Filling) -> str:
        return _open_row(filling.lists_height)

    def fill(filling: Filling) -> str:
        values = [items_of(filling.record.get(spec.key)) for spec in lists]
        if not any(values):
            return _paragraph("jbHint", _text(hint))
        return "".join(_list(spec, items, n) for n, (spec, items) in enumerate(zip(lists, values, strict=True), 1))

    return [opening, label + cell, fill, "</w:tc></w:tr>"]


def _list(spec: FieldSpec, items: list[str], number: int) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    bold = f'<w:rPr><w:rFonts w:eastAsia="{LABEL_FONT}"/></w:rPr>'
    head = _paragraph("jbText", _mark(spec.key, 950 + number) + _text(f"{spec.label}：", bold))
    return head + "".join(_paragraph("jbText", _text(item), numbering) for item in items)


def _opinion_rows(spec: FieldSpec) -> list[str | Filler]:
    labels = spec.aliases if len(spec.aliases) == len(OPINIONS) else _OPINION_LABELS
    parts: list[str | Filler] = []
    for number, (name, label) in enumerate(zip(OPINIONS, labels, strict=True)):
        cells = _label_cell(label, _COLUMNS[0]) + _open_cell(_WIDTH - _COLUMNS[0], len(_COLUMNS) - 1, "top")
        parts += [_opinion_opening, cells, _opinion_filler(spec, name, number)]
        parts.append("</w:tc></w:tr>")
    return parts


def _opinion_opening(filling: Filling) -> str:
    return _open_row(filling.opinion_height)


def _opinion_filler(spec: FieldSpec, name: str, number: int) -> Filler:
    mark = _mark(f"{spec.key}_{name}", 980 + number)

    def fill(filling: Filling) -> str:
        opinions = filling.record.get(spec.key)
        opinion: dict[str, Any] = (opinions.get(name) if isinstance(opinions, dict) else None) or {}
        lines = [line for line in map(clean_text, str(opinion.get("text") or "").split("\n")) if line]
        marked = mark if lines or opinion.get("sealed") or opinion.get("date") else ""
        texts = "".join(
            _paragraph("jbText", _text(line), f'{_first(index)}<w:ind w:firstLineChars="200" w:firstLine="480"/>')
            for index, line in enumerate(lines)
        )
        taken = lines_taken("\n".join(lines), 2) if lines else 0
        space = max(120, filling.opinion_height - (taken + 2) * LINE - 200)
        return texts + _paragraph(
            "jbText",
            marked + _seal_line(opinion),
            f'<w:spacing w:before="{space}"/><w:ind w:right="480"/><w:jc w:val="right"/>',
        )

    return fill


def _first(index: int) -> str:
    return '<w:spacing w:before="120"/>' if index == 0 else ""


def _seal_line(opinion: Mapping[str, Any]) -> str:
    """(盖章) and the date. A seal that was seen is noted in words, in the red of seals."""
    red = '<w:rPr><w:color w:val="B3202A"/></w:rPr>'
    seal = _text(f"（{SEALED}）", red) if opinion.get("sealed") else _text("(盖章)")
    return seal + _text(f"        {_day(opinion.get('date'))}")


def _day(value: object) -> str:
    """2023-03-24 → 2023年3月24日; the blank to be filled in by hand for no date."""
    if isinstance(value, str) and value.count("-") == 2:
        year, month, day = value.split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    return "    年    月    日"
