"""From the rows below a roster's header to records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.papers import normalise
from jiangbang.papers.findings import Finding
from jiangbang.papers.reading import RosterRow
from jiangbang.papers.roster_columns import (
    NUMBER,
    TITLE_AND_SKILL,
    UNIT,
    Header,
    RosterLabels,
    header_at,
)
from jiangbang.papers.xlsx import Merge, Sheet

# Excel keeps 15 significant digits of a number; an identity number has 18.
DIGITS_LOST = "Excel 已把身份证号当作数值，第15位以后的数字已丢失。请把该列设为“文本”格式，按证件重新填写"
DIGITS_LOST_EN = (
    "Excel has turned the identity number into a number, and its digits beyond the 15th are lost. "
    "Format the column as text and enter it again from the card"
)

_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
# WPS keeps pictures in cells as a formula; its cached value is the formula's own text
_PICTURE = re.compile(r"=(?:_xlfn\.)?(?:DISPIMG|IMAGE|EMBED)\(", re.IGNORECASE)
_NUMBER_TEXT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}|[0-9]{15,18}\.0+")
_FOOTER = re.compile(
    r"(?:合计|总计|小计|共计|总人数|本页|填表|制表|填报|推荐单位|上报|申报|审核|复核|联系|经办|报送|负责人|单位(?:负责人|盖章|公章)|盖章|公章|"
    r"注[:：]|注\d|备注[:：]|说明|填写说明|填表说明|电话|日期|年月日|以下空白|此页无正文|第\d+页)"
)
_EXAMPLE = re.compile(r"[（(【\[]?(?:示例|样例|范例|例如|样表|填写示例|填写样例|例)(?:[）)】\]:：\d一二三]|$)")
_EXAMPLE_AFTER = re.compile(r"[（(【\[](?:示例|样例|范例|例)[）)】\]]$")
_SPACE = re.compile(r"[\s\u3000]+")
# Merged cells are looked up one by one; a roster has a few hundred, a hostile file millions.
MAX_ANCHORS = 200_000
# Fewer digits in the column of identity numbers are a column number; words before them are a footer's.
LEAST_DIGITS = 8
_WORD = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class _Person:
    """The cells of one person, while they are gathered: texts by column index, in the order of the rows."""

    number: int
    cells: dict[int, list[object]] = field(default_factory=dict)

    def add(self, index: int, value: object) -> None:
        held = self.cells.setdefault(index, [])
        if value not in held:
            held.append(value)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One person's row, what could not be read in it, and the recommending unit where a column names it."""

    row: RosterRow
    findings: tuple[Finding, ...]
    unit: str


def row_place(source: str, row: RosterRow, label: str | None = None) -> str:
    """Where a row stands, as a person would say it: `附件3.xlsx · 第5行 · 身份证号`."""
    return " · ".join(part for part in (source, row.sheet, f"第{row.number}行", label) if part)


def read_rows(sheet: Sheet, header: Header, form: FormSpec, labels: RosterLabels) -> tuple[ReadRow, ...]:
    """The people below the header."""
    return tuple(_row(person, columns, form) for person, columns in _Walk(sheet, header, form, labels).run())


