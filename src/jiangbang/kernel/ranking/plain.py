"""Mean and trimmed mean, exact to the end.

Sums are integers and means fractions; a score is rounded half up, as juries round, and only where it is printed. Binary floats
or half-even rounding give other results in published competitions (docs/decisions/kernel-ranking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from jiangbang.kernel.ranking.scores import Ints, Scores, ScoresError

# Below five scores, dropping two leaves less than a panel (the organiser's rule for trimming).
FEWEST_TRIMMED: Final = 5


def half_up(value: Fraction, digits: int) -> str:
    """The value with this many decimals, a half away from zero; never "-0"."""
    scale = 10**digits
    units = (abs(value) * scale * 2 + 1) // 2
    sign = "-" if value < 0 and units else ""
    whole, rest = divmod(int(units), scale)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def trimmed_mean(values: Sequence[Fraction]) -> Fraction:
    """The mean without the highest and the lowest value, one of each. Raises ScoresError below five."""
    if len(values) < FEWEST_TRIMMED:
        raise ScoresError(f"a trimmed mean needs {FEWEST_TRIMMED} scores, not {len(values)}")
    return (sum(values, Fraction(0)) - max(values) - min(values)) / (len(values) - 2)


def means(scores: Scores) -> list[Fraction]:
    """The exact mean of each dossier."""
    sums = _sums(scores, scores.value)
    return [Fraction(int(total), int(count) * scores.unit) for total, count in zip(sums, scores.counts(), strict=True)]


def trimmed_means(scores: Scores) -> list[Fraction]:
    """The exact trimmed mean of each dossier. Raises ScoresError naming the dossiers with fewer than five scores."""
    counts = scores.counts()
    few = np.nonzero(counts < FEWEST_TRIMMED)[0]
    if len(few):
        named = ", ".join(scores.dossiers[at] for at in few[:5]) + (" …" if len(few) > 5 else "")
        raise ScoresError(f"a trimmed mean needs {FEWEST_TRIMMED} scores a dossier; {len(few)} have fewer: {named}")
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    kept = (
        _sums(scores, scores.value)
        - np.maximum.reduceat(scores.value, starts)
        - np.minimum.reduceat(scores.value, starts)
    )
    return [Fraction(int(total), (int(count) - 2) * scores.unit) for total, count in zip(kept, counts, strict=True)]


def _sums(scores: Scores, values: Ints) -> Ints:
    counts = scores.counts()
    running = np.concatenate(([0], np.cumsum(values)))
    ends = np.cumsum(counts)
    sums: Ints = running[ends] - running[ends - counts]
    return sums
