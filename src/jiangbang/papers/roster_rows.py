"""From the rows below a roster's header to records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from jiangbang.kernel.form import FieldSpec, FormSpec
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
from jiangbang.papers.roster_values import UNREAD, ColumnReader, column_reader, read_value, text_of
from jiangbang.papers.xlsx import Merge, Sheet

_FOOTER = re.compile(
    r"(?:合计|总计|小计|共计|总人数|本页|填表|制表|填报|推荐单位|上报|申报|审核|复核|联系|经办|报送|负责人|单位(?:负责人|盖章|公章)|盖章|公章|"
    r"注[:：]|注\d|备注[:：]|说明|填写说明|填表说明|电话|日期|年月日|以下空白|此页无正文|第\d+页|"
    r"\d{4}[年.]\d{1,2}[月.](?:\d{1,2}日?)?$)"
)
_EXAMPLE = re.compile(r"[（(【\[]?(?:示例|样例|范例|例如|样表|填写示例|填写样例|例)(?:[）)】\]:：\d一二三]|$)")
_EXAMPLE_AFTER = re.compile(r"[（(【\[](?:示例|样例|范例|例)[）)】\]]$")
_SPACE = re.compile(r"[\s\u3000]+")
# Merged cells are looked up one by one; a roster has a few hundred, a hostile file millions.
MAX_ANCHORS = 200_000
# Fewer digits in the column of identity numbers are a column number; words before them are a footer's.
LEAST_DIGITS = 8
# A number in Excel's short display, as text.
LOST = re.compile(r"[0-9]\.[0-9]+[eE]\+?1[4-8]")
_WORD = re.compile(r"[^\W\d_]")
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")


@dataclass(slots=True)
class _Person:
    """One person, while the rows are gathered: the only row as it stands, else the filled cells of all by column index."""

    number: int
    row: Sequence[object] | None = None
    cells: dict[int, list[object]] | None = None

    def values(self, indices: Sequence[int]) -> list[list[object]]:
        """The filled cells of these columns: one list per column, in it one value per row."""
        if self.row is not None:
            width = len(self.row)
            return [[self.row[index]] for index in indices if index < width and not is_blank(self.row[index])]
        cells = self.cells or {}
        return [cells[index] for index in indices if index in cells]


def is_blank(value: object) -> bool:
    """An empty cell, or one with nothing but spaces."""
    return value is None or value == "" or (isinstance(value, str) and value.isspace())


class ReadRow(NamedTuple):
    """One person's row, what could not be read in it, and the recommending unit where a column names it."""

    row: RosterRow
    findings: tuple[Finding, ...]
    unit: str


def row_place(source: str, row: RosterRow, label: str | None = None) -> str:
    """Where a row stands, as a person would say it: `附件3.xlsx · 第5行 · 身份证号`."""
    return " · ".join(part for part in (source, row.sheet, f"第{row.number}行", label) if part)


def read_rows(
    sheet: Sheet, header: Header, form: FormSpec, labels: RosterLabels, named: bool = False
) -> tuple[ReadRow, ...]:
    """The people below the header. `named`: the rows say in which sheet they stand, because there are several."""
    people = _Walk(sheet, header, form, labels).run()
    sheet_name = sheet.name if named else None
    rows: list[ReadRow] = []
    for columns, group in groupby(people, key=itemgetter(1)):
        rows += _people([person for person, _ in group], _plan(columns, form), sheet_name)
    return tuple(rows)


