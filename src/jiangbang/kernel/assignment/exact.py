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

from jiangbang.kernel.assignment.columns import best_sums, rows_padded
from jiangbang.kernel.assignment.fairness import EQUAL, Lifted
from jiangbang.kernel.assignment.multipliers import DEAREST, Bounded, descend, open_pairs, reaching
from jiangbang.kernel.assignment.network import blocks_of, step_of
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem, per_dossier

# Beyond this the answer of `fairness` stands, with its bound.
MOST_PAIRS: Final = 120_000
# HiGHS stops here; what it has found so far is kept, unproven.
SECONDS: Final = 120.0
# HiGHS works to 1e-6; two affinities nearer than that are one to it.
TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """The best assignment known, and whether nothing better exists (in floor, then in sum). `bounded` holds the least bound on the sum."""

    lifted: Lifted
    bounded: Bounded | None
    proven: bool


def prove(problem: Problem, gains: Ints, lifted: Lifted) -> Exact:
    """Raise the floor as far as it goes, then the sum under it. `gains` are the affinities in steps."""
    needed = problem.demand > 0
    if not needed.any():
        return Exact(lifted, None, True)
    highest = float(best_sums(problem)[needed].min())
    step, grain = step_of(problem, 2 * DEAREST), int(np.gcd.reduce(gains)) / step_of(problem)
    bounded, raised, proven = None, None, True
    if lifted.floor < highest - TOLERANCE:
        bounded, raised = descend(problem, highest, None, step, grain)
        if raised is None:
            lifted, proven = _highest_floor(problem, lifted, highest, possible=bounded is not None)
    if raised is None:
        bounded, raised = descend(problem, lifted.floor, lifted, step, grain)
    assert bounded is not None, "an assignment that reaches the floor is at hand"
    assert raised is not None, "an assignment that reaches the floor is at hand"
    found, whole = _largest_sum(problem, bounded, raised, grain)
    return Exact(found, bounded, proven and whole)


def _highest_floor(problem: Problem, lifted: Lifted, highest: float, *, possible: bool) -> tuple[Lifted, bool]:
    """First the highest that there can be (often it can); if it cannot, the search for the highest that can."""
    if possible:
        tried = _solve(problem, np.zeros(problem.pair_count), highest, reaching(problem, highest))
        if tried.assigned is not None:
            return _lifted(problem, tried.assigned, lifted), True
    tried = _solve_floor(problem, reaching(problem, lifted.floor), lifted.floor, highest)
    if tried.assigned is None:
        return lifted, tried.proven
    better = _lifted(problem, tried.assigned, lifted)
    return (better if better.floor > lifted.floor else lifted), tried.proven


def _largest_sum(problem: Problem, bounded: Bounded, lifted: Lifted, grain: float) -> tuple[Lifted, bool]:
    """What is better than `lifted` gives up less than the gap; a pair whose reduced cost is larger is decided."""
    gap = bounded.bound - float(problem.affinity[lifted.assigned].sum())
    if gap < max(grain, EQUAL):
        return lifted, True
    part = problem.only(bounded.pairs)
    prices = bounded.prices
    kept = open_pairs(bounded, gap, np.diff(part.starts), part.experts)
    reduced = bounded.gains - np.repeat(prices.dossiers, np.diff(part.starts)) - prices.experts[part.experts]
    fixed = kept & (blocks_of(part).of_pair < 0) & (reduced > (gap + EQUAL) * bounded.step)
    tried = _solve(part, part.affinity, lifted.floor, kept, fixed)
    if tried.assigned is None:
        return lifted, tried.proven
    assigned = np.zeros(problem.pair_count, dtype=bool)
    assigned[np.nonzero(bounded.pairs)[0][tried.assigned]] = True
    better = problem.affinity[assigned].sum() > problem.affinity[lifted.assigned].sum() + EQUAL
    return (_lifted(problem, assigned, lifted) if better else lifted), tried.proven


def _lifted(problem: Problem, assigned: Mask, like: Lifted) -> Lifted:
    sums = per_dossier(problem, problem.affinity * assigned)
    return Lifted(assigned, float(sums[problem.demand > 0].min()), like.weights)


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
