"""How sure a rank is: its 95 % interval and the likelihood of standing above a cut, from the model's joint distribution.

Draws are counter-based (kernel.chance), so the same scores give the same figures everywhere. A draw fixes all biases together,
as one expert's error moves all of that expert's dossiers; given the biases dossiers are independent, and the likelihood of
being above the cut is a normal tail, computed and not counted (Rao & Blackwell): a few hundred draws give four digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import ndtr, ndtri

from jiangbang.kernel import chance
from jiangbang.kernel.ranking.calibrated import Fit
from jiangbang.kernel.ranking.scores import Floats, Ints, Scores

LEVEL: Final = 0.95
MOST_DRAWS: Final = 2000
FEWEST_DRAWS: Final = 200
# Draws times dossiers: what a few seconds allow.
_WORK: Final = 20_000_000
_SEED: Final = 1
# Steps of the scale on which agreement is looked at.
_LEVELS: Final = 201


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Per dossier: `low` and `high` bound the 95 % interval of its true rank (1 is the best); `above[k]` is the likelihood of
    standing among the first cuts[k].
    """

    low: Ints
    high: Ints
    above: list[Floats]


def standing(fit: Fit, cuts: list[int], *, again: Floats | None = None) -> Standing:
    """The uncertainty of a fitted model's order.

    With `again` (error variance per dossier) the likelihoods speak of a new panel's result instead of the true quality: would another panel
    put it above the cut?
    """
    dossiers = len(fit.quality)
    draws = int(min(MOST_DRAWS, max(FEWEST_DRAWS, _WORK // max(dossiers, 1))))
    own = np.sqrt(fit.own)
    tail = own if again is None else np.sqrt(fit.own + again)
    ranks = np.empty((draws, dossiers), dtype=np.int32)
    above = [np.zeros(dossiers) for _ in cuts]
    width = fit.root.shape[0]
    places = np.arange(1, dossiers + 1, dtype=np.int32)
    for draw in range(draws):
        shift = solve_triangular(fit.root, _normal(f"bias {draw}", width), lower=True, trans=1) * np.sqrt(
            fit.variances.error
        )
        centre = fit.quality - fit.share @ shift
        noise = _normal(f"quality {draw}", dossiers)
        drawn = centre + own * noise
        order = np.argsort(-drawn, kind="stable")
        ranks[draw, order] = places
        seen, falling = drawn, drawn[order]
        if again is not None:
            seen = centre + tail * noise
            falling = -np.sort(-seen)
        for likelihood, cut in zip(above, cuts, strict=True):
            likelihood += _tail(centre, tail, seen, falling, cut)
    edge = (1 - LEVEL) / 2
    sorted_ranks = np.sort(ranks.T, axis=1)
    low, high = int(np.floor(edge * draws)), int(np.ceil((1 - edge) * draws)) - 1
    return Standing(
        sorted_ranks[:, low].astype(np.int64),
        sorted_ranks[:, high].astype(np.int64),
        [likelihood / draws for likelihood in above],
    )


def _tail(centre: Floats, spread: Floats, drawn: Floats, falling: Floats, cut: int) -> Floats:
    """P(this one is among the first `cut` | the others as drawn): it must beat the cut-th of the others."""
    if cut <= 0:
        return np.zeros(len(centre))
    if cut >= len(centre):
        return np.ones(len(centre))
    bar = np.where(drawn >= falling[cut - 1], falling[cut], falling[cut - 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = (centre - bar) / spread
    likelihood: Floats = np.where(spread > 0, ndtr(beyond), (centre > bar).astype(float) + 0.5 * (centre == bar))
    return likelihood


def _normal(stream: str, count: int) -> Floats:
    """Standard normal numbers: the inverse of the distribution at the middle of one of 2⁵³ steps."""
    steps = (chance.words(_SEED, stream, count) >> np.uint64(11)).astype(np.float64)
    result: Floats = ndtri((steps + 0.5) * 2.0**-53)
    return result


def panel_error(fit: Fit, scores: Scores) -> Floats:
    """The error variance of a new panel as large as the old one, per dossier.

    Experts agree more about some dossiers than about others, mostly by their level: the variance within dossiers is taken from those of
    about the same mean, half an error's standard deviation around it (Nadaraya & Watson, on a grid), so that a cut is told by the agreement
    at its level. Where nobody gave two scores it is the model's.
    """
    counts = scores.counts().astype(np.float64)
    even = (fit.variances.error + fit.variances.bias) / counts
    spread = np.sqrt(fit.variances.error)
    within = np.bincount(scores.dossier, weights=scores.floats**2, minlength=len(counts))
    means = np.bincount(scores.dossier, weights=scores.floats, minlength=len(counts)) / counts
    within = np.maximum(within - counts * means**2, 0.0)
    free = counts - 1
    if spread == 0 or free.sum() == 0:
        return even
    grid = np.linspace(means.min(), means.max(), _LEVELS)
    place = np.rint((means - grid[0]) / max(grid[-1] - grid[0], 1e-300) * (_LEVELS - 1)).astype(np.int64)
    near = np.exp(-2 * ((grid[:, None] - grid) / spread) ** 2)
    around = near @ np.bincount(place, weights=free, minlength=_LEVELS)
    level = near @ np.bincount(place, weights=within, minlength=_LEVELS) / np.maximum(around, 1e-300)
    errors: Floats = level[place] / counts
    return errors
