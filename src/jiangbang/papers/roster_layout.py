"""The official layout of the roster (annex 3): columns, headings and values, shared by the writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.papers.roster_columns import JOINT_KEYS, NUMBER, TITLE_AND_SKILL

Align = Literal["left", "center"]

SHEET_NAME = "汇总表"
UNIT_LABEL = "填报单位："
# Annex 3, left to right, and each column's share of the page in characters of the body's size (half-width).
OFFICIAL_ORDER: tuple[tuple[str, float], ...] = (
    (NUMBER, 5),
    ("name", 9),
    ("gender", 5),
    ("id_number", 20),
    ("specialty", 9),
    ("years_in_industry", 6),
    (TITLE_AND_SKILL, 12),
    ("employer_and_position", 15),
    ("deeds", 34),
    ("achievements", 22),
    ("honours", 17),
    ("industry_class", 10),
    ("remarks", 7),
)
OTHER_WIDTH = 14.0
GENDERS = {"male": "男", "female": "女"}


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """One column: its key, heading, width in half-width characters and alignment."""

    key: str
    heading: str
    width: float
    align: Align
    identity: bool = False


def printed_columns(form: FormSpec) -> tuple[PrintedColumn, ...]:
    """Annex 3's order; a field of another programme's roster stands before the remarks."""
    fields = {spec.key: spec for spec in form.roster_fields}
    order = [(key, width) for key, width in OFFICIAL_ORDER if _is_printed(key, fields, form)]
    named = {key for key, _ in order}
    others = [(key, OTHER_WIDTH) for key in fields if key not in named]
    at = len(order) - 1 if order and order[-1][0] == "remarks" else len(order)
    return tuple(_column(key, width, fields) for key, width in (*order[:at], *others, *order[at:]))


def printed_value(record: Record, column: PrintedColumn, number: int) -> str | int:
    """What stands in this column for this person; the empty string for an absent value."""
    if column.key == NUMBER:
        return number
    if column.key == TITLE_AND_SKILL:
        return "/".join(str(record[key]) for key in JOINT_KEYS if record.get(key))
    return _text(column.key, record.get(column.key))


def _text(key: str, value: Value) -> str | int:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return "\n".join(f"{number}.{item}" for number, item in enumerate(value, 1))
    return GENDERS.get(str(value), value) if key == "gender" else value


def _is_printed(key: str, fields: dict[str, FieldSpec], form: FormSpec) -> bool:
    if key == TITLE_AND_SKILL:
        return {spec.key for spec in form.fields} >= set(JOINT_KEYS)
    return key == NUMBER or key in fields


def _column(key: str, width: float, fields: dict[str, FieldSpec]) -> PrintedColumn:
    if key in (NUMBER, TITLE_AND_SKILL):
        return PrintedColumn(key, "序号" if key == NUMBER else "职称/技能等级", width, "center")
    spec = fields[key]
    align: Align = "left" if spec.kind in ("items", "long_text") or key == "remarks" else "center"
    return PrintedColumn(key, _heading(spec), width, align, spec.kind == "identity")


def _heading(spec: FieldSpec) -> str:
    """The official label with its limit, as annex 3 prints it: `主要事迹（400字以内）`."""
    label = spec.roster_label or spec.label
    if spec.kind == "items" and spec.max_items:
        return f"{label}\n（不超过{spec.max_items}项）"
    if spec.kind == "long_text" and spec.max_length:
        return f"{label}\n（{spec.max_length}字以内）"
    return label


def lines_needed(text: str, width: float) -> int:
    """Printed lines of a text in a column of so many half-width characters."""
    room = max(1, int(width) - 2)
    if "\n" in text:
        return sum(max(1, -(-_width(line) // room)) for line in text.split("\n"))
    return max(1, -(-_width(text) // room))


def _width(line: str) -> int:
    """In half-width characters: an ideograph takes three bytes of UTF-8 and two places, a Latin letter one of each."""
    return len(line) if line.isascii() else (len(line) + len(line.encode("utf-8", "replace")) + 1) // 2


def tallest(values: Sequence[str | int], columns: Sequence[PrintedColumn]) -> int:
    """The lines of the tallest cell of a row."""
    most = 1
    for value, column in zip(values, columns, strict=True):
        if not isinstance(value, str):
            continue
        # the most that it can take: beside a long text hardly any other needs a closer look
        room = max(1, int(column.width) - 2)
        if (2 * len(value) - 1) // room + 1 + value.count("\n") > most:
            most = max(most, lines_needed(value, column.width))
    return most
