"""The neutral model of a paper with tables, which every reader of forms and rosters hands on.

`Table.rows` is the grid as people see it: one `Cell` per visible cell (a merged cell once, at its top left), with the grid
column where it begins and the columns and rows that it spans. A paragraph is a string; `\\n` stands for a line break in it,
`normalise.AUTO_NUMBER` before it for Word's own numbering. Empty paragraphs are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Stands among the paragraphs where a table stood.
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
