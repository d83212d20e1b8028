"""The assignment as a minimum-cost flow, solved by OR-Tools' cost scaling on integers.

    dossier (supply: demand) ──1──▶ expert ──load──▶ sink
    dossier ──1──▶ group of experts on this dossier ──1──▶ expert

A conflict is an arc that is not there. A minimum load is a demand of the expert's own node; what goes beyond it flows on to the
sink. A matrix of such a network is totally unimodular: the best flow is whole, and its prices prove it (`certificate`).

Source: Goldberg & Tarjan, cost-scaling push-relabel (Mathematics of Operations Research 15, 1990), as in OR-Tools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from jiangbang.kernel.assignment.problem import Ints, Mask, Problem

# Affinities become integers by a power of two: up to this many steps to one.
FINEST_STEP: Final = 2**24
# OR-Tools multiplies costs by the number of nodes, and a price adds up along a path.
COST_ROOM: Final = 2**60


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Which pairs of one dossier exclude each other: `of_pair` numbers the group node of each pair, −1 where the pair stands alone."""

    of_pair: NDArray[np.int32]
    dossiers: NDArray[np.int32]

    @property
    def count(self) -> int:
        return len(self.dossiers)


def blocks_of(problem: Problem) -> Blocks:
    """One block per dossier and group of which the dossier has two or more possible experts."""
    of_pair = np.full(problem.pair_count, -1, dtype=np.int32)
    if problem.groups is None or not problem.pair_count:
        return Blocks(of_pair, np.zeros(0, dtype=np.int32))
    groups = problem.groups[problem.experts]
    at = np.nonzero(groups >= 0)[0]
    keys = np.stack((problem.dossiers()[at].astype(np.int64), groups[at]), axis=1)
    distinct, number, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    shared = counts >= 2
    renumbered = np.where(shared, np.cumsum(shared) - 1, -1)
    of_pair[at] = renumbered[number.reshape(-1)]
    return Blocks(of_pair, distinct[shared, 0].astype(np.int32))


def step_of(problem: Problem, most_weight: float = 1.0) -> int:
    """How many integer steps one unit of affinity has: a power of two, as fine as the solver's 64 bits allow."""
    nodes = problem.dossier_count * 2 + problem.expert_count + 2
    largest = max(1e-9, float(np.abs(problem.affinity).max(initial=0.0)) * most_weight)
    room = COST_ROOM / (nodes * largest * 4)
    return int(2 ** np.floor(np.log2(min(FINEST_STEP, max(room, 1.0)))))


def scaled(problem: Problem, step: int, weights: NDArray[np.float64] | None = None) -> Ints:
    """Affinities (times the weight of their dossier) as integers, `step` to one; each is off by at most half a step."""
    values = problem.affinity if weights is None else problem.affinity * np.repeat(weights, np.diff(problem.starts))
    return np.rint(values * step).astype(np.int64)


def best_flow(problem: Problem, gains: Ints, *, copies: int = 1, pair_limit: int = 1) -> Ints | None:
    """The flow of the largest total gain, per pair; None where there is none.

    `gains` is one integer per pair. Demands and loads are multiplied by `copies`, each pair carries at most `pair_limit`, a group on
    a dossier at most `copies`.
    """
    blocks = blocks_of(problem)
    pairs, dossiers, experts = problem.pair_count, problem.dossier_count, problem.expert_count
    sink = dossiers + experts
    first_block = sink + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    tails = problem.dossiers()
    if blocks.count:
        tails = np.where(blocks.of_pair >= 0, first_block + blocks.of_pair, tails).astype(np.int32)
    # fewer digits, fewer phases: bids in quarters need two bits, not twenty-four
    costs = -gains // max(1, int(np.gcd.reduce(gains, initial=0)))
    limits = np.full(pairs, pair_limit, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(tails, problem.experts + np.int32(dossiers), limits, costs)
    nodes = np.arange(dossiers, sink, dtype=np.int32)
    spare = (problem.load_max - problem.load_min) * copies
    nothing = np.zeros(max(experts, blocks.count), dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(nodes, np.full(experts, sink, dtype=np.int32), spare, nothing[:experts])
    if blocks.count:
        heads = np.arange(first_block, first_block + blocks.count, dtype=np.int32)
        room = np.full(blocks.count, copies, dtype=np.int64)
        solver.add_arcs_with_capacity_and_unit_cost(blocks.dossiers, heads, room, nothing[: blocks.count])
    beyond = problem.units - int(problem.load_min.sum())
    supplies = np.concatenate((problem.demand, -problem.load_min, [-beyond], nothing[: blocks.count])) * copies
    solver.set_nodes_supplies(np.arange(len(supplies), dtype=np.int32), supplies)
    if beyond < 0 or solver.solve() != solver.OPTIMAL:
        return None
    return np.asarray(solver.flows(np.arange(pairs, dtype=np.int32)), dtype=np.int64)


def chosen(problem: Problem, gains: Ints) -> Mask | None:
    """The pairs of the assignment of the largest total gain; None where there is none."""
    flow = best_flow(problem, gains)
    return None if flow is None else flow > 0
