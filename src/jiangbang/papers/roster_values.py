"""What a roster's cells say: one reader per kind of field, quick for the plain cells that nearly all of them are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from jiangbang.kernel.form import FieldSpec, Value
from jiangbang.papers import normalise

# The cells of a value: one list per column that makes it up, in it one text per row.
Pieces = Sequence[Sequence[str]]
# Why a cell cannot be read, in Chinese and in English.
Reason = tuple[str, str] | None

# Excel keeps 15 significant digits of a number; an identity number has 18.
DIGITS_LOST = (
    "Excel 已把身份证号当作数值，第15位以后的数字已丢失。请把该列设为“文本”格式，按证件重新填写",
    "Excel has turned the identity number into a number, and its digits beyond the 15th are lost. "
    "Format the column as text and enter it again from the card",
)
UNKNOWN_WORDING = ("写法不规范", "it is written in an unknown way")

_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
# WPS keeps pictures in cells as a formula; its cached value is the formula's own text
_PICTURE = re.compile(r"=(?:_xlfn\.)?(?:DISPIMG|IMAGE|EMBED)\(", re.IGNORECASE)
_SPECIAL = frozenset("#=")
_NUMBER_TEXT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}|[0-9]{15,18}\.0+")
_PLAIN_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
# In an item without them nothing can be numbering, a separator or a space: `split_items` would cut off the item's own number
# and change nothing else.
_SEPARATORS = (".", "．", "；", ";", " ")
_NUMERAL_AND_STOP = re.compile(r"[0-9０-９一二三四五六七八九十]。")
# `1.…`, `2.…`, `3.…` on a line each; an item begins with a letter or a year.
_ITEM = r"((?:[^\W\d_]|(?:19|20)[0-9]{2}年)[^\n]*)"
_PLAIN_LIST = re.compile(rf"1\.{_ITEM}(?:\n2\.{_ITEM}(?:\n3\.{_ITEM})?)?")


def text_of(value: object) -> str:
    """A cell as text: whole floats without `.0`, no error values, no pictures in cells."""
    if isinstance(value, str):
        text = value.strip()
        special = text[:1] in _SPECIAL and (_ERROR_VALUE.fullmatch(text) or _PICTURE.match(text))
        return "" if special else text
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def read_value(spec: FieldSpec, columns: Sequence[Sequence[object]]) -> tuple[Value, Reason]:
    """A field's value and, where the cell says something that is none, why it cannot be read."""
    empty: Value = [] if spec.kind == "items" else None
    if not columns:
        return empty, None
    if spec.kind == "identity" and _has_lost_digits(columns[0][0]):
        return None, DIGITS_LOST
    pieces = [[text_of(value) for value in cells] for cells in columns]
    value = normalise.clean_name(_line(pieces)) if spec.key == "name" else _READERS[spec.kind](pieces)
    if value is not None or not any(any(cells) for cells in pieces):
        return (empty if value == "" else value), None
    # kept as written, for people to see; the finding says that it is no value
    return _line(pieces), UNKNOWN_WORDING


# Stands in a column for a cell that needs the care of `read_value`.
UNREAD: Final = object()
ColumnReader = Callable[[Sequence[Any]], list[Any]]


def column_reader(spec: FieldSpec) -> ColumnReader | None:
    """Reads the cells of a column that need no care, all at once; says UNREAD for the others, and never another value.

    Most columns are plain from top to bottom, which a few searches over all their texts show: a roster has thousands of cells.
    """
    if spec.key == "name":  # loses the spaces between its characters
        return _plain_names
    return _COLUMN_READERS.get(spec.kind)


def _plain_integers(cells: Sequence[Any]) -> list[Any]:
    return [
        int(cell) if type(cell) is float and 0 <= cell < 100 and cell.is_integer() else None if cell == "" else UNREAD
        for cell in cells
    ]


def _plain_names(cells: Sequence[Any]) -> list[Any]:
    return [UNREAD if type(value) is str and " " in value else value for value in _plain_texts(cells)]


def _plain_texts(cells: Sequence[Any]) -> list[Any]:
    """The only white space that counts as printable is the plain space: no line breaks, nothing invisible."""
    if all(type(cell) is str for cell in cells) and "".join(cells).isprintable():
        edges = "\n".join(("", *cells, ""))
        if not any(sign in edges for sign in _CARE_AT_EDGES):
            return [cell or None for cell in cells]
    return [_plain_text(cell) if type(cell) is str else UNREAD for cell in cells]


_CARE_AT_EDGES = ("  ", "\n ", " \n", "\n#", "\n=")


def _plain_text(text: str) -> object:
    if not text:
        return None
    return UNREAD if "  " in text or text[0] in " #=" or text[-1] == " " or not text.isprintable() else text


def _plain_genders(cells: Sequence[Any]) -> list[Any]:
    return [_GENDERS.get(cell, UNREAD) for cell in cells]


_GENDERS: Mapping[object, str | None] = {"男": "male", "女": "female", "": None}


def _plain_identities(cells: Sequence[Any]) -> list[Any]:
    matches = _PLAIN_IDENTITY.fullmatch
    return [cell if type(cell) is str and matches(cell) else None if cell == "" else UNREAD for cell in cells]


def _plain_lists(cells: Sequence[Any]) -> list[Any]:
    """`1.…`, `2.…` on a line each."""
    found: list[Any] = [_numbered(cell) if type(cell) is str else UNREAD for cell in cells]
    if _is_plain("".join(item for items in found if items is not UNREAD for item in items)):
        return found
    return [items if items is not UNREAD and all(map(_is_plain, items)) else UNREAD for items in found]


def _numbered(text: str) -> Any:
    """The lines of a list without their numbers."""
    match = _PLAIN_LIST.fullmatch(text)
    if not match:
        return UNREAD if text else []
    return list(filter(None, match.groups()))


def _is_plain(items: str) -> bool:
    if any(sign in items for sign in _SEPARATORS) or not items.isprintable():
        return False
    return "。" not in items or not _NUMERAL_AND_STOP.search(items)


_COLUMN_READERS: Mapping[str, ColumnReader] = {
    "text": _plain_texts,
    "long_text": _plain_texts,
    "integer": _plain_integers,
    "gender": _plain_genders,
    "identity": _plain_identities,
    "items": _plain_lists,
}


def _has_lost_digits(value: object) -> bool:
    """A number cell, or a text that was one: `330106199001011000.0`, `3.30106E+17`."""
    if isinstance(value, str):
        return "." in value and bool(_NUMBER_TEXT.fullmatch(value.strip()))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


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
