"""The walk through the XML of one part of a Word document.

Read is what a person sees: insertions but no deletions, the result of fields but not their code, one branch of alternate
content, text boxes where they are anchored, no hidden text, no placeholder of an empty content control, no pinyin over names.
"""

from __future__ import annotations

from lxml import etree

from jiangbang.papers.grid import SECTION_STOP, Cell, Picture, Table
from jiangbang.papers.normalise import AUTO_NUMBER
from jiangbang.papers.package import Package
from jiangbang.papers.wordml import (
    ALTERNATE,
    BEFORE,
    BLIP,
    BOX,
    BREAK,
    CODES,
    EMBED,
    FIELD,
    FLAT_CODES,
    FLAT_NAMES,
    GRID_SPAN,
    HYPHEN,
    ID,
    IMAGE,
    MARK,
    NUMBER_ID,
    PICTURES,
    PROPERTIES,
    RARE,
    SDT,
    SHAPE,
    SKIP,
    SYMBOL,
    TAB,
    TABS,
    TBL,
    TC,
    TR,
    VALUE_MARK,
    VERTICAL,
    P,
    R,
    T,
    attribute,
    auto_numbered,
    cell_properties,
    control_content,
    elements_of,
    floats,
    form_field,
    hidden,
    mark_deleted,
    part_named,
    row_properties,
    small_number,
    symbol,
)

# What ends a line of text, and what the flat walk leaves to the walk by levels.
_ENDS, _DEEP = frozenset((P, TC, TR)), frozenset((TBL, RARE))