class _Walk:
    """One walk down the rows below a header; people are gathered with the header that stood above them."""

    def __init__(self, sheet: Sheet, header: Header, form: FormSpec, labels: RosterLabels) -> None:
        self._sheet = sheet
        self._form = form
        self._labels = labels
        self._begin(header)
        self._anchors = _anchors(sheet.merges, len(sheet.rows))
        self._person: _Person | None = None
        self.people: list[tuple[_Person, Header]] = []

    def run(self) -> list[tuple[_Person, Header]]:
        rows = self._sheet.rows
        index = self._header.last_row + 1
        while index < len(rows):
            if not self._anchors and self._is_plain_person(rows[index]):
                self._finish()
                self._person = _Person(index + 1, rows[index])
            else:
                index = self._step(index)
            index += 1
        self._finish()
        return self.people

    def _begin(self, header: Header) -> None:
        """Go on under this header. -1 stands for a column that it does not have."""
        self._header = header
        self._name, self._identity, self._number = (
            next(iter(header.indices(key)), -1) for key in ("name", "id_number", NUMBER)
        )

    def _is_plain_person(self, row: Sequence[object]) -> bool:
        """Quick: a name and a whole identity number, of which `_step` would make a person as well."""
        if self._identity < 0 or len(row) <= max(self._name, self._identity, self._number):
            return False
        name, identity, number = row[self._name], row[self._identity], row[self._number]
        return (
            isinstance(name, str)
            and isinstance(identity, str)
            and name.isalpha()
            and _IDENTITY.fullmatch(identity) is not None
            and not self._labels.may_be_header(name)
            and not is_example(name, "" if isinstance(number, float) or self._number < 0 else text_of(number))
        )

    def _step(self, index: int) -> int:
        """Take one row, or a repeated header of several; give the last row taken."""
        row = self._sheet.rows[index]
        name = _first_text(row, self._header, "name")
        again = self._repeated_header(index) if name and self._labels.may_be_header(name) else None
        if again:
            self._finish()
            self._begin(again)
            return again.last_row
        if self._person and (self._anchors or not name) and self._belongs_to_person(index, row, name):
            self._take(index, row)
        elif is_person(row, self._header, name):
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
        if any(self._labels.names_one(cell, "name") for cell in self._sheet.rows[index]):
            return header_at(self._sheet.rows, index, self._labels)
        return None

    def _belongs_to_person(self, index: int, row: Sequence[object], name: str) -> bool:
        """The name's cell is merged downwards over this row, or the row only carries on a long text."""
        assert self._person
        names = self._header.indices("name")
        if any(self._anchors.get((index, column)) == self._person.number - 1 for column in names):
            return True
        if name or _first_text(row, self._header, "id_number"):
            return False
        filled = [at for at, cell in enumerate(row) if text_of(cell)]
        return bool(filled) and all(self._is_long(at) and not _is_footer([row[at]]) for at in filled)

    def _is_long(self, index: int) -> bool:
        column = self._header.columns.get(index)
        if column is None or column.key.startswith("#"):
            return False
        return self._form[column.key].kind in ("items", "long_text")

    def _take(self, index: int, row: Sequence[object]) -> None:
        person = self._person
        assert person
        if person.row is None and person.cells is None and not self._anchors:
            person.row = row
            return
        if person.row is not None:
            first, person.row = person.row, None
            self._gather(person, person.number - 1, first)
        self._gather(person, index, row)

    def _gather(self, person: _Person, index: int, row: Sequence[object]) -> None:
        """Add the row's filled cells; a cell merged from above counts for every row that it covers."""
        if person.cells is None:
            person.cells = {}
        for column in self._header.columns:
            value: object = row[column] if column < len(row) else ""
            anchor = self._anchors.get((index, column), -1)
            if anchor > self._header.last_row:
                above = self._sheet.rows[anchor]
                value = above[column] if column < len(above) else ""
            if not is_blank(value) and value not in (held := person.cells.setdefault(column, [])):
                held.append(value)


def _anchors(merges: Sequence[Merge], height: int) -> dict[tuple[int, int], int]:
    """For each cell that a downward merge covers in its first column: the row that holds the value."""
    anchors: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, _) in merges:
        for row in range(top + 1, min(bottom, height - 1) + 1):
            if len(anchors) >= MAX_ANCHORS:
                return anchors
            anchors[row, left] = top
    return anchors


def is_person(row: Sequence[object], header: Header, name: str) -> bool:
    """A row that names somebody: no blank row, footer, caption, example or line of column numbers."""
    identity = _looks_like_identity(_first_text(row, header, "id_number"))
    if not name and not identity:
        return False
    number = _first_text(row, header, NUMBER)
    if is_example(name, number):
        return False
    if identity:
        return True
    if not _WORD.search(name) or _is_footer(row) or _is_instruction(_first_text(row, header, "gender")):
        return False
    return bool(number) or any(
        _first_text(row, header, column.key) for column in header.columns.values() if column.key not in ("name", UNIT)
    )


