"""From a paper to answers: which paragraphs answer which label, whatever the layout.

A label's value stands to its right; below it where the next cell is a label too or there is none (a header row); or in the
same cell (`姓名：张三`, or the label on the first line). Unknown fields are passed over. Text outside of tables is read as
running `label：value` text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from jiangbang.papers.docx import SECTION_STOP, Cell, Picture, Table
from jiangbang.papers.form_flow import LONG, Answer, Keys, Layout, flow, headings_of_tables
from jiangbang.papers.form_labels import PASSED_OVER, Labels
from jiangbang.papers.normalise import join_pieces

# A value with one of these may hold a label of its own: `学历 本科`, `性别：男`.
_WORDS_APART = re.compile(r"[:：\s]")
# This many labels make a nested table a form of its own; with fewer it is part of the value around it.
NESTED_FORM = 3


def lay_out(tables: Sequence[Table], paragraphs: Sequence[str], pictures: Sequence[Picture], labels: Labels) -> Layout:
    """Find every label and its answer in the tables, then in the text around them."""
    layout = Layout()
    headings = headings_of_tables(paragraphs, labels) if len(paragraphs) > len(tables) else {}
    for number, table in enumerate(tables):
        grid = _Grid(table, labels, layout)
        if number in headings and not grid.labelled:
            grid.read_as_value(headings[number])
        else:
            grid.read()
    if any(":" in line or "：" in line or labels.keys_of(line) for line in paragraphs):
        around = Layout()
        flow(paragraphs, labels, around)
        layout.fill_gaps(around, labels)
    layout.carry_on(labels)
    layout.pictures += [(picture, None) for picture in pictures]
    return layout


class _Grid:
    """One table: every cell is a label, the value of a label, or left over."""

    def __init__(self, table: Table, labels: Labels, layout: Layout) -> None:
        self._labels = labels
        self._layout = layout
        self._rows = table.rows
        for row in table.rows:
            for cell in row:
                if cell.tables:
                    self._nested(cell)
        keys_of = labels.keys_of
        self._keys: list[list[Keys | None]] = [
            [
                None
                if cell.marked or not (lines := cell.paragraphs)
                else keys_of(lines[0] if len(lines) == 1 else "\n".join(lines))
                for cell in row
            ]
            for row in table.rows
        ]
        self._places: dict[int, str] = {}  # id of a cell that has been used → the field it answers

    def _nested(self, cell: Cell) -> None:
        """A nested form is read as a form; any other nested table is text of its cell."""
        for table in cell.tables:
            texts = [["\n".join(inner.paragraphs) for inner in row] for row in table.rows]
            known = {keys for row in texts for text in row if (keys := self._labels.keys_of(text))}
            deeper = any(inner.tables for row in table.rows for inner in row)
            if deeper or len(known) >= NESTED_FORM:
                _Grid(table, self._labels, self._layout).read()
            else:
                cell.paragraphs += [line for row in table.rows for inner in row for line in inner.paragraphs]
                cell.pictures = [
                    *cell.pictures,
                    *(one for row in table.rows for inner in row for one in inner.pictures),
                ]
        cell.tables = ()
        cell.paragraphs = [line for line in cell.paragraphs if line != SECTION_STOP]

    @property
    def labelled(self) -> bool:
        return any(keys for row in self._keys for keys in row)

    def read_as_value(self, key: str) -> None:
        """The whole table is the value of the heading above it: a frame around a long text."""
        cells = [cell for row in self._rows for cell in row]
        self._use(cells, key)
        self._layout.add(key, [cell.paragraphs for cell in cells if cell.paragraphs])
        self._note_pictures()

    def _note_pictures(self) -> None:
        self._layout.pictures += [
            (picture, self._places.get(id(cell))) for row in self._rows for cell in row for picture in cell.pictures
        ]

    def read(self) -> None:
        for index, row in enumerate(self._rows):
            keys = self._keys[index]
            if self._is_roster_head(keys, row):
                self._layout.is_roster = True
                return
            last = len(row) - 1
            for place, found in enumerate(keys):
                if found is None or id(row[place]) in self._places:
                    continue
                alone = place < last and keys[place + 1] is None and (place + 1 == last or keys[place + 2] is not None)
                if not (alone and len(found) == 1 and self._is_plain_pair(row[place], row[place + 1], found[0])):
                    self._read_label(index, place, found)
        self._read_leftovers()
        self._note_pictures()

    def _is_roster_head(self, keys: list[Keys | None], row: list[Cell]) -> bool:
        """A row of labels that begins with a running number heads a roster, not a form."""
        if len(row) < 6 or not row[0].paragraphs or keys[0] is None:
            return False
        return "序号" in "".join(row[0].text.split()) and sum(key is not None for key in keys) >= 5

    def _is_plain_pair(self, label: Cell, value: Cell, key: str) -> bool:
        """Take the commonest case at once: one value of one line between two labels."""
        if len(value.paragraphs) != 1:
            return False
        line = value.paragraphs[0]
        if label.row_span > 1 or value.column != label.column + label.span:
            return False
        if not line.isalnum() and _WORDS_APART.search(line):
            return False
        self._places[id(label)] = self._places[id(value)] = key
        if key != PASSED_OVER:
            self._layout.add(key, [value.paragraphs], value.marked)
        return True

    # one label
    def _read_label(self, index: int, place: int, keys: Keys) -> None:
        row = self._rows[index]
        cell = row[place]
        self._places[id(cell)] = keys[0]
        values = self._right(index, place, keys)
        below = self._below(index, place, keys) if self._looks_down(index, values) else []
        values = below or values
        if keys == (PASSED_OVER,):
            self._use(values[:1] or [], PASSED_OVER)
            return
        self._use(values, keys[0])
        marked = any(value.marked for value in values)
        filled = [value.paragraphs for value in values if value.paragraphs]
        if (
            len(filled) > 1
            and self._labels.kinds.get(keys[0]) == "long_text"
            and any(value is values[1] for value in row)
        ):
            filled = _sewn(filled)
        if len(keys) == 2 and len(filled) == 2 and not self._has_sublabels(filled):
            for key, piece in zip(keys, filled, strict=True):
                self._layout.add(key, [piece], marked)
        else:
            self._layout.add(keys[0], filled, marked)
            if len(keys) == 2:
                self._layout.answers.setdefault(keys[1], Answer())

    def _has_sublabels(self, pieces: list[list[str]]) -> bool:
        return any(self._labels.sublabel(line) for piece in pieces for line in piece)

    def _use(self, cells: Iterable[Cell], key: str) -> None:
        for cell in cells:
            self._places.setdefault(id(cell), key)

    def _right(self, index: int, place: int, keys: Keys) -> list[Cell]:
        """The value cells to the right: up to the next label, through all rows that the label spans."""
        row, label = self._rows[index], self._rows[index][place]
        values: list[Cell] = []
        end = label.column + label.span
        for offset in range(place + 1, len(row)):
            cell, found = row[offset], self._keys[index][offset]
            if offset == place + 1 and cell.column != end:
                return []  # a cell merged from above stands between
            if found is not None and not (found == keys and offset == place + 1 and len(row) == place + 2):
                break
            if self._speaks_for_itself(cell, keys) or (values and self._begins_other(index, offset)):
                break
            values.append(cell)
        for lower in range(index + 1, min(index + label.row_span, len(self._rows))):
            if any(self._keys[lower]):
                continue
            values += [cell for cell in self._rows[lower] if cell.column >= end]
        return values

    def _speaks_for_itself(self, cell: Cell, keys: Keys, below: bool = False) -> bool:
        """Whether a cell holds a label and its value (`性别：男`), so that it is no value of the label beside or above it.

        Beside a long field it is: a life's story may well begin with “姓名：…”, and a joint cell with “主要成果：”.
        """
        if cell.marked or not cell.paragraphs:
            return False
        long = self._labels.kinds.get(keys[0].partition(".")[0]) in LONG
        if long and not below:
            return False
        own = self._first_label(cell)
        return own is not None and own not in keys and not (own in self._labels.lists and keys[0] in self._labels.lists)

    def _first_label(self, cell: Cell) -> str | None:
        """The declared field whose label a cell of label and value begins with."""
        first = cell.paragraphs[0].strip()
        keys: Keys | None = None
        if ("：" in first[:60] or ":" in first[:60]) and (match := self._labels.in_text.match(first)):
            keys = self._labels.keys_of(match["label"])
        elif len(cell.paragraphs) > 1 or "\n" in first:
            keys = self._labels.keys_of(first.partition("\n")[0])
        elif " " in first or "\u3000" in first:
            keys = self._labels.keys_of(first.split(maxsplit=1)[0])
        return keys[0] if keys and keys[0] != PASSED_OVER else None

    def _begins_other(self, index: int, offset: int) -> bool:
        """Whether a further cell of the run is the label of an undeclared field: ends with a colon, or short and followed."""
        row = self._rows[index]
        text = "".join(row[offset].text.split())
        if row[offset].marked or not text:
            return False
        if text.endswith((":", "：")):
            return True
        followed = offset + 1 < len(row) and self._keys[index][offset + 1] is None and row[offset + 1].paragraphs
        return bool(followed) and 2 <= len(text) <= 8 and all(sign >= "㐀" for sign in text)

    def _looks_down(self, index: int, values: list[Cell]) -> bool:
        """Whether the value may stand below: nothing to the right, or an empty cell at the end of a header row."""
        if not values:
            return True
        if any(value.paragraphs or value.pictures for value in values):
            return False
        keys = self._keys[index]
        return any(a is not None and b is not None for a, b in pairwise(keys))

    def _below(self, index: int, place: int, keys: Keys) -> list[Cell]:
        label = self._rows[index][place]
        values: list[Cell] = []
        row = index + label.row_span
        repeats = self._labels.kinds.get(keys[0]) == "items"
        while (spot := self._at(row, label.column)) is not None:
            lower, position = spot
            cell = self._rows[lower][position]
            if self._keys[lower][position] is not None or id(cell) in self._places:
                break
            if self._speaks_for_itself(cell, keys, below=True):
                break
            values.append(cell)
            row = lower + cell.row_span
            if not repeats or any(self._row_keys(row)):
                break
        return values

    def _row_keys(self, row: int) -> list[Keys | None]:
        return self._keys[row] if row < len(self._keys) else []

    def _at(self, row: int, column: int) -> tuple[int, int] | None:
        """(row, position) of the cell that begins in this row and covers this grid column."""
        if row >= len(self._rows):
            return None
        for position, cell in enumerate(self._rows[row]):
            if cell.column <= column < cell.column + cell.span:
                return row, position
        return None

    # what is left
    def _read_leftovers(self) -> None:
        for index, row in enumerate(self._rows):
            for place, cell in enumerate(row):
                if not cell.paragraphs or cell.marked or id(cell) in self._places:
                    continue
                if not self._continues(index, place, cell):
                    self._read_combined(cell)

    def _continues(self, index: int, place: int, cell: Cell) -> bool:
        """A cell without label under a long value, its own label cell empty, carries that value on."""
        if index == 0 or any(other.paragraphs for other in self._rows[index][:place]):
            return False
        spot = self._at(index - 1, cell.column)
        key = self._places.get(id(self._rows[spot[0]][spot[1]])) if spot else None
        if not key or self._labels.kinds.get(key.partition(".")[0]) not in LONG or place == 0:
            return False
        self._layout.answers[key].pieces.append(cell.paragraphs)
        self._places[id(cell)] = key
        return True

    def _read_combined(self, cell: Cell) -> None:
        """Label and value in one cell: `姓名：张三`, `姓名 张三`, or the label on the first line."""
        first = cell.paragraphs[0]
        head, _, rest = first.replace("\n", " \n").strip().partition(" ")
        if not self._labels.in_text.match(first.strip()) and (keys := self._labels.keys_of(head)):
            before = set(self._layout.answers)
            tail = [line for line in (rest.strip(), *cell.paragraphs[1:]) if line]
            if len(tail) == 1 and keys != (PASSED_OVER,):
                self._layout.add(keys[0], [tail])
            else:
                flow(tail, self._labels, self._layout, keys[0])
            self._places[id(cell)] = next(iter(set(self._layout.answers) - before), keys[0])
            return
        before = set(self._layout.answers)
        flow(cell.paragraphs, self._labels, self._layout)
        if new := [key for key in self._layout.answers if key not in before]:
            self._places[id(cell)] = new[0]


def _sewn(pieces: list[list[str]]) -> list[list[str]]:
    """A long text that was cut by a cell border within its line."""
    lines = list(pieces[0])
    for piece in pieces[1:]:
        lines[-1:] = [join_pieces([lines[-1], piece[0]])]
        lines += piece[1:]
    return [lines]
