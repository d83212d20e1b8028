"""The picture that stands beside a shared link (Open Graph, 1200 × 630): the name of a programme set on paper, and the seal's red."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import serif_path

from jiangbang.papers.fonts import printable

# What WeChat, Telegram and others cut from: https://ogp.me, 1.91 : 1.
SIZE: Final = (1200, 630)
PAPER, INK, MUTED, SEAL, LINE = "#fbfaf7", "#1f2328", "#5f6672", "#b3202a", "#e6e3dc"
_MARGIN: Final = 96
_LARGEST, _SMALLEST = 84, 44


def write_card(title: str, above: str, below: str) -> bytes:
    """The picture as PNG: `title` as large as two lines of it allow, a small line above and one below. Same input, same bytes."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    width = SIZE[0] - 2 * _MARGIN
    pen.rectangle((0, 0, SIZE[0], 14), fill=SEAL)
    pen.rectangle((_MARGIN, 488, SIZE[0] - _MARGIN, 490), fill=LINE)
    pen.text((_MARGIN, 96), _fitted(above, 34, width), font=_font(34), fill=SEAL)
    size, lines = next(
        (
            (size, lines)
            for size in range(_LARGEST, _SMALLEST - 1, -4)
            if len(lines := list(_wrapped(title, size, width))) <= 2
        ),
        (_SMALLEST, list(_wrapped(title, _SMALLEST, width))[:3]),
    )
    lines = _balanced(title, size, width, len(lines)) or lines
    top = 300 - len(lines) * size * 0.68
    for number, line in enumerate(lines):
        pen.text((_MARGIN, top + number * size * 1.36), line, font=_font(size), fill=INK)
    pen.text((_MARGIN, 522), _fitted(below, 30, width), font=_font(30), fill=MUTED)
    held = io.BytesIO()
    picture.save(held, "PNG", optimize=True)
    return held.getvalue()


def _wrapped(text: str, size: int, width: int) -> Iterator[str]:
    """Lines that fit: Chinese breaks anywhere, a line never begins with a closing mark."""
    line = ""
    for one in printable(text):
        if line and _font(size).getlength(line + one) > width and one not in "，。、；：！？）》”":
            yield line
            line = ""
        line += one
    if line:
        yield line


def _balanced(text: str, size: int, width: int, count: int) -> list[str]:
    """The same number of lines on the narrowest measure that holds them, so that none is left with a word."""
    narrowest: list[str] = []
    while count > 1 and width > size:
        lines = list(_wrapped(text, size, width))
        if len(lines) > count:
            break
        narrowest, width = lines, width - size // 2
    return narrowest


def _fitted(text: str, size: int, width: int) -> str:
    text = printable(text)
    if _font(size).getlength(text) <= width:
        return text
    while text and _font(size).getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(serif_path()), size)
