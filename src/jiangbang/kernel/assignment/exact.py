"""The proven answer for small problems: highest floor, then largest sum, by integer programming (HiGHS through scipy).

A floor is a knapsack row over one dossier's pairs, and with it the network is no longer unimodular: branching is needed. Little
is left to branch on: an assignment with a floor is already at hand, so a pair whose reduced cost exceeds what could still be
gained is out (or in) in every better one. Source: reduced-cost fixing, Crowder, Johnson & Padberg (Operations Research 31,
1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from jiangbang.kernel.assignment.columns import Solved, best_sums, rows_padded
from jiangbang.kernel.assignment.fairness import EQUAL, Lifted, lift, reach
from jiangbang.kernel.assignment.multipliers import (
    DEAREST,
    FIRST_GUESS,
    Bounded,
    attainable,
    descend,
    is_coarse,
    open_pairs,
    reaching,
)
from jiangbang.kernel.assignment.network import blocks_of, step_of
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem, per_dossier

# Beyond this the answer of `fairness` stands, with its bound.
MOST_PAIRS: Final = 120_000
# HiGHS stops here (wall time, so that a busy machine still proves what takes it a minute); what it has found so far is kept, unproven.
SECONDS: Final = 240.0
# How much wider each further guess at what a floor costs is.
WIDER: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """The best assignment known, and whether nothing better exists (in floor, then in sum). `bounded` holds the least bound on the sum."""

    lifted: Lifted
    bounded: Bounded | None
    proven: bool


def prove(problem: Problem, gains: Ints, first: Solved) -> Exact:
    """Raise the floor as far as it goes, then the sum under it. `first` is the best assignment for `gains`, the affinities in steps.

    First the highest floor that there can be (often it can); only where it cannot, the search for the highest that can.
    """
    needed = problem.demand > 0
    plain = Lifted(first.assigned, 0.0, np.ones(problem.dossier_count))
    if not needed.any():
        return Exact(plain, None, True)
    affinity_step = step_of(problem)
    highest = float(best_sums(problem)[needed].min())
    step, grain = step_of(problem, 2 * DEAREST), int(np.gcd.reduce(gains)) / affinity_step
    coarse = is_coarse(grain, float(problem.affinity[first.assigned].sum()))
    start = None if coarse else reach(problem, gains, first, highest, affinity_step)
    bounded, lifted = descend(problem, highest, start if isinstance(start, Lifted) else None, step, grain)
    proven = True
    if bounded is not None:
        found, whole = _largest_sum(problem, bounded, lifted, highest, grain)
        if found is not None:
            return Exact(found, bounded, whole)
        proven = whole
    raised = lift(problem, gains, first, affinity_step)
    raised, searched = _highest_floor(problem, raised, highest)
    bounded, lifted = descend(problem, raised.floor, raised, step, grain)
    assert bounded is not None, "an assignment that reaches the floor is at hand"
    found, whole = _largest_sum(problem, bounded, lifted, raised.floor, grain)
    assert found is not None, "an assignment that reaches the floor is at hand"
    return Exact(found, bounded, proven and searched and whole)


def _highest_floor(problem: Problem, lifted: Lifted, highest: float) -> tuple[Lifted, bool]:
    """The highest floor between the one at hand and the highest that there could be; and whether that is proven."""
    tried = _solve_floor(problem, reaching(problem, lifted.floor), lifted.floor, highest)
    if tried.assigned is None:
        return lifted, tried.proven
    better = _lifted(problem, tried.assigned, lifted.weights)
    return (better if better.floor > lifted.floor else lifted), tried.proven


def _largest_sum(
    problem: Problem, bounded: Bounded, lifted: Lifted | None, floor: float, grain: float
) -> tuple[Lifted | None, bool]:
    """The best assignment with this floor, None where there is none; and whether that is proven.

    What gives up less than a gap to the bound has only pairs of a reduced cost within it. The gap is guessed, small first: an assignment
    found within it is the best; none found, and the guess was too small.
    """
    part = problem.only(bounded.pairs)
    counts = np.diff(part.starts)
    reduced = bounded.gains - np.repeat(bounded.prices.dossiers, counts) - bounded.prices.experts[part.experts]
    single = blocks_of(part).of_pair < 0
    known = np.inf if lifted is None else bounded.bound - float(problem.affinity[lifted.assigned].sum())
    if known < max(grain, EQUAL):
        return lifted, True
    guess = max(bounded.bound - attainable(bounded.bound, grain), FIRST_GUESS * abs(bounded.bound), EQUAL)
    while True:
        gap = min(guess, known)
        kept = open_pairs(bounded, gap, counts, part.experts)
        fixed = kept & single & (reduced > (gap + EQUAL) * bounded.step)
        tried = _solve(part, part.affinity, floor, kept, fixed)
        last = gap == known or bool(kept.all() and not fixed.any())
        if tried.assigned is not None:
            assigned = np.zeros(problem.pair_count, dtype=bool)
            assigned[np.nonzero(bounded.pairs)[0][tried.assigned]] = True
            value = float(problem.affinity[assigned].sum())
            if lifted is None or value > bounded.bound - known + EQUAL:
                lifted = _lifted(problem, assigned, np.ones(problem.dossier_count))
            known = min(known, bounded.bound - value)
            if last or not tried.proven or known <= gap + EQUAL:
                return lifted, tried.proven
        elif last or not tried.proven:
            return lifted, tried.proven
        guess *= WIDER


def _lifted(problem: Problem, assigned: Mask, weights: Floats) -> Lifted:
    sums = per_dossier(problem, problem.affinity * assigned)
    return Lifted(assigned, float(sums[problem.demand > 0].min()), weights)


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    assigned: Mask | None
    proven: bool


def _solve(problem: Problem, worth: Floats, floor: float, kept: Mask, fixed: Mask | None = None) -> _Tried:
    part = problem.only(kept)
    count = part.pair_count
    rows = [LinearConstraint(matrix, least, most) for matrix, least, most in _rows(part)]
    sums = _matrix(part, part.affinity)
    worst = _worst_sums(part)
    needed = np.nonzero((worst < floor - EQUAL) & (part.demand > 0))[0]
    constraints = [*rows, LinearConstraint(sums[needed], floor - EQUAL, np.inf)]
    low = np.zeros(count) if fixed is None else fixed[kept].astype(float)
    answer = milp(
        -worth[kept],
        constraints=constraints,
        integrality=np.ones(count, dtype=np.int64),
        bounds=Bounds(low, 1),
        options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
    )
    return _taken(problem, kept, answer)


def _solve_floor(problem: Problem, kept: Mask, low: float, high: float) -> _Tried:
    """max t under: every dossier's sum ≥ t."""
    part = problem.only(kept)
    count = part.pair_count
    wider = [LinearConstraint(_beside(matrix, 0.0), least, most) for matrix, least, most in _rows(part)]
    needed = np.nonzero(part.demand > 0)[0]
    floors = _beside(_matrix(part, part.affinity)[needed], -1.0)
    answer = milp(
        np.concatenate((np.zeros(count), [-1.0])),
        constraints=[*wider, LinearConstraint(floors, 0, np.inf)],
        integrality=np.concatenate((np.ones(count, dtype=np.int64), [0])),
        bounds=Bounds(np.concatenate((np.zeros(count), [low])), np.concatenate((np.ones(count), [high]))),
        options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
    )
    return _taken(problem, kept, answer)


