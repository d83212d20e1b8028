"""The worst-served dossier first, then the sum: a floor under every dossier's affinity, at the least loss.

Dossiers below the floor take, one after the other, the set of experts that reaches it and costs the others least at the current
prices of the experts' places; the flow then serves the rest. A dossier that thereby falls below the floor takes its set in the
next round. What such a set costs is found by raising the weight of the dossier's own affinities until the best set at these
prices reaches the floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from jiangbang.kernel.assignment.columns import Solved, best_sums, solve
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem, per_dossier

# Two sums of affinities nearer than this are equal: what adding up a few floats in another order may change.
EQUAL: Final = 1e-9
_ROUNDS: Final = 60
_HALVINGS: Final = 40
_HEAVIEST: Final = 256.0
# How often the floor is lowered before the search stops.
_LOWERED: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Lifted:
    """An assignment in which every dossier reaches `floor`; `weights` is what each dossier's affinities had to weigh for it;
    `highest`: no floor can be higher."""

    assigned: Mask
    floor: float
    weights: Floats
    highest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TooHigh:
    """The floor cannot be reached this way; `reachable` is what the dossier that failed could still get."""

    reachable: float


def lift(problem: Problem, gains: Ints, first: Solved, step: int) -> Lifted:
    """The highest floor that is found, and an assignment that holds it. `first` is the best assignment without a floor.

    The first floor that is tried is the highest that there can be: what the dossier with the poorest candidates gets when it chooses first.
    """
    needed = problem.demand > 0
    sums = per_dossier(problem, problem.affinity * first.assigned)
    low = float(sums[needed].min(initial=np.inf))
    best = Lifted(first.assigned, low, np.ones(problem.dossier_count))
    if not needed.any():
        return replace(best, floor=0.0, highest=True)
    high = most = float(best_sums(problem)[needed].min())
    target = high
    for _ in range(_LOWERED):
        if target <= best.floor + EQUAL:
            return replace(best, highest=best.floor >= most - EQUAL)
        found = reach(problem, gains, first, target, step)
        if isinstance(found, Lifted):
            best = found
            if high - target < 1e-4 * max(1.0, abs(high)):
                return replace(best, highest=best.floor >= most - EQUAL)
            target = (target + high) / 2
        else:
            high = target
            target = max(min(found.reachable, target), (best.floor + target) / 2)
            if target >= high - EQUAL:
                target = (best.floor + high) / 2
    return best


def reach(problem: Problem, gains: Ints, first: Solved, floor: float, step: int) -> Lifted | TooHigh:
    """An assignment in which every dossier reaches this floor, from `first`, the best one for these gains."""
    state = _Places(problem, floor)
    solved, weights = first, np.ones(problem.dossier_count)
    assigned, choice = first.assigned, best_sums(problem)
    for _ in range(_ROUNDS):
        sums = per_dossier(problem, problem.affinity * assigned)
        low = np.nonzero((sums < floor - EQUAL) & (problem.demand > 0))[0]
        if not len(low):
            return Lifted(assigned, float(sums[problem.demand > 0].min()), weights)
        price = solved.prices.experts / step
        # the poorest choose first: the others have somewhere to go
        for dossier in low[np.argsort(choice[low], kind="stable")]:
            reached = state.take(int(dossier), price)
            if isinstance(reached, TooHigh):
                return reached
            weights[dossier] = reached
        rest = state.rest()
        again = None if rest is None else solve(rest, gains[state.open])
        if again is None:
            return TooHigh(-np.inf)
        solved = again
        assigned = state.held.copy()
        assigned[np.nonzero(state.open)[0][solved.assigned]] = True
    return TooHigh(-np.inf)


class _Places:
    """What dossiers hold, what they may still get, and what room is left with each expert."""

    def __init__(self, problem: Problem, floor: float) -> None:
        self.problem, self.floor = problem, floor
        self.room, self.demand = problem.load_max.copy(), problem.demand.copy()
        self.held = np.zeros(problem.pair_count, dtype=bool)
        self.open = np.ones(problem.pair_count, dtype=bool)

    def take(self, dossier: int, price: Floats) -> float | TooHigh:
        """Make sure that a dossier reaches the floor, as cheaply as can be; returns the weight that it needed.

        Of its cheapest set it holds the best experts, as few as will do: the others may be any that are good enough beside them.
        """
        row = slice(int(self.problem.starts[dossier]), int(self.problem.starts[dossier + 1]))
        own, need = self.problem.affinity[row], int(self.demand[dossier])
        groups = None if self.problem.groups is None else self.problem.groups[self.problem.experts[row]]
        found, weight = self._cheapest(row, need, groups, price)
        if weight is None:
            return TooHigh(float(own[found].sum()) if len(found) == need else -np.inf)
        found = found[np.argsort(-own[found], kind="stable")]
        for held in range(need):
            least = (self.floor - own[found[:held]].sum()) / (need - held)
            if own[found[-1]] >= least - EQUAL / need:
                break
        first = found[:held]
        self.held[row.start + first] = True
        self.room[self.problem.experts[row][first]] -= 1
        self.demand[dossier] -= held
        may = own >= least - EQUAL / need
        may[first] = False
        if groups is not None:
            may &= ~((groups >= 0) & np.isin(groups, groups[first]))
        self.open[row] = may
        return weight

    def _cheapest(self, row: slice, need: int, groups: Ints | None, price: Floats) -> tuple[Ints, float | None]:
        """The cheapest set that reaches the floor and its weight; the best set of all and None where even that does not."""
        experts, own = self.problem.experts[row], self.problem.affinity[row]
        there = self.room[experts] > 0
        found = _top(np.where(there, own, -np.inf), need, groups)
        if len(found) < need or own[found].sum() < self.floor - EQUAL:
            return found, None
        light, heavy = 1.0, _HEAVIEST
        for _ in range(_HALVINGS):
            weight = (light + heavy) / 2
            tried = _top(np.where(there, weight * own - price[experts], -np.inf), need, groups)
            if own[tried].sum() >= self.floor - EQUAL:
                heavy, found = weight, tried
            else:
                light = weight
        return found, heavy

    def rest(self) -> Problem | None:
        """The problem that is left; None where an expert's places no longer allow it."""
        used = self.problem.load_max - self.room
        if (self.room < 0).any():
            return None
        return replace(
            self.problem.only(self.open),
            demand=self.demand,
            load_max=self.room,
            load_min=np.maximum(self.problem.load_min - used, 0),
        )


def _top(score: Floats, count: int, groups: Ints | None) -> Ints:
    """The indices of the `count` best finite scores, equal ones in order; at most one of a group."""
    order = np.argsort(-score, kind="stable")
    order = order[np.isfinite(score[order])]
    if groups is None:
        return order[:count]
    return np.fromiter(_one_of_each(order, groups, count), dtype=np.int64)


def _one_of_each(order: Ints, groups: Ints, count: int) -> Iterator[int]:
    seen: set[int] = set()
    for index in order:
        if count == 0:
            return
        group = int(groups[index])
        if group < 0 or group not in seen:
            seen.add(group)
            count -= 1
            yield int(index)
