"""An assignment by lot, in which no pair is more likely than a bound: nobody can be sure to get the dossier that they were paid
for.

The best distribution under the bound is a flow in parts of 1/2ᵏ. It is drawn by halving k times: pairs with an odd number of
parts form cycles, and along each short cycle one seeded coin decides which way the half goes. Every likelihood stays exactly
what it was, and demands, loads and groups hold in every outcome.

Sources: Jecmen and others, Mitigating manipulation in peer review via randomized reviewer assignments (NeurIPS 2020), for the
bound; Gandhi and others, Dependent rounding (Journal of the ACM 53, 2006), for the cycles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiangbang.kernel import chance
from jiangbang.kernel.assignment.network import best_flow, blocks_of
from jiangbang.kernel.assignment.problem import Floats, Ints, Mask, Problem

# A bound is kept to 1/2¹⁰; what it is beyond that is rounded down.
FINEST: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Lottery:
    """How likely each pair is (a multiple of 2⁻ᵏ, never above the bound) and the assignment that was drawn."""

    likelihood: Floats
    assigned: Mask


def lottery(problem: Problem, gains: Ints, at_most: float, seed: int) -> Lottery | None:
    """Draw from the distribution of the largest expected gain in which no pair is likelier than `at_most` (0 < at_most ≤ 1).

    None where there is none: with q = 1/3 each dossier needs three times its demand in candidates, and the experts the room.
    """
    if not 0 < at_most <= 1:
        raise ValueError("a likelihood lies above 0 and at most at 1")
    halvings = next((k for k in range(FINEST) if at_most * 2**k == int(at_most * 2**k)), FINEST)
    copies = 2**halvings
    limit = int(at_most * copies)
    parts = best_flow(problem, gains, copies=copies, pair_limit=limit) if limit else None
    if parts is None:
        return None
    drawn = parts.copy()
    for halving in range(halvings):
        drawn = _halved(problem, drawn, seed, halving)
    return Lottery(parts / copies, drawn > 0)


def _halved(problem: Problem, parts: Ints, seed: int, halving: int) -> Ints:
    """Half of everything; odd parts go up or down along cycles, so that every sum that was even is halved exactly."""
    edges = _odd_edges(problem, parts)
    change = np.zeros(edges.total, dtype=np.int64)
    cycles = list(_cycles(edges))
    for cycle, coin in zip(cycles, chance.coins(seed, f"halving {halving}", len(cycles)), strict=True):
        sign = 1 if coin else -1
        for edge, forward in cycle:
            change[edge] = sign if forward else -sign
    return (parts + change[: problem.pair_count]) // 2


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges with an odd number of parts: number, tail, head. Numbers below the count of pairs are pairs."""

    numbers: Ints
    tails: Ints
    heads: Ints
    total: int


def _odd_edges(problem: Problem, parts: Ints) -> _Edges:
    blocks = blocks_of(problem)
    dossiers, experts, pairs = problem.dossier_count, problem.expert_count, problem.pair_count
    sink = dossiers + experts
    tails = np.where(blocks.of_pair >= 0, sink + 1 + blocks.of_pair, problem.dossiers()).astype(np.int64)
    load = np.bincount(problem.experts, weights=parts, minlength=experts).astype(np.int64)
    inside = blocks.of_pair >= 0
    shared = np.bincount(blocks.of_pair[inside], weights=parts[inside], minlength=blocks.count).astype(np.int64)
    flow = np.concatenate((parts, load, shared))
    all_tails = np.concatenate((tails, dossiers + np.arange(experts), blocks.dossiers.astype(np.int64)))
    all_heads = np.concatenate((dossiers + problem.experts, np.full(experts, sink), sink + 1 + np.arange(blocks.count)))
    odd = np.nonzero(flow % 2)[0]
    return _Edges(odd, all_tails[odd], all_heads[odd], pairs + experts + blocks.count)


def _cycles(edges: _Edges) -> Iterator[list[tuple[int, bool]]]:
    """Every edge once, in cycles that visit no node twice: one long trail with one coin would leave but two outcomes."""
    at: dict[int, list[int]] = {}
    for index, (tail, head) in enumerate(zip(edges.tails.tolist(), edges.heads.tolist(), strict=True)):
        at.setdefault(tail, []).append(index)
        at.setdefault(head, []).append(index)
    tails, heads, numbers = edges.tails.tolist(), edges.heads.tolist(), edges.numbers.tolist()
    used = [False] * len(numbers)
    for start in range(len(numbers)):
        if used[start]:
            continue
        node, trail, place = tails[start], [], {tails[start]: 0}
        while True:
            edge = _unused(at[node], used)
            if edge is None:
                break
            used[edge] = True
            forward = tails[edge] == node
            trail.append((numbers[edge], forward))
            node = heads[edge] if forward else tails[edge]
            if node in place:
                cut = place[node]
                yield trail[cut:]
                place = {key: value for key, value in place.items() if value <= cut}
                trail = trail[:cut]
            else:
                place[node] = len(trail)
        assert not trail, "every node has an even number of odd edges"


def _unused(edges: list[int], used: list[bool]) -> int | None:
    while edges and used[edges[-1]]:
        edges.pop()
    return edges.pop() if edges else None