def text_of(value: object) -> str:
    """A cell as text: whole floats without `.0`, no error values, no pictures in cells."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    return "" if _ERROR_VALUE.fullmatch(text) or _PICTURE.match(text) else text


class _Walk:
    """One walk down the rows below a header; people are gathered with the header that stood above them."""

    def __init__(self, sheet: Sheet, header: Header, form: FormSpec, labels: RosterLabels) -> None:
        self._sheet = sheet
        self._header = header
        self._form = form
        self._labels = labels
        self._anchors = _anchors(sheet.merges, len(sheet.rows))
        self._person: _Person | None = None
        self.people: list[tuple[_Person, Header]] = []

    def run(self) -> list[tuple[_Person, Header]]:
        index = self._header.last_row + 1
        while index < len(self._sheet.rows):
            index = self._step(index) + 1
        self._finish()
        return self.people

    def _step(self, index: int) -> int:
        """Take one row, or a repeated header of several; give the last row taken."""
        row = self._sheet.rows[index]
        again = self._repeated_header(index)
        if again:
            self._finish()
            self._header = again
            return again.last_row
        if self._person and self._belongs_to_person(index, row):
            self._take(index, row)
        elif is_person(row, self._header):
            self._finish()
            self._person = _Person(index + 1)
            self._take(index, row)
        else:
            self._finish()
        return index

    def _finish(self) -> None:
        if self._person:
            self.people.append((self._person, self._header))
        self._person = None

    def _repeated_header(self, index: int) -> Header | None:
        """A table printed over several pages by hand repeats its header, now and then with other columns."""
        row = self._sheet.rows[index]
        if any(self._labels.names_one(cell, "name") for cell in row):
            return header_at(self._sheet.rows, index, self._labels)
        return None

    def _belongs_to_person(self, index: int, row: Sequence[object]) -> bool:
        """The name's cell is merged downwards over this row, or the row only carries on a long text."""
        assert self._person
        names = self._header.indices("name")
        if any(self._anchors.get((index, column)) == self._person.number - 1 for column in names):
            return True
        filled = [at for at, cell in enumerate(row) if text_of(cell)]
        return bool(filled) and all(self._is_long(at) and not _FOOTER.match(text_of(row[at])) for at in filled)

    def _is_long(self, index: int) -> bool:
        column = self._header.columns.get(index)
        if column is None or column.key.startswith("#"):
            return False
        return self._form[column.key].kind in ("items", "long_text")

    def _take(self, index: int, row: Sequence[object]) -> None:
        assert self._person
        for column in self._header.columns:
            value: object = row[column] if column < len(row) else ""
            anchor = self._anchors.get((index, column))
            if anchor is not None and anchor > self._header.last_row:
                above = self._sheet.rows[anchor]
                value = above[column] if column < len(above) else ""
            if text_of(value):
                self._person.add(column, value)


def _anchors(merges: Sequence[Merge], height: int) -> dict[tuple[int, int], int]:
    """For each cell that a downward merge covers in its first column: the row that holds the value."""
    anchors: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, _) in merges:
        for row in range(top + 1, min(bottom, height - 1) + 1):
            if len(anchors) >= MAX_ANCHORS:
                return anchors
            anchors[row, left] = top
    return anchors


def is_person(row: Sequence[object], header: Header) -> bool:
    """A row that names somebody: no blank row, footer, caption, example or line of column numbers."""
    name, identity = (_first_text(row, header, key) for key in ("name", "id_number"))
    if sum(sign.isdecimal() for sign in identity) < LEAST_DIGITS or any(sign > "\u2e7f" for sign in identity[:4]):
        identity = ""
    if not name and not identity:
        return False
    number = _first_text(row, header, NUMBER)
    if is_example(name, number):
        return False
    if identity:
        return True
    if not _WORD.search(name) or _is_footer(row):
        return False
    return bool(number) or any(
        _first_text(row, header, column.key) for column in header.columns.values() if column.key not in ("name", UNIT)
    )


def is_example(name: str, number: str) -> bool:
    """`例：张三`, `张三（示例）`, or 例 in the running number."""
    folded = _SPACE.sub("", name)
    return bool(_EXAMPLE.match(folded) or _EXAMPLE_AFTER.search(folded) or _EXAMPLE.match(_SPACE.sub("", number)))


def _is_footer(row: Sequence[object]) -> bool:
    for cell in row:
        text = _SPACE.sub("", text_of(cell))
        if text:
            return bool(_FOOTER.match(text.lstrip("（(")))
    return False


def _first_text(row: Sequence[object], header: Header, key: str) -> str:
    for index in header.indices(key):
        if index < len(row):
            return text_of(row[index])
    return ""


