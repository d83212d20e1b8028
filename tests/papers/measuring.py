"""What a PDF shows, measured by program: characters with their places (pdfminer.six), and the ink itself (pdfium)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pypdfium2
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTLine

MM = 72 / 25.4
PAGE_HEIGHT = 841.89
_DPI = 254  # ten dots for a millimetre


@dataclass(frozen=True)
class Line:
    """Characters on one baseline, from left to right; `down` is the baseline's distance from the page's upper edge. All in points."""

    down: float
    characters: tuple[LTChar, ...]

    @property
    def text(self) -> str:
        return "".join(one.get_text() for one in self.characters)

    @property
    def left(self) -> float:
        return self.characters[0].x0

    @property
    def right(self) -> float:
        """Where the last character's square ends, without the space that it gives."""
        return self.characters[-1].x1

    @property
    def sizes(self) -> set[float]:
        return {round(one.size, 2) for one in self.characters}


class Page:
    """One page of a PDF."""

    def __init__(self, layout: Iterable[object], picture: np.ndarray) -> None:
        self._objects = list(_all(layout))
        self._picture = picture

    @cached_property
    def lines(self) -> list[Line]:
        rows: dict[float, list[LTChar]] = {}
        for one in self._objects:
            if isinstance(one, LTChar):
                rows.setdefault(round(PAGE_HEIGHT - one.matrix[5], 1), []).append(one)
        return [Line(down, tuple(sorted(rows[down], key=lambda one: one.x0))) for down in sorted(rows)]

    @property
    def number(self) -> Line | None:
        """The line of the page number, which stands below the text."""
        return next((line for line in self.lines if line.text.startswith("—") and line.down > 262 * MM), None)

    @property
    def body(self) -> list[Line]:
        """The lines in the body's size."""
        return [line for line in self.lines if line.sizes == {16.0}]

    def line(self, beginning: str) -> Line:
        """The line that begins so."""
        return next(line for line in self.lines if line.text.replace(" ", "").startswith(beginning))

    @property
    def rules(self) -> list[tuple[float, float, float]]:
        """Horizontal rules: distance from the upper edge, left and right end, in millimetres."""
        lines = [one for one in self._objects if isinstance(one, LTLine)]
        return sorted(((PAGE_HEIGHT - one.y0) / MM, one.x0 / MM, one.x1 / MM) for one in lines)

    def ink(
        self, top: float, bottom: float, *, columns: tuple[float, float] = (0, 210), red: bool = False
    ) -> tuple[float, float]:
        """The first and the last row with ink between two heights (and two columns), in millimetres from the page's edges."""
        left, right = columns
        band = self._picture[round(top * 10) : round(bottom * 10), round(left * 10) : round(right * 10)].astype(int)
        dark = band.sum(axis=2) < 500 if not red else (band[:, :, 0] - band[:, :, 1]) > 60
        rows = np.flatnonzero(dark.any(axis=1))
        return top + rows[0] / 10, top + (rows[-1] + 1) / 10


def pages_of(pdf: bytes) -> list[Page]:
    """The pages, measured."""
    document = pypdfium2.PdfDocument(pdf)
    layouts = extract_pages(io.BytesIO(pdf), laparams=None)
    return [
        Page(layout, np.asarray(document[at].render(scale=_DPI / 72).to_pil().convert("RGB")))
        for at, layout in enumerate(layouts)
    ]


def _all(found: Iterable[object]) -> Iterator[object]:
    for one in found:
        yield one
        if isinstance(one, Iterable):
            yield from _all(one)
