"""The best assignment of a large problem from few of its pairs, and the proof that the others do not matter.

Most of a dossier's hundred candidates never come near it. The flow is solved over the pairs that look good at estimated prices;
its own prices then say of each pair left out whether it could improve anything. Pairs that could come in, until there are none:
the result is the optimum over all pairs (column generation; Dantzig & Wolfe, Operations Research 8, 1960).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jiangbang.kernel.assignment.certificate import Prices, prices_of
from jiangbang.kernel.assignment.network import chosen
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem

# Below this the whole network is solved at once.
SMALL: Final = 200_000
# Of each dossier's candidates: so many beyond its demand, by gain less price, and so many by gain alone.
LIKELY: Final = 9
RAW: Final = 1
# Every tenth dossier, with a tenth of the loads, shows the prices.
SAMPLE: Final = 10
# A second round takes in what is as near as this part of the span of gains to being useful: seldom is there a third.
NEAR: Final = 30
_CHUNK: Final = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The best assignment (one truth value per pair) and the prices that prove it."""

    assigned: Mask
    prices: Prices


def solve(problem: Problem, gains: Ints) -> Solved | None:
    """The assignment of the largest total gain with its prices; None where demands, loads and groups allow none."""
    if problem.pair_count <= SMALL:
        return _whole(problem, gains)
    width, price = LIKELY, _sampled_prices(problem, gains)
    kept = _likely(problem, gains, price, width)
    slack = 0
    while True:
        part, part_gains = problem.only(kept), gains[kept]
        assigned = chosen(part, part_gains)
        if assigned is None:
            if kept.all():
                return None
            width *= 4
            kept |= _likely(problem, gains, price, width)
            continue
        prices = prices_of(part, part_gains, assigned)
        assert prices is not None, "an optimal flow has prices"
        surplus = gains - np.repeat(prices.dossiers, np.diff(problem.starts))
        surplus -= prices.experts[problem.experts]
        if not (surplus[~kept] > 0).any():
            whole = np.zeros(problem.pair_count, dtype=bool)
            whole[np.nonzero(kept)[0][assigned]] = True
            return Solved(whole, prices)
        kept |= surplus > -slack
        slack = int(gains.max() - gains.min()) // NEAR
        kept |= surplus > -slack


def _whole(problem: Problem, gains: Ints) -> Solved | None:
    assigned = chosen(problem, gains)
    if assigned is None:
        return None
    prices = prices_of(problem, gains, assigned)
    assert prices is not None, "an optimal flow has prices"
    return Solved(assigned, prices)


