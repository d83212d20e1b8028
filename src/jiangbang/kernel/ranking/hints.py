"""Hints for the chief, never part of a score: experts far from their panels, pairs who move together, marks for one's own side.

A hint is a reason to look, not a finding of guilt. Each carries its effect in points, its number of cases and z, the effect in
standard errors; what is shown has |z| above 4 for pairs and 3.3 for the others, so that among a hundred experts about one
stands here by chance in ten editions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import atanh, sqrt
from typing import Final, Literal

import numpy as np

from jiangbang.kernel.ranking.scores import Floats, Ints, Scores

Kind = Literal["bias", "spread", "own_side", "pair"]
BAR: Final = 3.3
PAIR_BAR: Final = 4.0
# A correlation over fewer shared dossiers says nothing.
FEWEST_SHARED: Final = 8
MOST_PAIRS: Final = 20


@dataclass(frozen=True, slots=True)
class Hint:
    """kind "bias": `effect` is the expert's mean distance from the panel in points. "spread": how many times the panel's spread the
    expert's distances have. "pair": the correlation of two experts' distances beyond what a panel's mean makes of it.
    """

    kind: Kind
    experts: tuple[str, ...]
    effect: float
    cases: int
    z: float


@dataclass(frozen=True, slots=True)
class OwnSide:
    """Marks for dossiers of one's own side (employer, country) against all others: mean distance from the panel, in points."""

    own: float
    own_cases: int
    others: float
    other_cases: int
    z: float


def distances(scores: Scores) -> Floats:
    """Each score less the mean of its dossier's panel, in points."""
    y = scores.floats
    sums = np.bincount(scores.dossier, weights=y, minlength=len(scores.dossiers))
    return y - (sums / np.maximum(scores.counts(), 1))[scores.dossier]


def own_side(scores: Scores, dossier_side: Mapping[str, str], expert_side: Mapping[str, str]) -> OwnSide | None:
    """The signal of own-side marks over the whole panel; None where nobody marked the own side (or everybody only that)."""
    own = _own(scores, dossier_side, expert_side)
    away = distances(scores)
    if not own.any() or own.all():
        return None
    inside, outside = away[own], away[~own]
    error = sqrt(float(away.var()) * (1 / len(inside) + 1 / len(outside)))
    gap = float(inside.mean() - outside.mean())
    return OwnSide(
        float(inside.mean()), len(inside), float(outside.mean()), len(outside), gap / error if error else 0.0
    )


def hints(
    scores: Scores, dossier_side: Mapping[str, str] | None = None, expert_side: Mapping[str, str] | None = None
) -> tuple[Hint, ...]:
    """All hints, the strongest first."""
    away = distances(scores)
    found = [*_single(scores, away), *_pairs(scores)]
    if dossier_side and expert_side:
        found += _own_side_of_each(scores, away, _own(scores, dossier_side, expert_side))
    return tuple(sorted(found, key=lambda one: (-abs(one.z), one.kind, one.experts)))


def _own(scores: Scores, dossier_side: Mapping[str, str], expert_side: Mapping[str, str]) -> np.ndarray:
    mine = [dossier_side.get(name) or None for name in scores.dossiers]
    theirs = [expert_side.get(name) or None for name in scores.experts]
    pairs = zip(scores.dossier.tolist(), scores.expert.tolist(), strict=True)
    return np.fromiter((mine[d] is not None and mine[d] == theirs[e] for d, e in pairs), bool, len(scores.value))


def _single(scores: Scores, away: Floats) -> list[Hint]:
    """Bias and spread of each expert against what the panel leaves to chance."""
    experts = len(scores.experts)
    cases = np.bincount(scores.expert, minlength=experts)
    mean = np.bincount(scores.expert, weights=away, minlength=experts) / np.maximum(cases, 1)
    square = np.bincount(scores.expert, weights=(away - mean[scores.expert]) ** 2, minlength=experts)
    pooled = float(square.sum()) / max(len(away) - experts, 1)
    if pooled <= 0:
        return []
    found = []
    for at, name in enumerate(scores.experts):
        n = int(cases[at])
        if n < 3:
            continue
        z = float(mean[at]) / sqrt(pooled / n)
        if abs(z) > BAR:
            found.append(Hint("bias", (name,), float(mean[at]), n, z))
        # Wilson & Hilferty: the cube root of a chi-square is nearly normal
        ratio = float(square[at]) / (n - 1) / pooled
        wide = (ratio ** (1 / 3) - (1 - 2 / (9 * (n - 1)))) / sqrt(2 / (9 * (n - 1)))
        if abs(wide) > BAR:
            found.append(Hint("spread", (name,), sqrt(ratio), n, wide))
    return found


def _own_side_of_each(scores: Scores, away: Floats, own: np.ndarray) -> list[Hint]:
    found = []
    for at, name in enumerate(scores.experts):
        mine = scores.expert == at
        inside, outside = away[mine & own], away[mine & ~own]
        if len(inside) < 3 or len(outside) < 3:
            continue
        error = sqrt(float(away[mine].var()) * (1 / len(inside) + 1 / len(outside)))
        gap = float(inside.mean() - outside.mean())
        if error and gap / error > BAR:
            found.append(Hint("own_side", (name,), gap, len(inside), gap / error))
    return found


def _pairs(scores: Scores) -> list[Hint]:
    """Pairs whose distances from the panel go together, the strongest first. Two who move together move the panel's mean, and with it
    everybody else's distance: each pair found is left out before the next is looked for.
    """
    found: list[Hint] = []
    left_out: set[int] = set()
    while len(found) < MOST_PAIRS:
        strongest = max(_pairs_of(scores.without_experts(left_out)), key=lambda hint: hint.z, default=None)
        if strongest is None:
            break
        found.append(strongest)
        left_out |= {scores.experts.index(name) for name in strongest.experts}
    return found


def _pairs_of(scores: Scores) -> list[Hint]:
    """All pairs above the bar. In a panel of k, distances that are pure chance correlate by −1/(k−1)."""
    experts, away = len(scores.experts), distances(scores)
    bias = np.bincount(scores.expert, weights=away, minlength=experts) / np.maximum(
        np.bincount(scores.expert, minlength=experts), 1
    )
    clean = away - bias[scores.expert]
    shared: dict[tuple[int, int], list[tuple[int, int]]] = {}
    counts = scores.counts()
    start = 0
    for count in counts.tolist():
        for a, b in combinations(range(start, start + count), 2):
            shared.setdefault((int(scores.expert[a]), int(scores.expert[b])), []).append((a, b))
        start += count
    found = []
    for (one, other), rows in shared.items():
        if len(rows) >= FEWEST_SHARED:
            hint = _pair(scores, clean, counts, one, other, np.array(rows))
            if hint is not None:
                found.append(hint)
    return found


def _pair(scores: Scores, clean: Floats, counts: Ints, one: int, other: int, rows: Ints) -> Hint | None:
    first, second = clean[rows[:, 0]], clean[rows[:, 1]]
    size = float(np.maximum(counts[scores.dossier[rows[:, 0]]] - 1, 1).mean())
    spread = sqrt(float(first @ first) * float(second @ second))
    if spread <= 0:
        return None
    beyond = float(first @ second) / spread + 1 / size
    z = atanh(min(max(beyond, -0.999999), 0.999999)) * sqrt(max(len(rows) - 3, 1))
    return Hint("pair", (scores.experts[one], scores.experts[other]), beyond, len(rows), z) if z > PAIR_BAR else None
