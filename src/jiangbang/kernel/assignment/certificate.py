"""Proof that no assignment is better: one price per expert and one per dossier.

An expert's price is what one place with that expert is worth, a dossier's price what one expert less would save it. For any
prices, every assignment is worth at most

    Σ demand·u + Σ (load_max·v⁺ − load_min·v⁻) + Σ over pairs (a − u − v)⁺        (a group on a dossier counts only its largest term)

by weak duality of linear programming; where an assignment reaches that bound, nothing is better. Whoever doubts the solver adds
up this line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jiangbang.kernel.assignment.network import blocks_of
from jiangbang.kernel.assignment.problem import Ints, Mask, Problem

_FAR: Final = 2**61


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Integer prices: `dossiers` (u) and `experts` (v), in steps of the scaled affinities."""

    dossiers: Ints
    experts: Ints


def prices_of(problem: Problem, gains: Ints, assigned: Mask, start: Ints | None = None) -> Prices | None:
    """Prices under which this assignment is the best one; None where a better one exists (the prices sink without end).

    Shortest paths by rounds of Bellman and Ford over experts: who gives up a place takes the next best of the same dossier. A round costs
    one pass over the pairs; some tens of rounds are usual. `start` are prices known to be too high.
    """
    experts, pairs = problem.experts, np.nonzero(assigned)[0]
    load = np.bincount(experts[pairs], minlength=problem.expert_count)
    span = int(gains.max(initial=0) - gains.min(initial=0)) + 1
    price = np.where(load < problem.load_max, 0, span * (problem.expert_count + 1)).astype(np.int64)
    if start is not None:
        price = np.minimum(price, start)
    floor = -span * (problem.expert_count + 1)
    dossier = problem.dossiers()[pairs]
    swaps = _swaps(problem, assigned)
    free, bounds = swaps.free, swaps.bounds
    filled = np.nonzero(np.diff(bounds) > 0)[0]
    cheapest = np.full(problem.dossier_count, _FAR, dtype=np.int64)
    free_experts, free_gains = experts[free], gains[free]
    place_expert, place_gain = experts[pairs], gains[pairs]
    while True:
        if len(free):
            cheapest[filled] = np.minimum.reduceat(price[free_experts] - free_gains, bounds[:-1][filled])
        offer = cheapest[dossier] + place_gain
        if len(swaps.inside):
            within = price[experts[swaps.inside]] - gains[swaps.inside] + gains[swaps.partner]
            offer_of = np.full(problem.pair_count, _FAR, dtype=np.int64)
            np.minimum.at(offer_of, swaps.partner, within)
            offer = np.minimum(offer, offer_of[pairs])
        lower = price.copy()
        np.minimum.at(lower, place_expert, offer)
        if np.array_equal(lower, price):
            break
        price = lower
        if price.min() < floor:
            return None
    return _with_dossiers(problem, gains, price, filled, cheapest, pairs)


def _with_dossiers(problem: Problem, gains: Ints, price: Ints, filled: Ints, cheapest: Ints, pairs: Ints) -> Prices:
    """A dossier's price is what its best expert not taken would bring; where none is left, what its worst place brings."""
    dossiers = np.zeros(problem.dossier_count, dtype=np.int64)
    worst = np.full(problem.dossier_count, _FAR, dtype=np.int64)
    np.minimum.at(worst, problem.dossiers()[pairs], gains[pairs] - price[problem.experts[pairs]])
    dossiers[:] = np.where(worst < _FAR, worst, 0)
    dossiers[filled] = np.minimum(-cheapest[filled], np.where(worst[filled] < _FAR, worst[filled], -cheapest[filled]))
    return Prices(dossiers, price)


@dataclass(frozen=True, slots=True, eq=False)
class _Swaps:
    """What may take the place of what: `free` pairs for any place of their dossier, `inside` pairs only for their `partner`."""

    free: Ints
    bounds: Ints
    inside: Ints
    partner: Ints


def _swaps(problem: Problem, assigned: Mask) -> _Swaps:
    """Pairs not taken, split by whether their group already sits on the dossier: then only its own member may be swapped."""
    blocks = blocks_of(problem)
    blocked = np.zeros(problem.pair_count, dtype=bool)
    partner_of = np.full(blocks.count + 1, -1, dtype=np.int64)
    if blocks.count:
        taken = np.nonzero(assigned & (blocks.of_pair >= 0))[0]
        partner_of[blocks.of_pair[taken]] = taken
        blocked = (blocks.of_pair >= 0) & (partner_of[blocks.of_pair] >= 0)
    free_mask = ~assigned & ~blocked
    counts = np.concatenate(([0], np.cumsum(free_mask)))
    inside = np.nonzero(~assigned & blocked)[0]
    return _Swaps(np.nonzero(free_mask)[0], counts[problem.starts], inside, partner_of[blocks.of_pair[inside]])


def upper_bound(problem: Problem, gains: Ints, prices: Prices) -> int:
    """What no assignment can exceed, in steps: the line above."""
    u, v = prices.dossiers, prices.experts
    over = np.maximum(gains - np.repeat(u, np.diff(problem.starts)) - v[problem.experts], 0)
    blocks = blocks_of(problem)
    total = int(over[blocks.of_pair < 0].sum())
    if blocks.count:
        largest = np.zeros(blocks.count, dtype=np.int64)
        inside = blocks.of_pair >= 0
        np.maximum.at(largest, blocks.of_pair[inside], over[inside])
        total += int(largest.sum())
    total += sum(int(need) * int(price) for need, price in zip(problem.demand, u, strict=True))
    loads = np.where(v >= 0, problem.load_max, problem.load_min)
    return total + sum(int(load) * int(price) for load, price in zip(loads, v, strict=True))