def _sampled_prices(problem: Problem, gains: Ints) -> Ints:
    """Experts' prices in a sample of the dossiers: near enough to choose columns by."""
    rows = np.arange(0, problem.dossier_count, SAMPLE)
    kept = np.repeat(np.arange(problem.dossier_count) % SAMPLE == 0, np.diff(problem.starts))
    sample = Problem(
        starts=np.concatenate(([0], np.cumsum(np.diff(problem.starts)[rows]))),
        experts=problem.experts[kept],
        affinity=problem.affinity[kept],
        demand=problem.demand[rows],
        load_min=np.zeros_like(problem.load_min),
        load_max=-(-problem.load_max // SAMPLE),
        groups=problem.groups,
    )
    values = gains[kept]
    best = values >= np.repeat(row_threshold(sample, values, sample.demand + 2 * LIKELY), np.diff(sample.starts))
    solved = _whole(sample.only(best), values[best]) or _whole(*_with_spares(sample.only(best), values[best]))
    return (
        np.zeros(problem.expert_count, dtype=np.int64)
        if solved is None
        else solved.prices.experts[: problem.expert_count]
    )


def _with_spares(problem: Problem, gains: Ints) -> tuple[Problem, Ints]:
    """The problem with spare experts for everybody, worse than any: where places are short, prices still say whose are dear."""
    dossiers, spares = problem.dossier_count, int(problem.demand.max(initial=0))
    at = np.repeat(problem.starts[1:], spares)
    numbers = np.tile(np.arange(spares, dtype=np.int32) + np.int32(problem.expert_count), dossiers)
    worst = int(gains.min(initial=0)) - (int(gains.max(initial=0)) - int(gains.min(initial=0)) + 1)
    nothing, everybody = np.zeros(spares, dtype=np.int64), np.full(spares, dossiers, dtype=np.int64)
    wider = Problem(
        starts=problem.starts + spares * np.arange(dossiers + 1),
        experts=np.insert(problem.experts, at, numbers),
        affinity=np.insert(problem.affinity, at, 0.0),
        demand=problem.demand,
        load_min=np.concatenate((problem.load_min, nothing)),
        load_max=np.concatenate((problem.load_max, everybody)),
        groups=None if problem.groups is None else np.concatenate((problem.groups, nothing - 1)),
    )
    return wider, np.insert(gains, at, worst)


def _likely(problem: Problem, gains: Ints, price: Ints, width: int) -> Mask:
    net = gains - price[problem.experts]
    counts = np.diff(problem.starts)
    kept: Mask = net >= np.repeat(row_threshold(problem, net, problem.demand + width), counts)
    kept |= gains >= np.repeat(row_threshold(problem, gains, problem.demand + RAW), counts)
    return kept


def rows_padded(problem: Problem, values: NDArray[Any], fill: Any) -> Iterator[tuple[slice, NDArray[Any]]]:
    """The values row by row as matrices, short rows filled up: (rows, matrix), a bounded number of cells at a time."""
    counts = np.diff(problem.starts)
    first = 0
    while first < len(counts):
        # rows of a batch share the width of its longest: stop before that costs more than a batch may
        widths = np.maximum.accumulate(counts[first : first + _CHUNK])
        fits = widths * np.arange(1, len(widths) + 1) <= _CHUNK
        size = max(1, int(fits.sum()))
        rows = slice(first, first + size)
        width = int(widths[size - 1])
        part = values[problem.starts[first] : problem.starts[first + size]]
        if width and (counts[rows] == width).all():
            yield rows, part.reshape(size, width)
        else:
            matrix = np.full((size, max(width, 1)), fill, dtype=values.dtype)
            matrix[np.arange(matrix.shape[1]) < counts[rows, None]] = part
            yield rows, matrix
        first += size


def row_threshold(problem: Problem, values: Ints, counts: Ints) -> Ints:
    """The counts[d]-th largest value of each dossier's pairs; the smallest there is where it has fewer."""
    least = np.iinfo(np.int64).min
    result = np.full(problem.dossier_count, least, dtype=np.int64)
    for rows, matrix in rows_padded(problem, values, least):
        wanted = np.minimum(counts[rows], matrix.shape[1])
        if len(wanted) == 0:
            continue
        for count in np.unique(wanted):
            mine = wanted == count
            if count > 0:
                cut = matrix.shape[1] - int(count)
                result[rows][mine] = np.partition(matrix[mine], cut, axis=1)[:, cut]
            else:
                result[rows][mine] = np.iinfo(np.int64).max
    return result


def best_sums(problem: Problem) -> Floats:
    """The affinity that each dossier would get if it could choose first; −∞ where it has fewer candidates than its demand."""
    result = np.zeros(problem.dossier_count)
    for rows, matrix in rows_padded(problem, problem.affinity, -np.inf):
        most = int(min(matrix.shape[1], problem.demand[rows].max(initial=0)))
        if most == 0:
            result[rows] = np.where(problem.demand[rows] > 0, -np.inf, 0.0)
            continue
        top = -np.sort(-np.partition(matrix, matrix.shape[1] - most, axis=1)[:, matrix.shape[1] - most :], axis=1)
        sums = np.concatenate((np.zeros((len(top), 1)), np.cumsum(top, axis=1)), axis=1)
        need = problem.demand[rows]
        result[rows] = np.where(need <= most, sums[np.arange(len(top)), np.minimum(need, most)], -np.inf)
    return result
