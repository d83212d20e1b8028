"""By how much a scanned page is askew, from its lines of print and its rules.

Along the right direction rows of ink and of paper alternate sharply, so that the sum of squares of the ink counted by rows is greatest
(projection profile; W. Postl, US patent 4,723,297, 1988). Rows and columns are both counted: a form has rules in both directions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]

# A paper laid on glass or photographed by hand lies within this, in degrees; what is further off was turned on purpose.
WIDEST: Final = 15.0
STEPS: Final = (0.5, 0.1, 0.02)
# Enough ink to tell the direction, and no more: each angle costs a pass over all of it.
MOST_POINTS: Final = 60_000
FEWEST_POINTS: Final = 400
# Ink is darker than its surroundings by so many of 255 grey values, whatever the light on the page.
CONTRAST: Final = 18
WINDOW: Final = 31
LONG_SIDE: Final = 1200
# The best direction must stand out, else there is nothing that runs straight (a photo, an empty page) and nothing is turned.
PROMINENCE: Final = 1.15


def skew_of(grey: Grey) -> float:
    """Degrees by which the picture must be turned counter-clockwise to be straight; 0.0 where nothing tells."""
    points = _ink(_shrunk(grey))
    if len(points) < FEWEST_POINTS:
        return 0.0
    best, width = 0.0, WIDEST
    for step in STEPS:
        angles = np.arange(best - width, best + width + step / 2, step)
        sharpness = np.array([_sharpness(points, float(angle)) for angle in angles])
        if step == STEPS[0] and sharpness.max() < PROMINENCE * float(np.median(sharpness)):
            return 0.0
        best, width = float(angles[int(sharpness.argmax())]), step
    return round(best, 2) if abs(best) >= STEPS[-1] else 0.0


def _shrunk(grey: Grey) -> Grey:
    """Every n-th pixel's block as its mean, so that the long side is at most LONG_SIDE."""
    factor = -(-max(grey.shape) // LONG_SIDE)
    if factor == 1:
        return grey
    height, width = (side - side % factor for side in grey.shape)
    blocks = grey[:height, :width].reshape(height // factor, factor, width // factor, factor)
    shrunk: Grey = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return shrunk


def _ink(grey: Grey) -> Points:
    """Places of ink around the page's middle, as rows of (x, y). The border is left out: the edge of the paper is no line of print."""
    height, width = grey.shape
    if min(height, width) <= 2 * WINDOW:
        return np.empty((0, 2), np.float32)
    dark = grey.astype(np.int32) < _surroundings(grey) - CONTRAST
    margin_y, margin_x = height // 40, width // 40
    ys, xs = np.nonzero(dark[margin_y : height - margin_y, margin_x : width - margin_x])
    stride = -(-len(ys) // MOST_POINTS) or 1
    points = np.column_stack((xs[::stride], ys[::stride])).astype(np.float32)
    return points - np.array([width / 2, height / 2], np.float32)


def _surroundings(grey: Grey) -> NDArray[np.int32]:
    """The mean of the window around each pixel, by a summed-area table."""
    half = WINDOW // 2
    padded = np.pad(grey, half + 1, mode="edge").astype(np.int64)
    table = padded.cumsum(axis=0).cumsum(axis=1)
    total = table[WINDOW:, WINDOW:] - table[:-WINDOW, WINDOW:] - table[WINDOW:, :-WINDOW] + table[:-WINDOW, :-WINDOW]
    height, width = grey.shape
    means: NDArray[np.int32] = (total[:height, :width] // (WINDOW * WINDOW)).astype(np.int32)
    return means


def _sharpness(points: Points, angle: float) -> float:
    """How sharply ink gathers in rows and columns when the page is turned back by `angle`."""
    turn = np.deg2rad(angle)
    cosine, sine = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    return sum(
        _gathered(places)
        for places in (
            points[:, 1] * cosine - points[:, 0] * sine,
            points[:, 0] * cosine + points[:, 1] * sine,
        )
    )


def _gathered(places: NDArray[np.float32]) -> float:
    counts = np.bincount((places - places.min()).astype(np.int32))
    return float(np.square(counts, dtype=np.float64).sum())