def _row(person: _Person, header: Header, form: FormSpec) -> ReadRow:
    """The row's record and what could not be read in it."""
    record: Record = {}
    findings: list[Finding] = []
    for spec in form.roster_fields:
        value, reason = _read(spec, _values(person, header, spec.key))
        record[spec.key] = value
        if reason:
            label = spec.roster_label or spec.label
            params = {"label": label, "label_en": spec.label_en, "reason": reason[0], "reason_en": reason[1]}
            findings.append(Finding("field.format", field=spec.key, params=params))
    units = [text_of(value) for cells in _values(person, header, UNIT) for value in cells]
    row = RosterRow(person.number, record, _joint(person, header))
    return ReadRow(row, tuple(findings), units[0] if units else "")


def _values(person: _Person, header: Header, key: str) -> list[list[object]]:
    """The cells of a value: one list per column that makes it up."""
    return [person.cells[index] for index in header.indices(key) if index in person.cells]


def _joint(person: _Person, header: Header) -> str | None:
    columns = _values(person, header, TITLE_AND_SKILL)
    return "/".join(" ".join(text_of(value) for value in cells) for cells in columns) or None


Reason = tuple[str, str] | None


def _read(spec: FieldSpec, columns: Sequence[Sequence[object]]) -> tuple[Value, Reason]:
    """A field's value and, where the cell says something that is none, why it cannot be read (Chinese, English)."""
    empty: Value = [] if spec.kind == "items" else None
    if not columns:
        return empty, None
    if spec.kind == "identity" and _has_lost_digits(columns[0][0]):
        return None, (DIGITS_LOST, DIGITS_LOST_EN)
    pieces = [[text_of(value) for value in cells] for cells in columns]
    value = normalise.clean_name(_line(pieces)) if spec.key == "name" else _READERS[spec.kind](pieces)
    if value is not None or not any(any(cells) for cells in pieces):
        return (empty if value == "" else value), None
    # kept as written, for people to see; the finding says that it is no value
    return _line(pieces), ("写法不规范", "it is written in an unknown way")


Pieces = Sequence[Sequence[str]]


def _line(pieces: Pieces) -> str:
    """One line from the lines of a cell, from cells below each other, and from columns side by side."""
    columns = (normalise.join_pieces(line for text in cells for line in text.splitlines()) for cells in pieces)
    return " ".join(column for column in columns if column)


def _lines(pieces: Pieces) -> list[str]:
    return [line for cells in pieces for text in cells for line in text.splitlines()]


def _items(pieces: Pieces) -> Value:
    lines = _lines(pieces)
    items = normalise.split_items(lines)
    # one unnumbered line: 甲；乙；丙. Where it is numbered, a semicolon belongs to the item
    if len(items) == 1 and normalise.clean_text(items[0]) == normalise.clean_text("".join(lines)):
        items = [item for part in re.split("[；;]", items[0]) if (item := normalise.clean_text(part))]
    return list(items)


# One reader per kind of field; None says that the text cannot be understood.
_READERS: Mapping[str, Callable[[Pieces], Value]] = {
    "text": _line,
    "long_text": lambda pieces: normalise.clean_lines(_lines(pieces)),
    "gender": lambda pieces: normalise.read_gender(_line(pieces)),
    "month": lambda pieces: normalise.read_month(_line(pieces)),
    # a leading apostrophe is how people make Excel keep a number as text
    "identity": lambda pieces: normalise.read_identity(_line(pieces).lstrip("'’‘`")) or None,
    "integer": lambda pieces: normalise.read_years(_line(pieces)),
    "phone": lambda pieces: normalise.read_phone(_line(pieces)),
    "mobile": lambda pieces: normalise.read_phone(_line(pieces)),
    "items": _items,
    "image": lambda _: None,
    "opinions": lambda _: None,
}


def _has_lost_digits(value: object) -> bool:
    """A number cell, or a text that was one: `330106199001011000.0`, `3.30106E+17`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return True
    return isinstance(value, str) and bool(_NUMBER_TEXT.fullmatch(value.strip()))
