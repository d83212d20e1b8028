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
    """A heading: of the first level, such as 一、结论, or of the second, such as （一）依据."""

    text: str
    level: Literal[1, 2] = 1


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
    """Who signs, one a line, and the day as the last line, at the lower right: 落款. `sealed`: a seal goes over it, so it has room."""

    lines: tuple[str, ...]
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Attachments:
    """What lies with the paper, by name: 附件说明."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark in brackets under the day, such as （联系人：…）: 附注. The brackets are set, not given."""

    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own, under a title of its own. `mark` stands at the upper left: 附件1."""

    title: str = ""
    mark: str = ""


Block = Heading | Text | Facts | Table | Signature | Attachments | Remark | NewPage


@dataclass(frozen=True, slots=True)
class Head:
    """The red head of a letter, 发文机关标志: the bodies that issue it, one a line.

    `document`: 35 mm below the head of the text, a red line under the number · `letter`: a letter to somebody, between two double
    lines (信函格式) · `minutes`: as a document, for minutes that bear their name in red (纪要格式).
    """

    issuers: tuple[str, ...]
    form: Literal["document", "letter", "minutes"] = "document"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `kind` is what the file's own properties call it: it must name nobody. `number` is its official number, `to` whom it is
    addressed to, `foot` a small line at the foot of every page of a sheet, `head` the red head of a letter. A title may be empty under a
    head that is one."""

    title: str
    blocks: tuple[Block, ...]
    kind: str
    number: str = ""
    to: str = ""
    foot: str = ""
    head: Head | None = None
    layout: Layout = "sheet"
    language: Literal["zh", "en"] = "zh"


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as plain data: each block says what it is under `is`."""
    data = asdict(paper)
    data["blocks"] = [{"is": type(block).__name__.lower(), **asdict(block)} for block in paper.blocks]
    return data


def texts_of(value: Any) -> list[str]:
    """Every text in a paper, or in data made of one."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Paper):
        value = asdict(value)
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_of(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts_of(one)]
    return []


def lines_of(text: str) -> list[str]:
    """A text's lines, whatever ends them; at least one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