def _looks_like_identity(text: str) -> bool:
    """Digits enough, and no words before them: `联系电话：1390…` is none, `3.30106E+17` is one that Excel destroyed."""
    if len(text) >= 15 and text.isascii() and text[:15].isdigit():
        return True
    if any(sign > "\u2e7f" for sign in text[:4]):
        return False
    return sum(sign.isdecimal() for sign in text) >= LEAST_DIGITS or bool(LOST.match(text))


def is_example(name: str, number: str) -> bool:
    """`例：张三`, `张三（示例）`, or 例 in the running number."""
    if "例" not in name and "样" not in name and "例" not in number and "样" not in number:
        return False
    folded = _SPACE.sub("", name)
    return bool(_EXAMPLE.match(folded) or _EXAMPLE_AFTER.search(folded) or _EXAMPLE.match(_SPACE.sub("", number)))


def _is_instruction(gender: str) -> bool:
    """`男/女` under 性别: a row that says how to fill in the table."""
    return "男" in gender and "女" in gender


def _is_footer(row: Sequence[object]) -> bool:
    for cell in row:
        text = _SPACE.sub("", text_of(cell))
        if text:
            return bool(_FOOTER.match(text.lstrip("（([【")))
    return False


def _first_text(row: Sequence[object], header: Header, key: str) -> str:
    for index in header.indices(key):
        if index < len(row):
            return text_of(row[index])
    return ""


class _Field(NamedTuple):
    """A field, the columns that make up its value in their order, and the quick reader of its one column."""

    spec: FieldSpec
    indices: tuple[int, ...]
    reader: ColumnReader | None


class _Plan(NamedTuple):
    """How the rows below one header are read, worked out once."""

    fields: Sequence[_Field]
    joint: tuple[int, ...]
    unit: tuple[int, ...]


def _plan(header: Header, form: FormSpec) -> _Plan:
    places = [(spec, header.indices(spec.key)) for spec in form.roster_fields]
    fields = [_Field(spec, at, column_reader(spec) if len(at) == 1 else None) for spec, at in places]
    return _Plan(fields, header.indices(TITLE_AND_SKILL), header.indices(UNIT))


def _people(people: Sequence[_Person], plan: _Plan, sheet_name: str | None) -> list[ReadRow]:
    """The people below one header, read column by column."""
    findings: dict[int, list[Finding]] = {}
    keys = [one.spec.key for one in plan.fields]
    columns = [_column(one, people, findings) for one in plan.fields]
    records = [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]
    joint, units = _joined(people, plan.joint, "/"), _joined(people, plan.unit, " ")
    return [
        ReadRow(RosterRow(person.number, record, both or None, sheet_name), tuple(findings.get(at, ())), unit)
        for at, (person, record, both, unit) in enumerate(zip(people, records, joint, units, strict=True))
    ]


def _column(field: _Field, people: Sequence[_Person], findings: dict[int, list[Finding]]) -> list[Any]:
    """A field's value for each person; what could not be read is noted under the person's place."""
    cells = _single_cells(people, field.indices[0]) if field.reader else None
    values = field.reader(cells) if field.reader and cells else [UNREAD] * len(people)
    for at, value in enumerate(values):
        if value is UNREAD:
            values[at], reason = read_value(field.spec, people[at].values(field.indices))
            if reason:
                findings.setdefault(at, []).append(_unreadable(field.spec, *reason))
    return values


def _single_cells(people: Sequence[_Person], index: int) -> list[object] | None:
    """The cells of one column; None where somebody has several rows or shorter ones."""
    try:
        return [person.row[index] for person in people]  # type: ignore[index]
    except (TypeError, IndexError):
        return None


def _unreadable(spec: FieldSpec, reason: str, reason_en: str) -> Finding:
    params = {
        "label": spec.roster_label or spec.label,
        "label_en": spec.label_en,
        "reason": reason,
        "reason_en": reason_en,
    }
    return Finding("field.format", field=spec.key, params=params)


def _joined(people: Sequence[_Person], indices: Sequence[int], sign: str) -> list[str]:
    """What these columns say of each person, as written."""
    if not indices:
        return [""] * len(people)
    if len(indices) == 1 and (cells := _single_cells(people, indices[0])):
        return [text_of(cell) for cell in cells]
    return [sign.join(" ".join(map(text_of, cells)) for cells in person.values(indices)) for person in people]
