"""Plain Word documents, read from the text of their XML in one pass; documents with rarities are left to `docx_walk`.

Four in five forms hold nothing but paragraphs, tables, pictures and bookmarks. For them building a tree and walking it costs
more than all the rest of the reading, so expat proves that the XML is well-formed and one regular expression then lists the
tags that matter. What makes tags ambiguous in text (comments, CDATA, other prefixes, character references) or needs a walk by
levels (`_RARE`) is refused: `read_flat` gives None. Both readers agree on every document that this one accepts (tests).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from xml.parsers import expat

from jiangbang.papers.grid import SECTION_STOP, Cell, Picture, Table, close_cell
from jiangbang.papers.package import within_elements
from jiangbang.papers.wording import AUTO_NUMBER
from jiangbang.papers.wordml import RELATION_SPACES, VALUE_MARK, WORD_SPACES, small_number, symbol_of

_ATTRIBUTES = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
# Name, attributes and following text of the tags that matter, and of those that are refused (`_RARE`). Written as a tree of
# letters: most tags are turned away by their first.
_TAGS = re.compile(
    rf"""<w:(t(?:[cr](?:PrChange)?|bl|abs?|xbxContent)?|p(?:tab|ict|PrChange)?|g(?:ridSpan|ridBefore)|v(?:Merge|anish)|br|bookmarkStart
    |n(?:umId|oBreakHyphen)|c(?:r|ellDel)|s(?:ym|dt)|d(?:rawing|el)|object|moveFrom|fldChar|hMerge|r(?:uby|PrChange))
    (?=[\s/>])({_ATTRIBUTES})>([^<]*+)""",
    re.VERBOSE,
)
_RARE: Final = frozenset(
    ("sdt", "fldChar", "del", "moveFrom", "hMerge", "vanish", "ruby", "cellDel", "txbxContent",
     "pPrChange", "tcPrChange", "trPrChange", "rPrChange")
)  # fmt: skip
_SHAPES: Final = frozenset(("drawing", "pict", "object"))
_BREAKS: Final = frozenset(("p", "tc", "tr", "tbl"))
_ROOT = re.compile(rf"\s*(?:<\?xml[^>]*\?>)?\s*(<w:document\s{_ATTRIBUTES}>)")
_SPACE = re.compile(r"""\sxmlns(:\w+)?\s*=\s*["']([^"']*)["']""")
_VALUE = re.compile(r"""\sw:val\s*=\s*["']([^"']*)""")
_NAME = re.compile(r"""\sw:name\s*=\s*["']([^"']*)""")
_SYMBOL = re.compile(r"""\sw:char\s*=\s*["']([^"']*)""")
_PICTURE = re.compile(rf"<\w+:(?:blip|imagedata)(?=[\s/>])({_ATTRIBUTES})>")
_RELATION = re.compile(r"""\sr:(embed|link|id)\s*=\s*["']([^"']*)""")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_SIGNS = {"br": "\n", "cr": "\n", "ptab": "\t", "noBreakHyphen": "-"}

# ids of relationships, the likeliest first → the picture, if one of them is known
Resolve = Callable[[list[str]], Picture | None]


def read_flat(xml: bytes, resolve: Resolve) -> Cell | None:
    """The body of a plain document; None where it is not plain or not well-formed, to be read from its tree."""
    text = _plain(xml)
    return None if text is None else _Flat(resolve).read(text)


def _plain(xml: bytes) -> str | None:
    """The document's text from its body on, where reading tags in it is exact."""
    if not within_elements(xml):
        return None
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.CommentHandler = parser.StartCdataSectionHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        text = xml.decode("utf-8-sig")
        parser.Parse(xml, True)
    except (UnicodeDecodeError, expat.ExpatError, _NotPlain):
        return None
    root = _ROOT.match(text)
    if root is None or not _spaces_known(root[1]):
        return None
    start = text.find("<w:body", root.end())
    strange = start < 0 or text.find("\r", start) >= 0 or ":oMath" in text or "AlternateContent" in text
    return None if strange else text[start:]


class _NotPlain(Exception):
    """The XML holds more than elements and text."""


def _refuse(*_: object) -> None:
    raise _NotPlain


@lru_cache(maxsize=64)
def _spaces_known(root: str) -> bool:
    """Whether the prefixes w and r mean what they mostly do, and nothing else means the same. Editors repeat their roots."""
    spaces = _SPACE.findall(root)
    words = [prefix for prefix, space in spaces if space in WORD_SPACES]
    relations = [prefix for prefix, space in spaces if space in RELATION_SPACES]
    return words == [":w"] and relations in ([], [":r"])


class _Flat:
    """What has been read so far: the table, row and cell that are open, and the line of text."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._body = Cell()
        self._rows: list[list[Cell]] | None = None
        self._row: list[Cell] = []
        self._cell: Cell | None = self._body
        self._above: dict[int, tuple[Cell, int]] = {}
        self._text = ""
        self._at = self._spaces = 0
        self._merge = ""
        self._column = 0

    def read(self, text: str) -> Cell | None:
        """The body. Tables are no deeper than one level here: what ends them is enough to divide the text."""
        self._text = text
        *parts, rest = text.split("</w:tbl>")
        for part in parts:
            if not self._read_tags(part) or not self._end_table():
                return None
        if not self._read_tags(rest) or self._rows is not None:
            return None
        # name spaces may only be declared anew inside of drawings
        return self._body if text.count("xmlns") == self._spaces else None

    def _read_tags(self, text: str) -> bool:
        line, numbered, tabs = "", False, False
        for name, attributes, content in _TAGS.findall(text):
            if name == "t":
                if content and attributes[-1:] != "/":
                    if "&" in content:
                        if "&#" in content:
                            return False
                        content = _unescaped(content)
                    line += content
            elif name in _BREAKS:
                if line:
                    self._close_line(line, numbered)
                    line = ""
                numbered = tabs = False
                if name == "tc" and self._rows:
                    self._close_cell()
                    self._cell = Cell(column=self._column)
                elif name != "p" and not self._open(name):
                    return False
            elif name == "tabs":
                tabs = True
            elif name == "numId":
                numbered = _first(_VALUE, attributes) not in ("", "0")
            elif name == "tab":  # a tab stop is no tab
                line += "" if tabs and attributes.strip(" /") else "\t"
            elif name in _SIGNS:
                line += _SIGNS[name]
            elif name == "sym":
                line += symbol_of(_first(_SYMBOL, attributes))
            elif name in _RARE or not self._note(name, attributes):
                return False
        if line:
            self._close_line(line, numbered)
        return True

    def _close_line(self, line: str, numbered: bool) -> None:
        if self._cell is not None and not line.isspace():
            self._cell.paragraphs.append(AUTO_NUMBER + line if numbered else line)

    def _close_cell(self) -> None:
        cell = self._cell
        if cell is not None and self._rows:
            if self._merge or self._above:
                self._column = close_cell(cell, self._merge, self._row, self._above, len(self._rows) - 1)
                self._merge = ""
            else:
                self._row.append(cell)
                self._column = cell.column + cell.span
        self._cell = None

    def _open(self, name: str) -> bool:
        """Begin a table or a row. False where there is none that it (or a cell) may stand in."""
        if name == "tbl":
            nested = self._rows is not None
            self._rows, self._cell, self._above, self._row = [], None, {}, []
            return not nested
        if self._rows is None or name == "tc":
            return False
        self._close_cell()
        self._row, self._column = [], 0
        self._rows.append(self._row)
        return True

    def _end_table(self) -> bool:
        if self._rows is None:
            return False
        self._close_cell()
        self._body.tables = [*self._body.tables, Table(self._rows)]
        self._body.paragraphs.append(SECTION_STOP)
        self._rows, self._cell = None, self._body
        return True

    def _note(self, name: str, attributes: str) -> bool:
        """What a tag says of its cell or row, and the pictures of a drawing. False where it stands in neither."""
        cell = self._cell
        if name in _SHAPES:
            return attributes[-1:] == "/" or self._pictures(self._shape(name))
        if name == "bookmarkStart":
            if cell is not None and VALUE_MARK in attributes:
                cell.marked = cell.marked or _first(_NAME, attributes).startswith(VALUE_MARK)
        elif self._rows is None:
            return False
        elif name == "gridBefore":
            if cell is None:
                self._column = small_number(_first(_VALUE, attributes), 0)
        elif cell is None:
            return False
        elif name == "gridSpan":
            cell.span = small_number(_first(_VALUE, attributes), 1) or 1
        elif name == "vMerge":
            self._merge = _first(_VALUE, attributes) or "continue"
        return True

    def _shape(self, name: str) -> str:
        """The XML of the next drawing of this kind, without its own tags."""
        begin = self._text.find(f"<w:{name}", self._at) + len(name) + 3
        self._at = self._text.find(f"</w:{name}>", begin)
        shape = self._text[begin : self._at]
        self._spaces += shape.count("xmlns")
        return shape

    def _pictures(self, shape: str) -> bool:
        """The pictures of a drawing: embedded ones before links, as in `wordml.EMBED`. False where it holds more than that."""
        if "<w:" in shape:
            return False
        if self._cell is None:
            return True
        floating = ":anchor" in shape or "absolute" in shape
        for attributes in _PICTURE.findall(shape):
            names = [found for _, found in sorted(_RELATION.findall(attributes))]
            if (picture := self._resolve(names)) is not None:
                picture.floating = floating
                self._cell.pictures = [*self._cell.pictures, picture]
        return True


def _first(pattern: re.Pattern[str], attributes: str) -> str:
    match = pattern.search(attributes)
    return match[1] if match else ""


def _unescaped(text: str) -> str:
    for name, sign in _ENTITIES.items():
        text = text.replace(name, sign)
    return text
