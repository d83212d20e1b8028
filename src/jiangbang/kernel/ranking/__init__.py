"""From score sheets to an order that anybody can recompute: mean, trimmed or calibrated, with ties broken to the end and its
uncertainty.

`scores` holds what was given, exactly; `plain` means and trimmed means; `calibrated` the model of strict and generous experts;
`uncertainty` the intervals; `hints` what the chief should look at. Everything rests on integers, fractions and fixed rounding:
figures from floats are rounded before anything is decided by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from scipy.stats import kendalltau

from jiangbang.kernel.methods import METHODS, Method
from jiangbang.kernel.ranking.calibrated import Fit, Variances, calibrate
from jiangbang.kernel.ranking.hints import Hint, OwnSide, distances, hints, own_side
from jiangbang.kernel.ranking.plain import half_up, means, trimmed_mean, trimmed_means
from jiangbang.kernel.ranking.scores import Floats, Scores, ScoresError, parse_score, parts, table, weighted
from jiangbang.kernel.ranking.uncertainty import Standing, panel_error, standing

# Calibrated scores are decided by at six decimals, where solvers on different machines still agree.
DECIDED: Final = 6
# In this order; the last never ties.
TIE_RULES: Final = ("score", "median", "lowest", "highest", "lot")

__all__ = [
    "METHODS",
    "TIE_RULES",
    "Fit",
    "Hint",
    "Line",
    "Method",
    "OwnSide",
    "Ranking",
    "Scores",
    "ScoresError",
    "Standing",
    "Variances",
    "agreement",
    "calibrate",
    "concordance",
    "distances",
    "half_up",
    "hints",
    "means",
    "own_side",
    "panel_error",
    "parse_score",
    "parts",
    "rank",
    "standing",
    "table",
    "trimmed_mean",
    "trimmed_means",
    "weighted",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier's place. `rule` is what set it apart from the dossier before it; `p_title`, `p_nominee` are likelihoods of truly standing
    within the titles, and within titles and nominees together.
    """

    rank: int
    dossier: str
    score: Fraction
    low: int
    high: int
    p_title: float
    p_nominee: float
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The order, best first, and the model behind its uncertainty. `parts`: into how many parts experts and dossiers fall (1 is best)."""

    method: Method
    lines: tuple[Line, ...]
    fit: Fit
    parts: int


def rank(
    scores: Scores, *, method: Method = "calibrated", titles: int = 50, nominees: int = 10, seed: int = 0
) -> Ranking:
    """Rank the dossiers, best first; no two share a rank.

    Ties are broken by the median of a dossier's scores, then the lowest, then the highest, then by lot: the smaller
    SHA-256("seed/dossier"). Raises ScoresError (trimmed: below five scores). Under mean and trimmed the uncertainty is that of a
    model without expert biases.
    """
    fit = calibrate(scores, experts_differ=method == "calibrated")
    exact = {"mean": means, "trimmed": trimmed_means}.get(method, lambda _: _decided(fit.quality))(scores)
    keys = _tie_keys(scores, exact, seed)
    order = sorted(range(len(exact)), key=keys.__getitem__)
    where = standing(fit, [titles, titles + nominees])
    lines = []
    for place, at in enumerate(order):
        rule = _rule(keys[order[place - 1]], keys[at]) if place else TIE_RULES[0]
        p_title, p_nominee = (round(float(likelihood[at]), 6) for likelihood in where.above)
        low, high = int(where.low[at]), int(where.high[at])
        lines.append(Line(place + 1, scores.dossiers[at], exact[at], low, high, p_title, p_nominee, rule))
    return Ranking(method, tuple(lines), fit, parts(scores))


def _decided(quality: Floats) -> list[Fraction]:
    return [Fraction(int(units), 10**DECIDED) for units in np.rint(quality * 10**DECIDED)]


def _tie_keys(scores: Scores, exact: list[Fraction], seed: int) -> list[tuple[int, int, int, int, bytes]]:
    """Smaller is better."""
    ends = np.cumsum(scores.counts()).tolist()
    starts = [0, *ends[:-1]]
    values = scores.value.tolist()
    # whole numbers of one common denominator: fractions compare slowly
    common = lcm(*{score.denominator for score in exact})
    keys = []
    for at, name in enumerate(scores.dossiers):
        mine = sorted(values[starts[at] : ends[at]])
        median = mine[(len(mine) - 1) // 2] + mine[len(mine) // 2]
        lot = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        keys.append((-exact[at].numerator * (common // exact[at].denominator), -median, -mine[0], -mine[-1], lot))
    return keys


def _rule(before: tuple[object, ...], here: tuple[object, ...]) -> str:
    return next(rule for rule, one, other in zip(TIE_RULES, before, here, strict=True) if one != other)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The cross-check: Kendall's tau-b between the ranking and the aggregation of the experts' own orders, and how many of the first
    places both fill alike.
    """

    tau: float
    first: int
    shared: int


def agreement(scores: Scores, ranking: Ranking, first: int = 50) -> Agreement:
    """Set the ranking against Borda's count: see `concordance`."""
    return concordance(scores, {line.dossier: line.rank for line in ranking.lines}, first)


def concordance(scores: Scores, place: Mapping[str, int], first: int) -> Agreement:
    """Set the places (from 1) of all dossiers against Borda's count: each expert's own order of the dossiers that he or she scored,
    averaged over experts, whatever the size of the marks.
    """
    order = np.lexsort((scores.value, scores.expert))
    expert, value = scores.expert[order], scores.value[order]
    fresh = np.concatenate(([True], (expert[1:] != expert[:-1]) | (value[1:] != value[:-1])))
    group = np.cumsum(fresh) - 1
    position = np.bincount(group, weights=np.arange(len(value))) / np.bincount(group)
    load = np.bincount(scores.expert, minlength=len(scores.experts))
    begin = np.concatenate(([0], np.cumsum(load)[:-1]))
    share = (position[group] - begin[expert] + 0.5) / load[expert]
    counts = scores.counts()
    borda = np.bincount(scores.dossier[order], weights=share, minlength=len(counts)) / counts
    ranks = np.array([place[name] for name in scores.dossiers])
    tau = float(kendalltau(-ranks, borda).statistic) if len(ranks) > 1 else 1.0
    first = min(first, len(ranks))
    best = set(np.lexsort((ranks, -borda))[:first].tolist())
    return Agreement(0.0 if np.isnan(tau) else tau, first, len(best & set(np.nonzero(ranks <= first)[0].tolist())))
