"""Answers, and the running text outside of tables: `姓名：张三  性别：男`, or a heading with its value in the paragraphs below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jiangbang.papers.form_labels import PASSED_OVER, Labels
from jiangbang.papers.grid import SECTION_STOP, Picture
from jiangbang.papers.wording import chinese_number

Keys = tuple[str, ...]
LONG = ("long_text", "items", "opinions")
# In running text an undeclared label (`民族：`) ends the short value before it.
_UNKNOWN_LABEL = re.compile(r"\s+[^\s:：\d]{2,10}\s*[:：].*$", re.DOTALL)
# The ways in which headings are numbered, the outermost first (GB/T 9704: 一、（一）1.（1）).
_NUMBERING = re.compile(
    r"\s*(?:([一二三四五六七八九十]{1,3})[、.．]|[(（]([一二三四五六七八九十]{1,3})[)）]|(\d{1,2})[、.．](?!\d)|[(（](\d{1,2})[)）])"
)
# An unknown heading (`三、其他说明`) is short and no sentence.
_HEADING_LENGTH, _SENTENCE = 16, re.compile(r"[，,。；;！!？?]")
# So many short fields answered once more are a second form, not a page's repeated head.
_SECOND_FORM = 3


@dataclass(slots=True)
class Answer:
    """What stands in a field's place: the paragraphs of each cell, in order. `marked`: set by our own writer."""

    pieces: list[list[str]] = field(default_factory=list)
    marked: bool = False

    @property
    def filled(self) -> bool:
        return any(self.pieces)

    @property
    def paragraphs(self) -> list[str]:
        return [paragraph for piece in self.pieces for paragraph in piece]


@dataclass(slots=True)
class Layout:
    """What was found on a paper. A picture's place is the key of the field in whose cell it stands, None elsewhere.

    `repeated`: fields with two different answers. `again`: what further labels of an answered field said.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    pictures: list[tuple[Picture, str | None]] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    again: dict[str, list[list[str]]] = field(default_factory=dict)
    is_roster: bool = False

    def add(self, key: str, pieces: list[list[str]], marked: bool = False) -> None:
        """Note an answer. The first that is filled in counts; a different second one is remembered as repeated."""
        held = self.answers.get(key)
        if held is None:
            self.answers[key] = Answer(pieces, marked)
        elif not held.filled:
            held.pieces, held.marked = pieces, marked
        elif any(pieces):
            further = [] if pieces == held.pieces else pieces
            self.again.setdefault(key, []).extend(further)
            if further:
                self.repeated.add(key)

    def fill_gaps(self, around: Layout, labels: Labels) -> None:
        """Take answers from the text around the tables.

        What the tables ask for stands in them: a contact's telephone under the table is not the candidate's. Only a long
        field whose cell was left empty may be answered on an attached page.
        """
        for key, answer in around.answers.items():
            held = self.answers.get(key)
            if held is None or (not held.filled and labels.kinds.get(key) in ("long_text", "items")):
                self.answers[key] = answer
        self.repeated |= around.repeated

    def carry_on(self, labels: Labels) -> None:
        """A long value goes on under its label repeated on the next page, unless the file holds a second form."""
        if not self.again or "name" in self.repeated:
            return
        if sum(labels.kinds.get(key) not in LONG for key in self.again) >= _SECOND_FORM:
            return
        for key, pieces in self.again.items():
            if labels.kinds.get(key) in ("long_text", "items"):
                self.answers[key].pieces += pieces


def headings_of_tables(paragraphs: Sequence[str], labels: Labels) -> dict[int, str]:
    """Number of a table → the long field whose heading is the paragraph just above it."""
    found: dict[int, str] = {}
    number, above = 0, ""
    for line in paragraphs:
        if line == SECTION_STOP:
            keys = labels.keys_of(above) if above else None
            if keys and labels.kinds.get(keys[0].partition(".")[0]) in LONG:
                found[number] = keys[0]
            number += 1
        above = "" if line == SECTION_STOP else line
    return found


def flow(lines: Iterable[str], labels: Labels, layout: Layout, key: str | None = None) -> None:
    """Read running text: `姓名：张三  性别：男`, or a label on a line of its own and its value on the lines below."""
    reader = _Flow(labels, key)
    for paragraph in lines:
        if paragraph == SECTION_STOP:
            reader.key = None
        for line in paragraph.split("\n"):
            reader.read(line)
    for name, pieces in reader.found.items():
        if name != PASSED_OVER:
            layout.add(name, [pieces] if pieces else [])


class _Flow:
    """Reads line by line; `key` is the field that the next line may continue, with the place of its heading's number."""

    def __init__(self, labels: Labels, key: str | None) -> None:
        self._labels = labels
        self.key = key
        self.found: dict[str, list[str]] = {key: []} if key else {}
        self._level = self._number = 0
        self._levels_within: set[int] = set()

    def read(self, line: str) -> None:
        labels = self._labels
        matches = [(match, labels.keys_of(match["label"])) for match in labels.in_text.finditer(line)]
        matches = [(match, keys) for match, keys in matches if keys]
        if not matches:
            self._read_line(line)
            return
        self._continue(line[: matches[0][0].start()])
        self._begin(*_numbering(line))
        for (match, keys), follower in zip(matches, [*matches[1:], None], strict=True):
            assert keys is not None
            value = line[match.end() : follower[0].start() if follower else None]
            self.key = keys[0]
            if not self._is_long:
                value = _UNKNOWN_LABEL.sub("", value).strip().strip("_＿")
            kept = self.found.setdefault(self.key, [])
            if value.strip() and not kept:
                kept.append(value.strip())

    @property
    def _is_long(self) -> bool:
        return self.key is not None and self._labels.kinds.get(self.key.partition(".")[0]) in LONG

    def _read_line(self, line: str) -> None:
        """A line that is a heading, or is none."""
        keys = self._labels.keys_of(line)
        level, number = _numbering(line)
        if keys and not (level and self._is_long and self._within(level, keys)):
            self._begin(level, number)
            self.key = keys[0]
            self.found.setdefault(self.key, [])
        elif level and self._ends(level, number, line):
            self.key = None
        else:
            if level:
                self._levels_within.add(level)
            self._continue(line)

    def _begin(self, level: int, number: int) -> None:
        self._level, self._number, self._levels_within = level, number, set()

    def _within(self, level: int, keys: Keys) -> bool:
        """Whether a numbered heading is one of the long value's own: deeper than the field's, or of no declared field."""
        return level > self._level if self._level else keys == (PASSED_OVER,)

    def _ends(self, level: int, number: int, line: str) -> bool:
        """Whether an unknown heading follows that of the field: the next number in the same style, not one of a list."""
        follows = level == self._level and number == self._number + 1 and level not in self._levels_within
        return follows and len(line.strip()) <= _HEADING_LENGTH and not _SENTENCE.search(line)

    def _continue(self, line: str) -> None:
        """A line without label belongs to the long value before it, or is the value of a short label that has none yet."""
        if self.key is not None and line.strip() and (self._is_long or not self.found[self.key]):
            self.found[self.key].append(line)


def _numbering(line: str) -> tuple[int, int]:
    """(level, number) of the numbering that a line begins with; level 0 for none."""
    match = _NUMBERING.match(line)
    if not match or not match.lastindex:
        return 0, 0
    text = match[match.lastindex]
    return match.lastindex, int(text) if text.isdecimal() else chinese_number(text) or 0
