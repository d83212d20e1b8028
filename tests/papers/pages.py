"""Pages drawn for tests: a form's rules and lines of print, with the light of a scanner or of a room."""

from __future__ import annotations

import io
import itertools
import random

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1240, 1754
LEFT, RIGHT = 130, 1110


def form_page(seed: int = 3) -> Image.Image:
    """An A4 form at 150 dpi: a title, a grid of rules, and lines of print like Chinese characters (strokes in squares)."""
    chance = random.Random(seed)
    page = Image.new("L", (WIDTH, HEIGHT), 250)
    draw = ImageDraw.Draw(page)
    _print_line(draw, chance, 380, 110, 14, 34)
    rows = [200, 270, 340, 410, 480, 700, 1000, 1300, 1600]
    for y in rows:
        draw.line((LEFT, y, RIGHT, y), fill=20, width=2)
    for x in (LEFT, 290, RIGHT):
        draw.line((x, rows[0], x, rows[-1]), fill=20, width=2)
    for top, bottom in itertools.pairwise(rows):
        _print_line(draw, chance, LEFT + 20, top + 20, 4, 26)
        for y in range(top + 20, bottom - 30, 40):
            _print_line(draw, chance, 310, y, chance.randint(8, 26), 26)
    return page


def _print_line(draw: ImageDraw.ImageDraw, chance: random.Random, x: int, y: int, characters: int, size: int) -> None:
    for number in range(characters):
        left = x + number * (size + 3)
        for _ in range(6):
            across = chance.random() < 0.5
            first, second = sorted(chance.randint(0, size) for _ in range(2))
            level = chance.randint(0, size)
            ends = (
                (left + first, y + level, left + second, y + level)
                if across
                else (left + level, y + first, left + level, y + second)
            )
            draw.line(ends, fill=chance.randint(20, 70), width=2)


def shaded(page: Image.Image) -> Image.Image:
    """The page as a telephone takes it: light from one side, a shadow across, grain."""
    grey = np.asarray(page, dtype=np.float64)
    height, width = grey.shape
    light = np.linspace(1.0, 0.55, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    light[height // 3 :, width // 2 :] *= 0.8
    grain = np.random.default_rng(5).normal(0, 5, grey.shape)
    return Image.fromarray(np.clip(grey * light + grain, 0, 255).astype(np.uint8))


def as_bytes(page: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()
