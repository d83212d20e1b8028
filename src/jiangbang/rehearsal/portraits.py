"""Portraits that nobody can take for a photo of a real person: a calm silhouette in the person's own colours."""

from __future__ import annotations

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

# A little more than one inch (25 × 35 mm) at 300 dpi, which is what certificates need at least.
SIZE = (354, 496)
SMALL = (180, 240)
# shares of the picture's width and height
_HEAD = (0.29, 0.18, 0.71, 0.59)
_NECK = (0.41, 0.50, 0.59, 0.72)
_SHOULDERS = (0.06, 0.66, 0.94, 1.5)
_COLLAR = ((0.38, 0.672), (0.5, 0.80), (0.62, 0.672))


def portrait(key: str, size: tuple[int, int] = SIZE) -> bytes:
    """A JPEG of about 20 to 40 KB, always the same for the same key and size."""
    dice = Random(key)  # noqa: S311 — a drawing, not a secret
    background, clothes, skin = _colours(dice)
    image = _backdrop(background, size)
    for mask, colour in zip(_masks(size), (skin, clothes, _lighter(clothes), skin), strict=True):
        image.paste(colour, (0, 0, *size), mask)
    image = _grained(image, dice)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=88, dpi=(300, 300))
    return kept.getvalue()


def _colours(dice: Random) -> tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]:
    """Background, clothes, and a grey-violet "skin" that no person has."""
    cool = dice.randrange(170, 226)
    background = (cool - dice.randrange(0, 40), cool, min(255, cool + dice.randrange(5, 30)))
    clothes = (dice.randrange(30, 110), dice.randrange(40, 110), dice.randrange(60, 140))
    tone = dice.randrange(150, 200)
    return background, clothes, (tone, tone - dice.randrange(8, 26), tone + dice.randrange(4, 20))


def _lighter(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (value + (255 - value) * 3 // 4 for value in colour)
    return red, green, blue


def _backdrop(colour: tuple[int, int, int], size: tuple[int, int]) -> Image.Image:
    """Brighter above, darker below, as a studio's cloth."""
    bright, dark = Image.new("RGB", size, _lighter(colour)), Image.new("RGB", size, colour)
    return Image.composite(dark, bright, _fall(size))


@lru_cache(maxsize=4)
def _fall(size: tuple[int, int]) -> Image.Image:
    return Image.linear_gradient("L").resize(size)


@lru_cache(maxsize=4)
def _masks(size: tuple[int, int]) -> tuple[Image.Image, ...]:
    """Neck, shoulders, collar and head, soft-edged; the same for everyone, so they are drawn once."""
    width, height = size

    def box(share: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return share[0] * width, share[1] * height, share[2] * width, share[3] * height

    drawn = []
    for shape in ("neck", "shoulders", "collar", "head"):
        mask = Image.new("L", size, 0)
        pen = ImageDraw.Draw(mask)
        if shape == "neck":
            pen.rounded_rectangle(box(_NECK), radius=width * 0.06, fill=255)
        elif shape == "shoulders":
            pen.ellipse(box(_SHOULDERS), fill=255)
        elif shape == "collar":
            pen.polygon([(x * width, y * height) for x, y in _COLLAR], fill=255)
        else:
            pen.ellipse(box(_HEAD), fill=255)
        drawn.append(mask.filter(ImageFilter.GaussianBlur(1.2)))
    return tuple(drawn)


def _grained(image: Image.Image, dice: Random) -> Image.Image:
    """A camera's grain, so that the file weighs what a photo weighs."""
    shifted = ImageChops.offset(_grain(image.size), dice.randrange(image.width), dice.randrange(image.height))
    return Image.blend(image, shifted, 0.05)


@lru_cache(maxsize=4)
def _grain(size: tuple[int, int]) -> Image.Image:
    noise = Random(0).randbytes(size[0] * size[1])  # noqa: S311 — grain
    return Image.frombytes("L", size, noise).convert("RGB")
