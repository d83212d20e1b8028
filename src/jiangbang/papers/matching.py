"""Which form belongs to which row of the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from jiangbang.kernel.form import Record
from jiangbang.papers.comparison import fold, is_nothing
from jiangbang.papers.reading import FormReading, RosterRow

# Two numbers that differ in at most so many places may be one number with a slip of the pen.
SLIPS = 4
# Shorter texts may agree by chance.
TELLING = 30

# Rows of one name that are compared with a form; a packet of thousands of namesakes is built to cost time.
MOST_NAMESAKES = 50


@dataclass(slots=True)
class Matches:
    """Rows by the index of their form; rows that repeat a person already listed; rows that nobody's form fits."""

    row_of: dict[int, int] = field(default_factory=dict)
    repeated: dict[int, list[int]] = field(default_factory=dict)
    left_over: list[int] = field(default_factory=list)


def identity_of(record: Record) -> str:
    """The identity number as the key of a person, or the empty string."""
    value = record.get("id_number")
    return fold(value) if isinstance(value, str) and not is_nothing(value) else ""


def match_rows(forms: Sequence[FormReading], rows: Sequence[RosterRow]) -> Matches:
    """Match by identity number; what is left by name where something else agrees; then by the deeds, then by the file's name."""
    matches = Matches()
    firsts: dict[str, int] = {}
    for index, row in enumerate(rows):
        number = identity_of(row.record)
        if number and number in firsts:
            matches.repeated.setdefault(firsts[number], []).append(index)
        elif number:
            firsts[number] = index
    for index, form in enumerate(forms):
        number = identity_of(form.record)
        if number in firsts:
            # two forms of one person share the row: the second is a duplicate, not a person without a row
            matches.row_of[index] = firsts[number]
    again = {index for repeats in matches.repeated.values() for index in repeats}
    taken = set(matches.row_of.values()) | again
    free = [index for index in range(len(rows)) if index not in taken]
    _match_by_name(forms, rows, matches, free)
    matches.left_over = [index for index in free if index not in set(matches.row_of.values())]
    return matches


def _match_by_name(
    forms: Sequence[FormReading], rows: Sequence[RosterRow], matches: Matches, free: Sequence[int]
) -> None:
    """Pairs in falling order of what agrees; a pair with nothing but the name are two people of one name."""
    by_name: dict[str, list[int]] = defaultdict(list)
    by_deeds: dict[str, list[int]] = defaultdict(list)
    for index in free:
        by_name[_text(rows[index].record, "name")].append(index)
        by_deeds[_text(rows[index].record, "deeds")].append(index)
    pairs: list[tuple[int, int, int]] = []
    for number, form in enumerate(forms):
        if number in matches.row_of:
            continue
        name, deeds = _text(form.record, "name"), _text(form.record, "deeds")
        candidates = set(by_name.get(name, ())[:MOST_NAMESAKES]) if name else set(_named_in(form.source, rows, free))
        if len(deeds) >= TELLING:
            candidates.update(by_deeds.get(deeds, ())[:MOST_NAMESAKES])
        pairs += [(-likeness(form.record, rows[index].record), number, index) for index in candidates]
    used: set[int] = set()
    for unlikeness, number, index in sorted(pairs):
        if unlikeness < 0 and number not in matches.row_of and index not in used:
            matches.row_of[number] = index
            used.add(index)


def _named_in(source: str, rows: Sequence[RosterRow], free: Sequence[int]) -> list[int]:
    """A form that could not be read, or has no name, is known by its file: `附件2推荐表（张三）.docx`."""
    folded = fold(source)
    return [index for index in free if len(name := _text(rows[index].record, "name")) >= 2 and name in folded]


def likeness(form: Record, row: Record) -> int:
    """How much besides the name speaks for one person; 0: nothing does."""
    score = 0
    left, right = identity_of(form), identity_of(row)
    if not left or not right or _slips(left, right) <= SLIPS:
        score += 4
    for key, weight in (("deeds", 4), ("employer_and_position", 2)):
        if (value := _text(form, key)) and value == _text(row, key):
            score += weight
    if score and form.get("gender") == row.get("gender"):
        score += 1
    return score


def _slips(left: str, right: str) -> int:
    """Differing places; a missing or doubled digit counts as one slip."""
    if len(left) == len(right):
        return sum(first != second for first, second in zip(left, right, strict=True))
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    if len(longer) - len(shorter) > 2:
        return SLIPS + 1
    head = next((place for place, sign in enumerate(shorter) if sign != longer[place]), len(shorter))
    tail = len(longer) - len(shorter)
    return tail + sum(first != second for first, second in zip(shorter[head:], longer[head + tail :], strict=True))


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return fold(value) if isinstance(value, str) else ""
