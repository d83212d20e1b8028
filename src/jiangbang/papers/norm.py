"""The figures of GB/T 9704-2012 《党政机关公文格式》 for A4 letters, with the clause that gives each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

_POINTS_PER_MM: Final = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Norm:
    """Lengths in millimetres, type in points."""

    # 5.2.1: white above and at the binding, the text's extent
    top: float = 37
    left: float = 28
    width: float = 156
    height: float = 225
    # 5.2.3: lines of a page, characters of a line
    lines: int = 22
    characters: int = 28
    # 5.2.2 and 7.3.1: size 3 for everything but the title, which is size 2; 7.5: size 4 for page numbers
    body: float = 16
    title: float = 22
    page: float = 14
    # 22 lines of 28.95 pt fill 225 mm, and Word keeps 28.95 to its twentieth of a point
    pitch: float = 28.95
    # 7.5: from the text's lower edge to the dashes of the page number
    dash: float = 7
    # 7.2.4: from the text's upper edge to the issuer's mark; its size is free, and must not outshine a document of a higher body
    mark_down: float = 35
    mark: float = 44
    # 7.2.7 and 10.1: from number or mark to the red line
    line_down: float = 4
    # 10.1: from the page's edges to mark and lower double line, and how long the double lines are
    letter_mark: float = 30
    letter_foot: float = 20
    letter_line: float = 170

    @property
    def cell(self) -> float:
        """What a character takes in its line, in points: 28 of 16 pt would be 158 mm wide, so each gives a fifth of a point."""
        return int(self.width * _POINTS_PER_MM / self.characters * 1000) / 1000

    @property
    def data(self) -> dict[str, Any]:
        return {**asdict(self), "cell": self.cell}


NORM: Final = Norm()
