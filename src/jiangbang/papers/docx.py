"""Word documents as a neutral model: tables of cells, loose paragraphs, pictures.

`Table.rows` is the grid as people see it: one `Cell` per visible cell (a merged cell once, at its top left), with the grid
column where it begins and the columns and rows that it spans. A paragraph is a string; `\\n` stands for a line break in it,
`normalise.AUTO_NUMBER` before it for Word's own numbering. Empty paragraphs are left out.

Read is what a person sees: insertions but no deletions, the result of fields but not their code, one branch of alternate
content, text boxes where they are anchored, no hidden text, no placeholder of an empty content control, no pinyin over names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from jiangbang.papers.normalise import AUTO_NUMBER
from jiangbang.papers.package import MAX_PICTURE, Package, PackageError, parse_xml

# Bookmarks of this name begin the values that our own writer set: such a cell is a value, whatever its words look like.
VALUE_MARK = "jb_"
# Stands among the loose paragraphs where a table stood.
SECTION_STOP = "\f"


@dataclass(slots=True)
class Picture:
    """A picture in a paper: its bytes, or the part of the package that holds them. `floating`: anchored, not in the line."""

    data: bytes | None = None
    part: str = ""
    floating: bool = False


@dataclass(slots=True)
class Cell:
    """One visible cell. `column` counts grid columns from 0. `marked`: our own writer says that this is a value, nothing else."""

    paragraphs: list[str] = field(default_factory=list)
    column: int = 0
    span: int = 1
    row_span: int = 1
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    marked: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(slots=True)
class Table:
    """Rows of cells, each row in the order of its columns; a row may be empty (all its cells merged from above)."""

    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """A Word document. `body` holds what stands outside of tables, and the outermost tables."""

    body: Cell
    package: Package
    part: str
    properties: dict[str, str]

    @property
    def tables(self) -> list[Table]:
        return self.body.tables

    def picture_bytes(self, picture: Picture) -> bytes | None:
        """The bytes of a picture; None where it is only linked, missing or damaged."""
        if picture.data is not None:
            return picture.data
        try:
            return self.package.read(picture.part, MAX_PICTURE) if picture.part in self.package else None
        except PackageError:
            return None

    def header_pictures(self) -> list[Picture]:
        """The pictures of headers and footers, read only when asked for: a photo may be anchored there."""
        found: list[Picture] = []
        for kind, target, external in self.package.relations(self.part).values():
            if kind in ("header", "footer") and not external and target in self.package:
                try:
                    found += _read_part(self.package, target, "").pictures
                except PackageError:
                    continue
        return found


def read_document(data: bytes) -> Document:
    """Read a `.docx` of either kind of OOXML. Raises PackageError (a code and a reason) where it cannot be read."""
    package = Package(data)
    if package.has_macros:
        raise PackageError("packet.macro")
    part = _main_part(package)
    return Document(_read_part(package, part, "document"), package, part, _properties(package))


def _main_part(package: Package) -> str:
    for kind, target, external in package.relations("").values():
        if kind == "officeDocument" and not external:
            if target not in package:
                break
            return target
    raise PackageError("packet.member_unreadable", "其中没有 Word 正文")


def _read_part(package: Package, part: str, root_name: str) -> Cell:
    content = package.read(part)
    root = parse_xml(content, part)
    if root_name and root.tag.rpartition("}")[2] != root_name:
        raise PackageError("packet.member_unreadable", "不是 Word 文档")
    walker = _Walker(package, part, content)
    body = Cell()
    for child in root if root_name else (root,):
        if not root_name or child.tag.endswith("}body"):
            walker.block(child, body)
    body.paragraphs.extend([walker.carried] if walker.carried else [])
    return body


def _properties(package: Package) -> dict[str, str]:
    """The custom document properties, name → text."""
    if "docprops/custom.xml" not in package:
        return {}
    try:
        root = package.xml("docprops/custom.xml")
    except PackageError:
        return {}
    return {prop.get("name") or "": "".join(prop.itertext()) for prop in root}


# -- the walk ----------------------------------------------------------------------------------------------------------------

_W = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_A = ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
_R = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_V = "urn:schemas-microsoft-com:vml"
_M = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")

(
    P, R, T, TBL, TR, TC, SKIP, TAB, BREAK, SDT, FIELD, SHAPE, ALTERNATE, SYMBOL, HYPHEN, BLIP, IMAGE, BOX, MARK
) = range(1, 20)  # fmt: skip

_WORDS: Final = {
    "p": P, "r": R, "t": T, "tbl": TBL, "tr": TR, "tc": TC, "tab": TAB, "ptab": TAB, "br": BREAK, "cr": BREAK, "sdt": SDT,
    "fldChar": FIELD, "drawing": SHAPE, "pict": SHAPE, "object": SHAPE, "sym": SYMBOL, "noBreakHyphen": HYPHEN,
    "txbxContent": BOX, "bookmarkStart": MARK,
    **dict.fromkeys(
        ["del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr",
         "instrText", "delText", "delInstrText", "rt", "rubyPr", "smartTagPr", "customXmlPr", "fldData", "ffData",
         "softHyphen", "footnoteReference", "endnoteReference", "annotationRef", "pgNum", "altChunk", "bookmarkEnd",
         "proofErr", "lastRenderedPageBreak"], SKIP),
}  # fmt: skip
_CODES: Final[dict[str, int]] = {
    **{f"{{{space}}}{word}": code for space in _W for word, code in _WORDS.items()},
    **{f"{{{space}}}blip": BLIP for space in _A},
    **{f"{{{space}}}t": T for space in _M},
    f"{{{_V}}}imagedata": IMAGE,
    f"{{{_MC}}}AlternateContent": ALTERNATE,
}
_EMBED: Final = tuple(f"{{{space}}}embed" for space in _R)
_ID: Final = tuple(f"{{{space}}}id" for space in _R)
_PROPERTIES: Final = {
    f"{{{space}}}{word}": word
    for space in _W
    for word in ("tcPr", "trPr", "gridSpan", "vMerge", "hMerge", "gridBefore", "del", "cellDel", "pPr", "rPr", "numPr",
                 "numId", "vanish", "sdtPr", "sdtContent", "showingPlcHdr", "val", "char", "fldCharType", "name", "ffData",
                 "checkBox", "checked", "default", "ddList", "result", "listEntry")
}  # fmt: skip
# Symbols of the fonts that Word's boxes and ticks are set in.
_SYMBOLS: Final = {0x52: "☑", 0xFE: "☑", 0x53: "☒", 0xFD: "☒", 0x54: "☒", 0xA8: "□", 0x6F: "□", 0x70: "□", 0x71: "□",
                   0x72: "□", 0xFC: "√", 0x50: "√", 0xA3: "□", 0xD8: "▶", 0x6C: "●", 0x6E: "■"}  # fmt: skip


def _value(element: etree._Element, name: str = "val") -> str | None:
    """An attribute of the Word name space, strict or transitional."""
    for space in _W:
        if (found := element.get(f"{{{space}}}{name}")) is not None:
            return found
    return None


def _child(element: etree._Element, name: str) -> etree._Element | None:
    for child in element:
        if _PROPERTIES.get(child.tag) == name:
            return child
    return None


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off", "none")


def _number(element: etree._Element | None, default: int) -> int:
    """A small number in an attribute: grid spans are bounded, or one cell could claim a billion columns."""
    text = _value(element) if element is not None else None
    return min(max(int(text), 0), 500) if text and text.isascii() and text.isdecimal() and len(text) < 9 else default


class _Walker:
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
            code = _CODES.get(child.tag)
            if code == P:
                self._paragraph(child, cell)
            elif code == TBL:
                cell.tables.append(self._table(child))
                cell.paragraphs.append(SECTION_STOP)
            elif code == SDT:
                self._control(child, cell)
            elif code == MARK:
                cell.marked = cell.marked or (_value(child, "name") or "").startswith(VALUE_MARK)
            elif code == ALTERNATE:
                self._alternate(child, cell, None)
            elif code is None and len(child):
                self.block(child, cell)

    def _control(self, control: etree._Element, cell: Cell) -> None:
        if (content := _control_content(control)) is not None:
            self.block(content, cell)

    def _paragraph(self, paragraph: etree._Element, cell: Cell) -> None:
        buffer: list[str] = []
        properties = None
        if len(paragraph) and _PROPERTIES.get(paragraph[0].tag) == "pPr":
            properties = paragraph[0]
        self._inline(paragraph, buffer, cell)
        text = self.carried + "".join(buffer)
        self.carried = ""
        if not text or text.isspace():
            return
        if properties is not None and len(properties):
            if self._may_delete and _mark_deleted(properties):
                self.carried = text
                return
            if _auto_numbered(properties):
                text = AUTO_NUMBER + text
        cell.paragraphs.append(text)

    def _inline(self, parent: etree._Element, buffer: list[str], cell: Cell) -> None:
        for child in parent:
            code = _CODES.get(child.tag)
            if code == T:
                if child.text and (not self._fields or all(self._fields)):
                    buffer.append(child.text)
            elif code == R:
                if not (self._may_hide and _hidden(child)):
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
            buffer.append(_symbol(child))
        elif code == FIELD:
            self._field(child, buffer)
        elif code == SDT:
            if (content := _control_content(child)) is not None:
                self._inline(content, buffer, cell)
        elif code == ALTERNATE:
            self._alternate(child, cell, buffer)
        elif code == SHAPE:
            self._shape(child, cell, _floats(child))
        elif code == MARK:
            cell.marked = cell.marked or (_value(child, "name") or "").startswith(VALUE_MARK)
        elif code in (P, BOX):
            self.block(child, cell)

    def _field(self, sign: etree._Element, buffer: list[str]) -> None:
        """Complex fields: what stands between `separate` and `end` is seen, what stands before is code."""
        kind = _value(sign, "fldCharType")
        if kind == "begin":
            form = _child(sign, "ffData")
            if form is not None and all(self._fields):
                buffer.append(_form_field(form))
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
            elif branch.getparent() is not None and _CODES.get(getattr(branch[0], "tag", "") if len(branch) else "") == SHAPE:
                for shape in branch:
                    self._shape(shape, cell, _floats(shape))
            else:
                self._inline(branch, buffer, cell)
            if before != (len(cell.paragraphs), len(cell.pictures), len(cell.tables), len(buffer or ())):
                return

    def _shape(self, shape: etree._Element, cell: Cell, floating: bool) -> None:
        """Drawings and VML: pictures are noted, text boxes read where they are anchored."""
        for child in shape:
            code = _CODES.get(child.tag)
            if code == BLIP:
                self._picture(child, _EMBED, cell, floating)
            elif code == IMAGE:
                self._picture(child, _ID, cell, floating)
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
            try:
                self._relations = self._package.relations(self._part)
            except PackageError:
                self._relations = {}
        for name in names:
            _, target, external = self._relations.get(element.get(name) or "", ("", "", True))
            if not external:
                cell.pictures.append(Picture(part=target, floating=floating))
                return

    # tables
    def _table(self, table: etree._Element) -> Table:
        rows: list[list[Cell]] = []
        above: dict[int, tuple[Cell, int]] = {}  # column → the cell that vertical merges continue, and its row
        for row in _parts(table, TR):
            before, deleted = _row_properties(row)
            if deleted:
                continue
            rows.append(self._row(row, before, above, len(rows)))
        return Table(rows)

    def _row(self, row: etree._Element, column: int, above: dict[int, tuple[Cell, int]], index: int) -> list[Cell]:
        cells: list[Cell] = []
        for element in _parts(row, TC):
            span, vertical, horizontal = _cell_properties(element)
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


def _parts(parent: etree._Element, wanted: int) -> Iterator[etree._Element]:
    """The rows of a table, or cells of a row, also inside of content controls, custom XML and tracked insertions."""
    for child in parent:
        code = _CODES.get(child.tag)
        if code == wanted:
            yield child
        elif code == SDT:
            if (content := _control_content(child, placeholder=True)) is not None:
                yield from _parts(content, wanted)
        elif code == ALTERNATE:
            for branch in child[:1]:
                yield from _parts(branch, wanted)
        elif code is None and len(child):
            yield from _parts(child, wanted)


def _control_content(control: etree._Element, placeholder: bool = False) -> etree._Element | None:
    """What a content control shows; None while it shows only its placeholder (“click here to enter text”)."""
    content = None
    for child in control:
        name = _PROPERTIES.get(child.tag)
        if name == "sdtPr" and not placeholder and _is_on(_child(child, "showingPlcHdr")):
            return None
        if name == "sdtContent":
            content = child
    return content


def _row_properties(row: etree._Element) -> tuple[int, bool]:
    """Columns left out before the row, and whether the row is deleted (tracked)."""
    for child in row:
        if _PROPERTIES.get(child.tag) == "trPr":
            return _number(_child(child, "gridBefore"), 0), _child(child, "del") is not None
    return 0, False


def _cell_properties(cell: etree._Element) -> tuple[int, str, str]:
    """(columns spanned, vertical merge, horizontal merge); a merge is "", "restart" or "continue"."""
    span, vertical, horizontal = 1, "", ""
    if not len(cell) or _PROPERTIES.get(cell[0].tag) != "tcPr":
        return span, vertical, horizontal
    for child in cell[0]:
        name = _PROPERTIES.get(child.tag)
        if name == "gridSpan":
            span = _number(child, 1) or 1
        elif name == "vMerge":
            vertical = _value(child) or "continue"
        elif name == "hMerge":
            horizontal = _value(child) or "continue"
    return span, vertical, horizontal


def _auto_numbered(properties: etree._Element) -> bool:
    numbering = _child(properties, "numPr")
    number = _child(numbering, "numId") if numbering is not None else None
    return number is not None and _value(number) not in (None, "0")


def _mark_deleted(properties: etree._Element) -> bool:
    """Whether the paragraph's end is deleted (tracked): it runs on into the next paragraph."""
    run = _child(properties, "rPr")
    return run is not None and _child(run, "del") is not None


def _hidden(run: etree._Element) -> bool:
    return bool(len(run)) and _PROPERTIES.get(run[0].tag) == "rPr" and _is_on(_child(run[0], "vanish"))


def _floats(shape: etree._Element) -> bool:
    """Whether a drawing is anchored beside the text."""
    for child in shape:
        if child.tag.endswith("}anchor"):
            return True
        if "absolute" in (child.get("style") or ""):
            return True
    return False


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font: the boxes and ticks of Wingdings; others have no meaning as text."""
    try:
        code = int(_value(element, "char") or "", 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF or code < 0x100:
        return _SYMBOLS.get(code & 0xFF, "")
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _form_field(form: etree._Element) -> str:
    """A legacy form field that shows no text of its own: a check box, or the choice of a drop-down list."""
    if (box := _child(form, "checkBox")) is not None:
        checked = _child(box, "checked")
        return "☑" if _is_on(checked if checked is not None else _child(box, "default")) else "□"
    if (choices := _child(form, "ddList")) is not None:
        entries = [_value(child) or "" for child in choices if _PROPERTIES.get(child.tag) == "listEntry"]
        chosen = _number(_child(choices, "result"), 0)
        return entries[chosen] if chosen < len(entries) else ""
    return ""
