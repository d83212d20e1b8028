"""Strict and generous experts on one scale: an additive model with shrinkage.

    score = μ + quality of the dossier + bias of the expert + error

Quality and bias are random effects with estimated variances, so both are drawn towards zero by as much as the data leave open:
best linear unbiased prediction. A dossier with few scores, or scored by experts of whom little is known, is believed less.

Variances: Henderson's third method (moments, in closed form), refined by restricted maximum likelihood where the panel has at
most `MOST_REFINED` experts. Sources: Henderson, Biometrics 9 (1953) and 31 (1975); Patterson & Thompson, Biometrika 58 (1971).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags_array

from jiangbang.kernel.ranking.scores import Floats, Scores, parts

# Above this the likelihood costs seconds a step, and so many experts leave nothing to refine.
MOST_REFINED: Final = 600
# Variances are rounded to so many digits before anything is computed from them: the same on every machine.
DIGITS: Final = 6
_SMALLEST: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Variances:
    """Of quality, bias and error, in squared points."""

    quality: float
    bias: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The model's estimates. `quality` (μ included) and `bias` are in points.

    Given the biases, qualities are independent with variance `own`; the biases' uncertainty (μ among them, first) has the covariance
    L⁻ᵀ L⁻¹ × error with `root` = L, and moves the dossiers by −`share` of it.
    """

    mean: float
    quality: Floats
    bias: Floats
    variances: Variances
    connected: bool
    own: Floats
    root: Floats
    share: csr_matrix


def calibrate(scores: Scores, *, experts_differ: bool = True) -> Fit:
    """Fit the model. Without `experts_differ` biases are zero and every score counts alike."""
    number = parts(scores)
    variances = _variances(scores, experts_differ=experts_differ, number_of_parts=number)
    return _fit(scores, variances, connected=number == 1)


def _fit(scores: Scores, variances: Variances, *, connected: bool) -> Fit:
    dossiers, experts = len(scores.dossiers), len(scores.experts)
    if variances.quality == 0 and variances.error == 0:
        level = float(scores.floats.mean())
        empty = np.zeros((1, 1)) + 1.0
        return Fit(
            level,
            np.full(dossiers, level),
            np.zeros(experts),
            variances,
            connected,
            np.zeros(dossiers),
            empty,
            csr_matrix((dossiers, 1)),
        )
    equations = _Equations(scores, variances)
    effects = cho_solve((equations.root, True), equations.right)
    share = equations.share
    quality = equations.means_shrunk - share @ effects + effects[0]
    bias = effects[1:] if variances.bias > 0 else np.zeros(experts)
    one = csr_matrix(
        (np.ones(dossiers), (np.arange(dossiers), np.zeros(dossiers, dtype=np.int64))), shape=(dossiers, len(effects))
    )
    moved = csr_matrix(share - one)
    return Fit(float(effects[0]), quality, bias, variances, connected, equations.own, equations.root, moved)


class _Equations:
    """The mixed model's equations with the dossiers absorbed: only μ and the biases are left (divided by the error's variance)."""

    def __init__(self, scores: Scores, variances: Variances) -> None:
        dossiers, experts = len(scores.dossiers), len(scores.experts)
        counts = scores.counts().astype(float)
        error = max(variances.error, 1e-12 * max(variances.quality, 1e-300))
        weight = counts + (error / variances.quality if variances.quality > 0 else np.inf)
        self.own = error / weight
        columns = 1 + (experts if variances.bias > 0 else 0)
        rows = [scores.dossier] + ([scores.dossier] if columns > 1 else [])
        where = [np.zeros(len(scores.value), dtype=np.int64)] + ([1 + scores.expert] if columns > 1 else [])
        values = np.ones(len(scores.value) * len(rows))
        incidence = csr_matrix((values, (np.concatenate(rows), np.concatenate(where))), shape=(dossiers, columns))
        scaled = csr_matrix(diags_array(1 / weight) @ incidence)
        y = scores.floats
        sums = np.bincount(scores.dossier, weights=y, minlength=dossiers)
        self.means_shrunk = sums / weight
        self.share = scaled
        load = np.bincount(scores.expert, minlength=experts).astype(float)
        matrix = -(incidence.T @ scaled).toarray()
        matrix[0, 0] += len(y)
        right = np.zeros(columns)
        right[0] = y.sum()
        if columns > 1:
            matrix[0, 1:] += load
            matrix[1:, 0] += load
            matrix[1:, 1:][np.diag_indices(experts)] += load + error / variances.bias
            right[1:] = np.bincount(scores.expert, weights=y, minlength=experts)
        self.right = right - incidence.T @ self.means_shrunk
        self.root = np.tril(cho_factor(matrix, lower=True)[0])
        self.weight = weight
        self.error = error

    def likelihood(self, scores: Scores, variances: Variances) -> float:
        """−2 log of the restricted likelihood with the error's variance taken out, without its constants."""
        y = scores.floats
        half = solve_triangular(self.root, self.right, lower=True)
        sums = self.means_shrunk * self.weight
        rest = float(y @ y - self.means_shrunk @ sums - half @ half)
        free = len(y) - 1
        logs = float(np.log(self.weight).sum()) + 2 * float(np.log(np.diag(self.root)).sum())
        logs += len(scores.dossiers) * log(variances.quality / self.error)
        if variances.bias > 0:
            logs += len(scores.experts) * log(variances.bias / self.error)
        return free * log(max(rest, 1e-300) / free) + logs


