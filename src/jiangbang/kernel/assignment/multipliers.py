"""How much a floor must cost at least: a bound on the sum, from a price on each dossier's floor.

With a price λ per dossier on what it lacks to the floor, the floors leave the constraints and the flow is whole again; its
value is a bound for every λ ≥ 0. Steps against the shortage bring the bound down (subgradient with Polyak's step, Held, Wolfe &
Crowder, Mathematical Programming 6, 1974; deflected by the way before, Camerini, Fratta & Maffioli, Mathematical Programming
Study 3, 1975). On the way assignments turn up that hold the floor, or nearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiangbang.kernel.assignment.certificate import Prices, prices_of, upper_bound
from jiangbang.kernel.assignment.columns import Solved, rows_padded
from jiangbang.kernel.assignment.fairness import EQUAL, Lifted, reach
from jiangbang.kernel.assignment.network import chosen, scaled
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem, per_dossier

STEPS: Final = 40
# Prices beyond this would overflow the scaled integers.
DEAREST: Final = 32.0
# Prices move in notches, so that weighted bids keep few digits.
NOTCHES: Final = 64
# A step keeps so much of the way before it (ties make single slopes jump), and is so much shorter after one that brought nothing.
MOMENTUM: Final = 0.7
SLOWER: Final = 0.85
# With so few open pairs per place HiGHS is quicker than more steps.
CHEAP: Final = 3
# With so few dossiers below the floor it is worth lifting them.
FEW: Final = 3
# The first guess at what a floor costs, as a part of the sum.
FIRST_GUESS: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """A bound on the sum under a floor and what it was read from. `pairs` are those that may stand in a set that reaches the floor."""

    bound: float
    multipliers: Floats
    pairs: Mask
    gains: Ints
    prices: Prices
    step: int


def reaching(problem: Problem, floor: float) -> Mask:
    """Pairs that may stand in a set that reaches the floor: with the best others beside them they do."""
    bars = np.empty(problem.dossier_count)
    for rows, matrix in rows_padded(problem, problem.affinity, -np.inf):
        ordered = -np.sort(-matrix, axis=1)
        need = np.minimum(problem.demand[rows], matrix.shape[1])
        sums = np.concatenate((np.zeros((len(ordered), 1)), np.cumsum(ordered, axis=1)), axis=1)
        line = np.arange(len(ordered))
        whole, others = sums[line, need], sums[line, np.maximum(need - 1, 0)]
        least = ordered[line, np.maximum(need - 1, 0)]
        # a pair among the best stands there itself; another takes the place of the least of them
        bars[rows] = np.where(whole < floor - EQUAL, np.inf, np.minimum(least, floor - EQUAL - others))
    kept: Mask = problem.affinity >= np.repeat(bars, np.diff(problem.starts))
    return kept


def descend(
    problem: Problem, floor: float, lifted: Lifted | None, step: int, grain: float
) -> tuple[Bounded | None, Lifted | None]:
    """The lowest bound found, and the best assignment with this floor, where `lifted` or the search has one.

    `grain`: sums differ by at least this, 0 where unknown. No bound: no assignment reaches the floor.
    """
    pairs = reaching(problem, floor)
    part = problem.only(pairs)
    multipliers, speed = np.zeros(problem.dossier_count), 1.0
    best: Bounded | None = None
    start: float | None = None
    way, coarse = np.zeros(problem.dossier_count), False
    for _ in range(STEPS):
        gains = scaled(part, step, 1 + multipliers)
        assigned = chosen(part, gains)
        if assigned is None:
            return None, lifted
        value = int(gains[assigned].sum()) / step - float(multipliers.sum()) * floor
        short = np.where(part.demand > 0, floor - per_dossier(part, part.affinity * assigned), 0.0)
        if best is None or value < best.bound - EQUAL:
            prices = prices_of(part, gains, assigned)
            assert prices is not None, "an optimal flow has prices"
            bound = upper_bound(part, gains, prices) / step - float(multipliers.sum()) * floor
            best = Bounded(bound, multipliers, pairs, gains, prices, step)
            coarse = is_coarse(grain, bound)
            if not coarse or not (short > EQUAL).any():
                found = _lift(part, gains, Solved(assigned, prices), short, floor, step)
                lifted = _better(problem, lifted, found, pairs, floor)
        else:
            speed *= SLOWER
        slope = np.where((multipliers <= 0) & (short < 0), 0.0, short)
        start = attainable(best.bound, grain) if start is None else start
        if not slope.any() or (coarse and best.bound < start - EQUAL):
            break
        if lifted is not None and _nearly_decided(problem, best, lifted, grain):
            break
        if coarse:
            reach_for = start - 2 * grain
        elif lifted is not None:
            reach_for = float(problem.affinity[lifted.assigned].sum())
        else:
            reach_for = value - 1e-3 * abs(value)
        way = slope + MOMENTUM * way
        if not way.any():
            break
        moved = multipliers + speed * (value - reach_for) / float(way @ way) * way
        multipliers = np.clip(np.rint(moved * NOTCHES) / NOTCHES, 0, DEAREST)
    return best, lifted


def is_coarse(grain: float, total: float) -> bool:
    """Whether sums come in steps (bids in quarters): then to fall below one proves more than a good assignment at hand."""
    return grain > FIRST_GUESS * abs(total)


def attainable(bound: float, grain: float) -> float:
    """The largest sum that does not exceed the bound, where sums are multiples of the grain (0: unknown)."""
    return bound if grain <= 0 else float(np.floor(bound / grain + EQUAL)) * grain


def open_pairs(bounded: Bounded, gap: float, counts: Ints, experts: NDArray[np.int32]) -> Mask:
    """Of `bounded.pairs`, those that an assignment within the gap of the bound may have (`counts`: of these pairs per dossier)."""
    reduced = bounded.gains - np.repeat(bounded.prices.dossiers, counts) - bounded.prices.experts[experts]
    kept: Mask = reduced >= -(gap + EQUAL) * bounded.step
    return kept


def _nearly_decided(problem: Problem, bounded: Bounded, lifted: Lifted, grain: float) -> bool:
    gap = bounded.bound - float(problem.affinity[lifted.assigned].sum())
    if gap < max(grain, EQUAL):
        return True
    part = problem.only(bounded.pairs)
    return int(open_pairs(bounded, gap, np.diff(part.starts), part.experts).sum()) <= CHEAP * problem.units


def _lift(part: Problem, gains: Ints, solved: Solved, short: Floats, floor: float, step: int) -> Mask | None:
    low = (short > EQUAL) & (part.demand > 0)
    if not low.any():
        return solved.assigned
    if low.sum() > FEW:
        return None
    found = reach(part, gains, solved, floor, step)
    return found.assigned if isinstance(found, Lifted) else None


def _better(problem: Problem, lifted: Lifted | None, found: Mask | None, pairs: Mask, floor: float) -> Lifted | None:
    if found is None:
        return lifted
    assigned = np.zeros(problem.pair_count, dtype=bool)
    assigned[np.nonzero(pairs)[0][found]] = True
    if lifted is not None and problem.affinity[assigned].sum() <= problem.affinity[lifted.assigned].sum() + EQUAL:
        return lifted
    return Lifted(assigned, floor, np.ones(problem.dossier_count))
