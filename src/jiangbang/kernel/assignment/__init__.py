"""Which expert judges which dossier: the best match under demands, loads, conflicts and groups, fair to the worst served.

Pure and repeatable: the same problem, aim and seed give the same assignment on every machine (integer arithmetic decides; only
where the last step of a small problem is left to HiGHS does it rest on floats). `problem` says what may be, `network` solves
it, `columns` does so for millions of pairs, `fairness` and `exact` raise the worst-served dossier, `certificate` proves the
result, `diagnosis` says what is short where there is none, `randomised` draws by lot under a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jiangbang.kernel import chance
from jiangbang.kernel.assignment.certificate import Prices, upper_bound
from jiangbang.kernel.assignment.columns import Solved, solve
from jiangbang.kernel.assignment.diagnosis import Shortage, shortages
from jiangbang.kernel.assignment.exact import MOST_PAIRS, prove
from jiangbang.kernel.assignment.fairness import lift
from jiangbang.kernel.assignment.network import scaled, step_of
from jiangbang.kernel.assignment.problem import (
    Floats,
    Ints,
    Mask,
    Problem,
    ProblemError,
    from_arrays,
    from_matrix,
    from_rows,
    per_dossier,
)
from jiangbang.kernel.assignment.randomised import lottery

Aim = Literal["fair", "sum"]

__all__ = [
    "Aim",
    "Assignment",
    "InfeasibleError",
    "Problem",
    "ProblemError",
    "Proof",
    "Shortage",
    "assign",
    "assign_by_lot",
    "from_arrays",
    "from_matrix",
    "from_rows",
    "shortages",
]


class InfeasibleError(Exception):
    """There is no assignment; `shortages` says which dossiers and experts it fails on."""

    def __init__(self, found: tuple[Shortage, ...]) -> None:
        super().__init__("there is no assignment that keeps all demands, loads, conflicts and groups")
        self.shortages = found


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """What shows that no assignment's sum is above `bound`, with the line in `certificate` (docs/verify_assignment.py adds it up).

    Prices are integers, `step` to one of affinity. Where `floor` is not None, it holds for assignments in which every dossier reaches the
    floor, with affinities weighted by 1 + multiplier of their dossier and multiplier × floor taken off.
    """

    bound: float
    step: int
    prices: Prices
    floor: float | None = None
    multipliers: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """The pairs, ordered by dossier and expert, and how good they are: sums of affinity.

    `optimal`: proven that no assignment is better in what `aim` asks for, up to `scaling_error`: the most that rounding affinities to
    integers can hide in the sum. `likelihood` stands only where the assignment was drawn by lot: of each chosen pair.
    """

    dossiers: Ints
    experts: Ints
    objective: float
    min_dossier_affinity: float
    mean_dossier_affinity: float
    optimal: bool
    scaling_error: float
    proof: Proof
    likelihood: Floats | None = None


def assign(problem: Problem, *, aim: Aim = "fair", seed: int | None = None) -> Assignment:
    """The best assignment. aim "sum": the largest sum of affinities. aim "fair": first the highest affinity of the worst-served dossier
    (among those that demand anybody), then the largest sum.

    `seed` chooses among equally good ones; without it the order of the input does. Raises InfeasibleError. Fair is proven up to
    `exact.MOST_PAIRS` pairs; beyond, the floor is the highest found and the sum stands beside the bound of the floorless optimum.
    """
    if seed is None:
        return _assign(problem, aim)
    mixed = _Mixed.of(problem, seed)
    return mixed.back(_assign(mixed.problem, aim))


def _assign(problem: Problem, aim: Aim) -> Assignment:
    step = step_of(problem)
    gains = scaled(problem, step)
    first = _solved(problem, gains)
    bound = upper_bound(problem, gains, first.prices) / step
    proof = Proof(bound, step, first.prices)
    if aim == "sum":
        return _assignment(problem, first.assigned, proof, optimal=True)
    if problem.pair_count > MOST_PAIRS:
        lifted = lift(problem, gains, first, step)
        unchanged = lifted.assigned is first.assigned
        return _assignment(problem, lifted.assigned, proof, optimal=unchanged and lifted.highest)
    found = prove(problem, gains, first)
    if found.bounded is not None:
        least = found.bounded
        proof = Proof(least.bound, least.step, least.prices, found.lifted.floor, least.multipliers)
    return _assignment(problem, found.lifted.assigned, proof, optimal=found.proven)


def assign_by_lot(problem: Problem, *, at_most: float, seed: int) -> Assignment:
    """Draw an assignment in which no pair was likelier than `at_most`, of the largest expected sum. Raises InfeasibleError.

    `optimal` speaks of the distribution. Where the bound alone makes it impossible, InfeasibleError carries no shortage.
    """
    step = step_of(problem)
    gains = scaled(problem, step)
    first = _solved(problem, gains)
    drawn = lottery(problem, gains, at_most, seed)
    if drawn is None:
        raise InfeasibleError(())
    proof = Proof(upper_bound(problem, gains, first.prices) / step, step, first.prices)
    return _assignment(problem, drawn.assigned, proof, optimal=True, likelihood=drawn.likelihood[drawn.assigned])


def _solved(problem: Problem, gains: Ints) -> Solved:
    first = solve(problem, gains)
    if first is None:
        raise InfeasibleError(shortages(problem))
    return first


def _assignment(
    problem: Problem, assigned: Mask, proof: Proof, *, optimal: bool, likelihood: Floats | None = None
) -> Assignment:
    sums = per_dossier(problem, problem.affinity * assigned)
    served = sums[problem.demand > 0]
    return Assignment(
        dossiers=problem.dossiers()[assigned].astype(np.int64),
        experts=problem.experts[assigned].astype(np.int64),
        objective=float(problem.affinity[assigned].sum()),
        min_dossier_affinity=float(served.min()) if len(served) else 0.0,
        mean_dossier_affinity=float(served.mean()) if len(served) else 0.0,
        optimal=optimal,
        scaling_error=problem.units / step_of(problem),
        proof=proof,
        likelihood=likelihood,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Mixed:
    """A problem with dossiers and experts in a seeded order: which of equal optima is found depends on the order."""

    problem: Problem
    dossier_at: Ints
    expert_at: Ints

    @classmethod
    def of(cls, problem: Problem, seed: int) -> _Mixed:
        rows, columns = (
            chance.order(seed, "dossiers", problem.dossier_count),
            chance.order(seed, "experts", problem.expert_count),
        )
        place = np.empty_like(columns)
        place[columns] = np.arange(len(columns))
        counts = np.diff(problem.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(counts)))
        pairs = np.repeat(problem.starts[rows] - starts[:-1], counts) + np.arange(problem.pair_count)
        experts = place[problem.experts[pairs]]
        inside = np.argsort(np.repeat(np.arange(len(rows)), counts) * len(columns) + experts, kind="stable")
        mixed = Problem(
            starts=starts.astype(np.int64),
            experts=experts[inside].astype(np.int32),
            affinity=problem.affinity[pairs][inside],
            demand=problem.demand[rows],
            load_min=problem.load_min[columns],
            load_max=problem.load_max[columns],
            groups=None if problem.groups is None else problem.groups[columns],
        )
        return cls(mixed, rows, columns)

    def back(self, found: Assignment) -> Assignment:
        """The assignment in the numbers of the input."""
        dossiers, experts = self.dossier_at[found.dossiers], self.expert_at[found.experts]
        order = np.lexsort((experts, dossiers))
        proof = found.proof
        prices = Prices(_placed(proof.prices.dossiers, self.dossier_at), _placed(proof.prices.experts, self.expert_at))
        multipliers = None if proof.multipliers is None else _placed(proof.multipliers, self.dossier_at)
        return Assignment(
            dossiers=dossiers[order],
            experts=experts[order],
            objective=found.objective,
            min_dossier_affinity=found.min_dossier_affinity,
            mean_dossier_affinity=found.mean_dossier_affinity,
            optimal=found.optimal,
            scaling_error=found.scaling_error,
            proof=Proof(proof.bound, proof.step, prices, proof.floor, multipliers),
        )


def _placed(values: NDArray[Any], at: Ints) -> NDArray[Any]:
    placed = np.empty_like(values)
    placed[at] = values
    return placed