def _variances(scores: Scores, *, experts_differ: bool, number_of_parts: int) -> Variances:
    moments = _moments(scores, experts_differ=experts_differ, number_of_parts=number_of_parts)
    if min(moments.quality, moments.error) <= 0:
        return _rounded(moments)
    if len(scores.experts) > MOST_REFINED or len(scores.value) < 3:
        return _rounded(moments)
    return _rounded(_refined(scores, moments))


def _moments(scores: Scores, *, experts_differ: bool, number_of_parts: int) -> Variances:
    """Henderson's third method: the sums of squares that each effect explains beside the other, set equal to their expectations."""
    y = scores.floats - scores.floats.mean()
    n, dossiers, experts = len(y), len(scores.dossiers), len(scores.experts)
    within_dossiers, within_experts = _within(y, scores.dossier, dossiers), _within(y, scores.expert, experts)
    left = n - dossiers - experts + number_of_parts
    if not experts_differ or left <= 0 or experts <= number_of_parts:
        error = within_dossiers / (n - dossiers) if n > dossiers else 0.0
        total = float(y @ y)
        spread = n - float((scores.counts() ** 2).sum()) / n
        between = total - within_dossiers - error * (dossiers - 1)
        return Variances(max(between / spread, 0.0) if spread > 0 else 0.0, 0.0, error)
    both = _residual(y, scores)
    error = both / left
    bias = (within_dossiers - both - error * (experts - number_of_parts)) / (n - dossiers)
    quality = (within_experts - both - error * (dossiers - number_of_parts)) / (n - experts)
    return Variances(max(quality, 0.0), max(bias, 0.0), max(error, 0.0))


def _within(y: Floats, group: np.ndarray, count: int) -> float:
    sizes = np.bincount(group, minlength=count)
    sums = np.bincount(group, weights=y, minlength=count)
    return max(float(y @ y - (sums**2 / np.maximum(sizes, 1)).sum()), 0.0)


def _residual(y: Floats, scores: Scores) -> float:
    """The sum of squares that dossiers and experts together leave: least squares by conjugate gradients over the experts."""
    dossiers, experts = len(scores.dossiers), len(scores.experts)
    counts = scores.counts().astype(float)
    load = np.maximum(np.bincount(scores.expert, minlength=experts), 1).astype(float)

    def swept(values: Floats) -> Floats:
        centred: Floats = (
            values - (np.bincount(scores.dossier, weights=values, minlength=dossiers) / counts)[scores.dossier]
        )
        return centred

    rest = swept(y)
    effect = np.zeros(experts)
    gradient = np.bincount(scores.expert, weights=rest, minlength=experts)
    direction, strength = gradient / load, float(gradient @ (gradient / load))
    first = strength
    for _ in range(10 * experts + 10):
        if strength <= 1e-24 * max(first, 1e-300):
            break
        moved = swept(direction[scores.expert])
        length = strength / float(moved @ moved)
        effect += length * direction
        rest = rest - length * moved
        gradient = np.bincount(scores.expert, weights=rest, minlength=experts)
        renewed = float(gradient @ (gradient / load))
        direction = gradient / load + renewed / strength * direction
        strength = renewed
    return float(rest @ rest)


def _refined(scores: Scores, start: Variances) -> Variances:
    """Restricted maximum likelihood over the two ratios to the error's variance, by the simplex of Nelder and Mead."""
    floor = log(_SMALLEST)

    def ratios(point: Floats) -> Variances:
        quality, bias = (
            exp(min(max(value, floor), 20.0)) for value in (point[0], point[1] if len(point) > 1 else floor)
        )
        return Variances(quality, bias if len(point) > 1 else 0.0, 1.0)

    def badness(point: Floats) -> float:
        here = ratios(point)
        return _Equations(scores, here).likelihood(scores, here)

    first = [log(max(start.quality / start.error, _SMALLEST))]
    if start.bias > 0:
        first.append(log(max(start.bias / start.error, _SMALLEST)))
    found = minimize(
        badness, np.array(first), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 400}
    )
    best = ratios(found.x)
    error = _error_variance(scores, best)
    quality = best.quality * error if best.quality > 2 * _SMALLEST else 0.0
    return Variances(quality, best.bias * error if best.bias > 2 * _SMALLEST else 0.0, error)


def _error_variance(scores: Scores, ratios: Variances) -> float:
    equations = _Equations(scores, ratios)
    y = scores.floats
    half = solve_triangular(equations.root, equations.right, lower=True)
    return float(y @ y - equations.means_shrunk @ (equations.means_shrunk * equations.weight) - half @ half) / (
        len(y) - 1
    )


def _rounded(variances: Variances) -> Variances:
    return Variances(
        *(float(f"{value:.{DIGITS - 1}e}") for value in (variances.quality, variances.bias, variances.error))
    )
