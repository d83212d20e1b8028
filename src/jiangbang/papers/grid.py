"""The neutral model of a paper with tables, which every reader of forms and rosters hands on.

`Table.rows` is the grid as people see it: one `Cell` per visible cell (a merged cell once, at its top left), with the grid
column where it begins and the columns and rows that it spans. A paragraph is a string; `\\n` stands for a line break in it,
`normalise.AUTO_NUMBER` before it for Word's own numbering. Empty paragraphs are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

# Stands among the paragraphs where a table stood.
SECTION_STOP = "\f"


@dataclass(slots=True)
class Picture:
    """A picture in a paper: its bytes, or the part of the package that holds them. `floating`: anchored, not in the line."""

    data: bytes | None = None
    part: str = ""
    floating: bool = False


class Cell:
    """One visible cell. `column` counts grid columns from 0. `marked`: our own writer says that this is a value, nothing else.

    Written out rather than a dataclass, and its rare parts empty tuples until there is one: a form has eighty cells, and
    making and collecting their lists cost as much as reading them.
    """

    __slots__ = ("column", "marked", "paragraphs", "pictures", "row_span", "span", "tables")

    def __init__(
        self,
        paragraphs: list[str] | None = None,
        column: int = 0,
        span: int = 1,
        row_span: int = 1,
        tables: Sequence[Table] = (),
        pictures: Sequence[Picture] = (),
        marked: bool = False,
    ) -> None:
        self.paragraphs = [] if paragraphs is None else paragraphs
        self.column = column
        self.span = span
        self.row_span = row_span
        self.tables = tables
        self.pictures = pictures
        self.marked = marked

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(slots=True)
class Table:
    """Rows of cells, each row in the order of its columns; a row may be empty (all its cells merged from above)."""

    rows: list[list[Cell]] = field(default_factory=list)
