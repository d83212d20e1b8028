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
    GRID_SPAN,
    HYPHEN,
    ID,
    IMAGE,
    MARK,
    NUMBER_ID,
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
    attribute_number,
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
    symbol,
)


class Walker:
    """Walks one part once, filling cells. `content` is only looked through for rare features, to skip their checks."""

    def __init__(self, package: Package, part: str, content: bytes) -> None:
        self._package = package
        self._part = part
        self._relations: dict[str, tuple[str, str, bool]] | None = None
        known = b"\x00" not in content[:64]  # UTF-16: the words cannot be looked for
        self._may_hide = not known or b"vanish" in content
        self._may_delete = not known or b":del " in content or b":del/" in content
        self._fields: list[bool] = []
        self.carried = ""

    # blocks: paragraphs and tables of a body, cell, text box or header
    def block(self, parent: etree._Element, cell: Cell) -> None:
        for child in parent:
            code = CODES.get(child.tag)
            if code == P:
                self._paragraph(child, cell)
            elif code == TBL:
                cell.tables.append(self._table(child))
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
            if self._may_delete and mark_deleted(properties):
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
                if not (self._may_hide and hidden(child)):
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
            elif branch.getparent() is not None and CODES.get(getattr(branch[0], "tag", "") if len(branch) else "") == SHAPE:
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
                for branch in child[:1]:
                    self._shape(branch, cell, floating)
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
                cell.pictures.append(Picture(part="" if external else target, floating=floating))
                return

    # tables
    def _table(self, table: etree._Element) -> Table:
        return self._flat_table(table) or self._deep_table(table)

    def _flat_table(self, table: etree._Element) -> Table | None:
        """A table without rarities, read in one pass in the order of the document; None where there is a rarity.

        Four times as fast as the walk by levels, and nearly every form is read this way.
        """
        rows: list[list[Cell]] = []
        above: dict[int, tuple[Cell, int]] = {}
        row: list[Cell] = []
        cell, buffer = Cell(), []  # type: Cell, list[str]
        column, merge, numbered, tabs = 0, "", False, False
        codes = FLAT_CODES.get

        def end_paragraph() -> None:
            text = "".join(buffer)
            if text and not text.isspace():
                cell.paragraphs.append(AUTO_NUMBER + text if numbered else text)

        def end_cell() -> None:
            nonlocal column
            if merge == "continue" and column in above:
                origin, first = above[column]
                origin.row_span = len(rows) - first
                _absorb(origin, cell)
            else:
                row.append(cell)
                above.pop(column, None)
                if merge == "restart":
                    above[column] = (cell, len(rows) - 1)
            column += cell.span

        elements = table.iter()
        next(elements)
        in_cell = False
        for element in elements:
            code = codes(element.tag)  # type: ignore[arg-type]
            if code is None:
                continue
            if code == T:
                if element.text:
                    buffer.append(element.text)
            elif code == P:
                if buffer:
                    end_paragraph()
                    buffer = []
                numbered = tabs = False
            elif code == TC:
                if in_cell:
                    if buffer:
                        end_paragraph()
                        buffer = []
                    end_cell()
                cell, merge, in_cell, numbered = Cell(column=column), "", True, False
            elif code == TR:
                if in_cell:
                    if buffer:
                        end_paragraph()
                        buffer = []
                    end_cell()
                row, column, in_cell = [], 0, False
                rows.append(row)
            elif code == GRID_SPAN:
                cell.span = attribute_number(element, 1) or 1
            elif code == VERTICAL:
                merge = attribute(element) or "continue"
            elif code == TAB:
                if not tabs or not element.attrib:
                    buffer.append("\t")
            elif code == TABS:
                tabs = True
            elif code in (TBL, RARE):
                return None
            elif not in_cell:
                if code == BEFORE:
                    column = attribute_number(element, 0)
            elif code == NUMBER_ID:
                numbered = attribute(element) not in (None, "0")
            elif code == BREAK:
                buffer.append("\n")
            else:
                self._rare(code, element, buffer, cell)
        if in_cell:
            if buffer:
                end_paragraph()
            end_cell()
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
            elif vertical == "continue" and column in above:
                origin, first = above[column]
                origin.row_span = index - first + 1
                _absorb(origin, cell)
            else:
                cells.append(cell)
                above.pop(column, None)
                if vertical == "restart":
                    above[column] = (cell, index)
            column += span
        return cells


def _absorb(origin: Cell, hidden: Cell) -> None:
    """The content of a cell that is merged away is not seen, unless the visible cell is empty; its pictures float above."""
    origin.pictures += hidden.pictures
    if not origin.paragraphs:
        origin.paragraphs, origin.marked = hidden.paragraphs, hidden.marked
    if not origin.tables:
        origin.tables = hidden.tables