class Walker:
    """Walks one part once, filling cells."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._relations: dict[str, tuple[str, str, bool]] | None = None
        self._fields: list[bool] = []
        self.carried = ""

    # blocks: paragraphs and tables of a body, cell, text box or header
    def block(self, parent: etree._Element, cell: Cell) -> None:
        for child in parent:
            code = CODES.get(child.tag)
            if code == P:
                self._paragraph(child, cell)
            elif code == TBL:
                cell.tables = [*cell.tables, self._table(child)]
                cell.paragraphs.append(SECTION_STOP)
            elif code == SDT:
                self._control(child, cell)
            elif code == MARK:
                cell.marked = cell.marked or (attribute(child, "name") or "").startswith(VALUE_MARK)
            elif code == ALTERNATE:
                self._alternate(child, cell, None)
            elif code is None and len(child):
                self.block(child, cell)

    def _control(self, control: etree._Element, cell: Cell) -> None:
        if (content := control_content(control)) is not None:
            self.block(content, cell)

    def _paragraph(self, paragraph: etree._Element, cell: Cell) -> None:
        buffer: list[str] = []
        properties = None
        if len(paragraph) and PROPERTIES.get(paragraph[0].tag) == "pPr":
            properties = paragraph[0]
        self._inline(paragraph, buffer, cell)
        text = self.carried + "".join(buffer)
        self.carried = ""
        if not text or text.isspace():
            return
        if properties is not None and len(properties):
            if mark_deleted(properties):
                self.carried = text
                return
            if auto_numbered(properties):
                text = AUTO_NUMBER + text
        cell.paragraphs.append(text)

    def _inline(self, parent: etree._Element, buffer: list[str], cell: Cell) -> None:
        for child in parent:
            code = CODES.get(child.tag)
            if code == T:
                if child.text and (not self._fields or all(self._fields)):
                    buffer.append(child.text)
            elif code == R:
                if not hidden(child):
                    self._inline(child, buffer, cell)
            elif code is None:
                if len(child):
                    self._inline(child, buffer, cell)
            elif code != SKIP:
                self._rare(code, child, buffer, cell)

    def _rare(self, code: int, child: etree._Element, buffer: list[str], cell: Cell) -> None:
        """What runs hold besides text."""
        if code == TAB:
            buffer.append("\t")
        elif code == BREAK:
            buffer.append("\n")
        elif code == HYPHEN:
            buffer.append("-")
        elif code == SYMBOL:
            buffer.append(symbol(child))
        elif code == FIELD:
            self._field(child, buffer)
        elif code == SDT:
            if (content := control_content(child)) is not None:
                self._inline(content, buffer, cell)
        elif code == ALTERNATE:
            self._alternate(child, cell, buffer)
        elif code == SHAPE:
            self._shape(child, cell, floats(child))
        elif code == MARK:
            cell.marked = cell.marked or (attribute(child, "name") or "").startswith(VALUE_MARK)
        elif code in (P, BOX):
            self.block(child, cell)

    def _field(self, sign: etree._Element, buffer: list[str]) -> None:
        """Complex fields: what stands between `separate` and `end` is seen, what stands before is code."""
        kind = attribute(sign, "fldCharType")
        if kind == "begin":
            form = part_named(sign, "ffData")
            if form is not None and all(self._fields):
                buffer.append(form_field(form))
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _alternate(self, alternate: etree._Element, cell: Cell, buffer: list[str] | None) -> None:
        """One branch only: the first that shows anything."""
        before = (len(cell.paragraphs), len(cell.pictures), len(cell.tables), len(buffer or ()))
        for branch in alternate:
            if buffer is None:
                self.block(branch, cell)
            elif (
                branch.getparent() is not None
                and CODES.get(getattr(branch[0], "tag", "") if len(branch) else "") == SHAPE
            ):
                for shape in branch:
                    self._shape(shape, cell, floats(shape))
            else:
                self._inline(branch, buffer, cell)
            if before != (len(cell.paragraphs), len(cell.pictures), len(cell.tables), len(buffer or ())):
                return

    def _shape(self, shape: etree._Element, cell: Cell, floating: bool) -> None:
        """Drawings and VML: pictures are noted, text boxes read where they are anchored."""
        for child in shape:
            code = CODES.get(child.tag)
            if code == BLIP:
                self._picture(child, EMBED, cell, floating)
            elif code == IMAGE:
                self._picture(child, ID, cell, floating)
            elif code == BOX:
                self._box(child, cell)
            elif code == ALTERNATE:
                self._shape(next(iter(child), child), cell, floating)
            elif len(child):
                self._shape(child, cell, floating)

    def _box(self, box: etree._Element, cell: Cell) -> None:
        fields, self._fields = self._fields, []
        carried, self.carried = self.carried, ""
        self.block(box, cell)
        self._fields, self.carried = fields, carried

    def _picture(self, element: etree._Element, names: tuple[str, ...], cell: Cell, floating: bool) -> None:
        if self._relations is None:
            self._relations = self._package.relations(self._part)
        for name in names:
            _, target, external = self._relations.get(element.get(name) or "", ("", "", False))
            if target or external:
                cell.pictures = [*cell.pictures, Picture(part="" if external else target, floating=floating)]
                return

    # tables
    def _table(self, table: etree._Element) -> Table:
        return self._flat_table(table) or self._deep_table(table)

    def _flat_table(self, table: etree._Element) -> Table | None:
        """A table without rarities, read in one pass in the order of the document; None where there is a rarity.

        Four times as fast as the walk by levels, and nearly every form is read this way. It is long because it is one loop, the hottest of
        the reader.
        """
        space = table.tag[1:].partition("}")[0]
        names, value, name = FLAT_NAMES.get(space), f"{{{space}}}val", f"{{{space}}}name"
        if names is None:
            return None
        rows: list[list[Cell]] = []
        above: dict[int, tuple[Cell, int]] = {}
        row: list[Cell] = []
        cell: Cell | None = None
        line, merge, numbered, tabs, column = "", "", False, False, 0
        elements = table.iter(*names)
        next(elements)  # the table itself
        for element in elements:
            code = FLAT_CODES[element.tag]
            if code == T:
                line += element.text or ""
            elif code in _ENDS:
                if line:
                    if cell is not None and not line.isspace():
                        cell.paragraphs.append(AUTO_NUMBER + line if numbered else line)
                    line = ""
                numbered = tabs = False
                if code == P:
                    continue
                if cell is not None:
                    if merge or above:
                        _lay_merged(cell, merge, row, above, len(rows) - 1)
                    else:
                        row.append(cell)
                    column = cell.column + cell.span
                    cell = None
                if code == TC:
                    cell, merge = Cell([], column), ""
                else:
                    row, column = [], 0
                    rows.append(row)
            elif code == MARK:
                if cell is not None and not cell.marked:
                    cell.marked = (element.get(name) or "").startswith(VALUE_MARK)
            elif code == GRID_SPAN:
                if cell is not None:
                    cell.span = small_number(element.get(value), 1) or 1
            elif code == VERTICAL:
                merge = element.get(value) or "continue"
            elif code == TABS:
                tabs = True
            elif code in _DEEP:
                return None
            elif cell is None:
                column = small_number(element.get(value), 0) if code == BEFORE else column
            elif code == SHAPE:
                for picture in element.iter(*PICTURES):
                    names_of = EMBED if CODES[picture.tag] == BLIP else ID
                    self._picture(picture, names_of, cell, floats(element))
            elif code == NUMBER_ID:
                numbered = element.get(value) not in (None, "0")
            elif code != TAB or not tabs or not element.attrib:  # a tab stop is no tab
                buffer: list[str] = []
                self._rare(code, element, buffer, cell)
                line += "".join(buffer)
        if cell is not None:
            if line and not line.isspace():
                cell.paragraphs.append(AUTO_NUMBER + line if numbered else line)
            _lay_merged(cell, merge, row, above, len(rows) - 1)
        return Table(rows)

    def _deep_table(self, table: etree._Element) -> Table:
        rows: list[list[Cell]] = []
        above: dict[int, tuple[Cell, int]] = {}  # column → the cell that vertical merges continue, and its row
        for row in elements_of(table, TR):
            before, deleted = row_properties(row)
            if deleted:
                continue
            rows.append(self._row(row, before, above, len(rows)))
        return Table(rows)

    def _row(self, row: etree._Element, column: int, above: dict[int, tuple[Cell, int]], index: int) -> list[Cell]:
        cells: list[Cell] = []
        for element in elements_of(row, TC):
            span, vertical, horizontal = cell_properties(element)
            cell = Cell(column=column, span=span)
            fields, self._fields = self._fields, []
            self.block(element, cell)
            self._fields = fields
            if self.carried:
                cell.paragraphs.append(self.carried)
                self.carried = ""
            if horizontal == "continue" and cells:
                _absorb(cells[-1], cell)
                cells[-1].span += span
            else:
                _lay_merged(cell, vertical, cells, above, index)
            column += span
        return cells


def _lay_merged(cell: Cell, merge: str, row: list[Cell], above: dict[int, tuple[Cell, int]], index: int) -> None:
    """Lay a finished cell into its row, or into the cell above that it continues."""
    column = cell.column
    if merge == "continue" and column in above:
        origin, first = above[column]
        origin.row_span = index - first + 1
        _absorb(origin, cell)
        return
    row.append(cell)
    if merge == "restart":
        above[column] = (cell, index)
    else:
        above.pop(column, None)


def _absorb(origin: Cell, hidden: Cell) -> None:
    """The content of a cell that is merged away is not seen, unless the visible cell is empty; its pictures float above."""
    if hidden.pictures:
        origin.pictures = [*origin.pictures, *hidden.pictures]
    if not origin.paragraphs:
        origin.paragraphs, origin.marked = hidden.paragraphs, hidden.marked
    if not origin.tables:
        origin.tables = hidden.tables
