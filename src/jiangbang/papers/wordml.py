"""The names of WordprocessingML, strict and transitional, and what small elements mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

# Bookmarks of this name begin the values that our own writer set: such a cell is a value, whatever its words look like.
VALUE_MARK: Final = "jb_"

_W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
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
# What a table without rarities holds besides: read flat, in the order of the document.
GRID_SPAN, VERTICAL, NUMBER_ID, BEFORE, TABS, RARE = range(20, 26)

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
CODES: Final[dict[str, int]] = {
    **{f"{{{space}}}{word}": code for space in _W for word, code in _WORDS.items()},
    **{f"{{{space}}}blip": BLIP for space in _A},
    **{f"{{{space}}}t": T for space in _M},
    f"{{{_V}}}imagedata": IMAGE,
    f"{{{_MC}}}AlternateContent": ALTERNATE,
}
# The same for the flat walk over a plain table: rarities (RARE) send it back to the walk by levels.
FLAT_CODES: Final[dict[str, int]] = {
    **{tag: code for tag, code in CODES.items() if code in (P, T, TBL, TR, TC, TAB, BREAK, SHAPE, SYMBOL, HYPHEN, MARK)},
    **{tag: RARE for tag, code in CODES.items() if code in (SDT, FIELD, ALTERNATE, BOX)},
    **{
        f"{{{space}}}{word}": code
        for space in _W
        for words, code in (
            ("gridSpan", GRID_SPAN), ("vMerge", VERTICAL), ("numId", NUMBER_ID), ("gridBefore", BEFORE), ("tabs", TABS),
            ("del moveFrom hMerge vanish ruby pPrChange tcPrChange trPrChange cellDel", RARE),
        )
        for word in words.split()
    },
}  # fmt: skip


def _names(space: str) -> tuple[str, ...]:
    others = [name for name in _W if name != space]
    return tuple(tag for tag in FLAT_CODES if not tag.startswith(tuple(f"{{{name}}}" for name in others)))


# the tags that the flat walk looks at, by the name space of the table: lxml passes over all others in C
FLAT_NAMES: Final = {space: _names(space) for space in _W}
# pictures in a drawing, wherever in it they stand
PICTURES: Final = tuple(tag for tag, code in CODES.items() if code in (BLIP, IMAGE))
# embedded, or only linked to a file elsewhere (which is never fetched)
EMBED: Final = tuple(f"{{{space}}}{word}" for word in ("embed", "link") for space in _R)
ID: Final = tuple(f"{{{space}}}id" for space in _R)
PROPERTIES: Final = {
    f"{{{space}}}{word}": word
    for space in _W
    for word in ("tcPr", "trPr", "gridSpan", "vMerge", "hMerge", "gridBefore", "del", "cellDel", "pPr", "rPr", "numPr",
                 "numId", "vanish", "sdtPr", "sdtContent", "showingPlcHdr", "val", "char", "fldCharType", "name", "ffData",
                 "checkBox", "checked", "default", "ddList", "result", "listEntry")
}  # fmt: skip
# Symbols of the fonts that Word's boxes and ticks are set in.
_SYMBOLS: Final = {0x52: "☑", 0xFE: "☑", 0x53: "☒", 0xFD: "☒", 0x54: "☒", 0xA8: "□", 0x6F: "□", 0x70: "□", 0x71: "□",
                   0x72: "□", 0xFC: "√", 0x50: "√", 0xA3: "□", 0xD8: "▶", 0x6C: "●", 0x6E: "■"}  # fmt: skip


def attribute(element: etree._Element, name: str = "val") -> str | None:
    """An attribute of the Word name space, strict or transitional."""
    for space in _W:
        if (found := element.get(f"{{{space}}}{name}")) is not None:
            return found
    return None


def part_named(element: etree._Element, name: str) -> etree._Element | None:
    for child in element:
        if PROPERTIES.get(child.tag) == name:
            return child
    return None


def is_on(element: etree._Element | None) -> bool:
    return element is not None and attribute(element) not in ("0", "false", "off", "none")


def attribute_number(element: etree._Element | None, default: int) -> int:
    """A small number in an attribute."""
    return small_number(attribute(element), default) if element is not None else default


_SMALL: Final[dict[str | None, int]] = {str(number): number for number in range(64)}


def small_number(text: str | None, default: int) -> int:
    """Grid spans are bounded, or one cell could claim a billion columns."""
    if text in _SMALL:
        return _SMALL[text]
    return min(int(text), 500) if text and text.isascii() and text.isdecimal() and len(text) < 9 else default


def elements_of(parent: etree._Element, wanted: int) -> Iterator[etree._Element]:
    """The rows of a table, or cells of a row, also inside of content controls, custom XML and tracked insertions."""
    for child in parent:
        code = CODES.get(child.tag)
        if code == wanted:
            yield child
        elif code == SDT:
            if (content := control_content(child, placeholder=True)) is not None:
                yield from elements_of(content, wanted)
        elif code == ALTERNATE:
            yield from elements_of(next(iter(child), child), wanted)
        elif code is None and len(child):
            yield from elements_of(child, wanted)


def control_content(control: etree._Element, placeholder: bool = False) -> etree._Element | None:
    """What a content control shows; None while it shows only its placeholder (“click here to enter text”)."""
    content = None
    for child in control:
        name = PROPERTIES.get(child.tag)
        if name == "sdtPr" and not placeholder and is_on(part_named(child, "showingPlcHdr")):
            return None
        if name == "sdtContent":
            content = child
    return content


def row_properties(row: etree._Element) -> tuple[int, bool]:
    """Columns left out before the row, and whether the row is deleted (tracked)."""
    for child in row:
        if PROPERTIES.get(child.tag) == "trPr":
            return attribute_number(part_named(child, "gridBefore"), 0), part_named(child, "del") is not None
    return 0, False


def cell_properties(cell: etree._Element) -> tuple[int, str, str]:
    """(columns spanned, vertical merge, horizontal merge); a merge is "", "restart" or "continue"."""
    span, vertical, horizontal = 1, "", ""
    if not len(cell) or PROPERTIES.get(cell[0].tag) != "tcPr":
        return span, vertical, horizontal
    for child in cell[0]:
        name = PROPERTIES.get(child.tag)
        if name == "gridSpan":
            span = attribute_number(child, 1) or 1
        elif name == "vMerge":
            vertical = attribute(child) or "continue"
        elif name == "hMerge":
            horizontal = attribute(child) or "continue"
    return span, vertical, horizontal


def auto_numbered(properties: etree._Element) -> bool:
    numbering = part_named(properties, "numPr")
    number = part_named(numbering, "numId") if numbering is not None else None
    return number is not None and attribute(number) not in (None, "0")


def mark_deleted(properties: etree._Element) -> bool:
    """Whether the paragraph's end is deleted (tracked): it runs on into the next paragraph."""
    run = part_named(properties, "rPr")
    return run is not None and part_named(run, "del") is not None


def hidden(run: etree._Element) -> bool:
    return bool(len(run)) and PROPERTIES.get(run[0].tag) == "rPr" and is_on(part_named(run[0], "vanish"))


def floats(shape: etree._Element) -> bool:
    """Whether a drawing is anchored beside the text."""
    for child in shape:
        if child.tag.endswith("}anchor"):
            return True
        if "absolute" in (child.get("style") or ""):
            return True
    return False


def symbol(element: etree._Element) -> str:
    """A character of a symbol font: the boxes and ticks of Wingdings; others have no meaning as text."""
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF or code < 0x100:
        return _SYMBOLS.get(code & 0xFF, "")
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def form_field(form: etree._Element) -> str:
    """A legacy form field that shows no text of its own: a check box, or the choice of a drop-down list."""
    if (box := part_named(form, "checkBox")) is not None:
        checked = part_named(box, "checked")
        return "☑" if is_on(checked if checked is not None else part_named(box, "default")) else "□"
    if (choices := part_named(form, "ddList")) is not None:
        entries = [attribute(child) or "" for child in choices if PROPERTIES.get(child.tag) == "listEntry"]
        chosen = attribute_number(part_named(choices, "result"), 0)
        return entries[chosen] if chosen < len(entries) else ""
    return ""