def _taken(problem: Problem, kept: Mask, answer: Any) -> _Tried:
    proven = answer.status in (0, 2)
    if answer.x is None:
        return _Tried(None, proven)
    assigned = np.zeros(problem.pair_count, dtype=bool)
    assigned[kept] = answer.x[: int(kept.sum())] > 0.5
    return _Tried(assigned, proven)


def _rows(part: Problem) -> list[tuple[sp.csr_matrix, Ints, Ints]]:
    """Demands, loads and groups: (matrix, least, most)."""
    ones, columns = np.ones(part.pair_count), np.arange(part.pair_count)
    loads = sp.csr_matrix((ones, (part.experts, columns)), (part.expert_count, part.pair_count))
    rows = [(_matrix(part, ones), part.demand, part.demand), (loads, part.load_min, part.load_max)]
    blocks = blocks_of(part)
    if blocks.count:
        inside = np.nonzero(blocks.of_pair >= 0)[0]
        shape = (blocks.count, part.pair_count)
        groups = sp.csr_matrix((np.ones(len(inside)), (blocks.of_pair[inside], inside)), shape)
        rows.append((groups, np.zeros(blocks.count, dtype=np.int64), np.ones(blocks.count, dtype=np.int64)))
    return rows


def _beside(matrix: sp.csr_matrix, value: float) -> sp.csr_matrix:
    """The matrix with one more column, of this value."""
    last = np.full((matrix.get_shape()[0], 1), value)
    return sp.csr_matrix(sp.hstack([matrix, sp.csr_matrix(last)]))


def _matrix(part: Problem, values: Floats) -> sp.csr_matrix:
    return sp.csr_matrix((values, np.arange(part.pair_count), part.starts), (part.dossier_count, part.pair_count))


def _worst_sums(part: Problem) -> Floats:
    """The least that a dossier could get from these pairs."""
    result = np.zeros(part.dossier_count)
    for rows, matrix in rows_padded(part, part.affinity, np.inf):
        ordered = np.cumsum(np.sort(matrix, axis=1), axis=1)
        need = np.minimum(part.demand[rows], matrix.shape[1])
        result[rows] = np.where(need > 0, ordered[np.arange(len(ordered)), need - 1], 0.0)
    return result
