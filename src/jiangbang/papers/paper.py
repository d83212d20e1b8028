"""A paper of the house: what it says, apart from how it is set. `pdf` and `paper_docx` set the same paper.

    paper = Paper("初审意见表", (Facts((("姓名", "张三"),)), Heading("一、结论"), Text("符合条件。")), kind="初审意见表")
    write_pdf(paper)      write_docx(paper)

Minutes, notices, letters and sheets are all made of these few blocks. A value is text, never markup.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

# letter: an official letter, 16 pt, 22 lines of 28 characters (GB/T 9704) ·
# sheet: small type for tables, margins as narrow as binding allows
Layout = Literal["letter", "sheet"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level, such as 一、结论."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `indent`: its first line by two characters, as Chinese paragraphs are; `small`: a remark."""

    text: str
    indent: bool = True
    align: Align = "left"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, in a ruled table of so many pairs beside each other."""

    rows: tuple[tuple[str, str], ...]
    pairs: int = 1


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: its heading, its share of the width, how its cells are aligned."""

    label: str
    share: int = 10
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head stands on every page. Every row has a cell for each column; a cell may have several lines."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table has a cell for each column")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and the day, at the lower right: 落款."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own, under a title of its own."""

    title: str = ""


Block = Heading | Text | Facts | Table | Signature | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `kind` is what the file's own properties call it: it must name nobody. `number` is its official number, `to` whom it is
    addressed to, `foot` a small line at the foot of every page."""

    title: str
    blocks: tuple[Block, ...]
    kind: str
    number: str = ""
    to: str = ""
    foot: str = ""
    layout: Layout = "sheet"
    language: Literal["zh", "en"] = "zh"


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as plain data: each block says what it is under `is`."""
    data = asdict(paper)
    data["blocks"] = [{"is": type(block).__name__.lower(), **asdict(block)} for block in paper.blocks]
    return data


def lines_of(text: str) -> list[str]:
    """A text's lines, whatever ends them; at least one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
