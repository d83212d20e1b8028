"""Heights on the written form: the last long text fills the first page, the opinions the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jiangbang.kernel.form import FormSpec, Record, Value
from jiangbang.papers.normalise import clean_text
from jiangbang.papers.reading import Photo

# The photo stands at the right of the first rows.
PHOTO_ROWS: Final = 3
# Heights in twentieths of a point. The type area of A4 between the margins below is 14 500 high.
_AREA: Final = 14_380
_HEAD_HEIGHT: Final = 1_260
SHORT_ROW, WIDE_ROW, LINE, PADDING = 690, 650, 360, 160
_LINE_CHARS: Final = 31.0  # Han characters of 12 pt on a line of the wide cells


@dataclass(slots=True)
class Filling:
    """What one document is filled with: the record, its photo, and the heights worked out for its texts."""

    record: Mapping[str, Value]
    photo: Photo | None
    deeds_height: int
    opinion_height: int
    lists_height: int


def items_of(value: Value) -> list[str]:
    return [text for text in map(clean_text, map(str, value)) if text] if isinstance(value, list) else []


def lines_taken(text: str, first: float = 0.0) -> int:
    """Lines that a text takes in the wide cell: Han characters count one, ASCII a half."""
    total = 0
    for paragraph in text.split("\n"):
        wide = first + sum(0.5 if sign.isascii() else 1.0 for sign in paragraph)
        total += max(1, int(-(-wide // _LINE_CHARS)))
    return total


def measure(record: Record, form: FormSpec, photo: Photo | None) -> Filling:
    """Stretch the last long text to the foot of the first page, and the opinions over the second."""
    lists = sum(
        1 + sum(lines_taken(item, 1) for item in items_of(record.get(spec.key)))
        for spec in form
        if spec.kind == "items"
    )
    deeds = lines_taken(str(record.get("deeds") or ""), 2)
    motto = lines_taken(str(record.get("motto") or ""))
    fixed = _HEAD_HEIGHT + PHOTO_ROWS * SHORT_ROW + 5 * WIDE_ROW + max(800, motto * LINE + PADDING)
    lists_height, deeds_height = lists * LINE + PADDING, deeds * LINE + PADDING
    spare = _AREA - fixed - lists_height - deeds_height
    if spare < 0:  # the text runs on to the second page: no room may be held open, or the whole row would move there
        overflow = -spare % _AREA
        return Filling(record, photo, 1_200, max(2_000, min(4_400, (_AREA - overflow - 600) // 3)), lists_height)
    lists_height = max(lists_height, min(2_400, lists_height + spare))
    return Filling(record, photo, _AREA - fixed - lists_height, 4_400, lists_height)
