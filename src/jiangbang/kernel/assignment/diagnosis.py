"""Why there is no assignment: which dossiers, which experts, how many places short.

A shortage is a witness by Hall's theorem, read from a minimum cut: these dossiers need more places than the experts open to
them have, whatever is done elsewhere. Demands and minimum loads may be looked at apart: where each can be met alone, both can
be met together (Mendelsohn & Dulmage, Canadian Journal of Mathematics 10, 1958; for flows by Hoffman's circulation theorem).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from ortools.graph.python import max_flow
from scipy.sparse.csgraph import connected_components

from jiangbang.kernel.assignment.network import blocks_of
from jiangbang.kernel.assignment.problem import Ints, Mask, Problem


@dataclass(frozen=True, slots=True)
class Shortage:
    """A part of the problem that cannot be solved.

    kind "experts": `dossiers` need `needed` places, and there are `available`: all of `experts` (who serve no other of use) and single
    pairs elsewhere. kind "dossiers": `experts` must have `needed` dossiers, and only `available` places of theirs can be filled;
    `dossiers` are those that they fill up.
    """

    kind: Literal["experts", "dossiers"]
    dossiers: tuple[int, ...]
    experts: tuple[int, ...]
    needed: int
    available: int

    @property
    def short(self) -> int:
        return self.needed - self.available


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """Every independent shortage, the largest first; empty where there is an assignment."""
    found = [*_shortages(problem, "experts"), *_shortages(problem, "dossiers")]
    return tuple(sorted(found, key=lambda one: (-one.short, one.dossiers, one.experts)))


@dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """The network from those who need to those who have: left = needing side, right = serving side, middle = group nodes."""

    tails: Ints
    heads: Ints
    left: int
    right: int
    need: Ints
    room: Ints


def _shortages(problem: Problem, kind: Literal["experts", "dossiers"]) -> list[Shortage]:
    arcs = _arcs(problem, kind)
    side = _source_side(arcs)
    if side is None:
        return []
    owner = np.nonzero(side[: arcs.left])[0]
    crossing = side[arcs.tails] & ~side[arcs.heads]
    inner = side[arcs.tails] & side[arcs.heads]
    nodes = len(side)
    links = sp.coo_matrix((np.ones(int(inner.sum())), (arcs.tails[inner], arcs.heads[inner])), shape=(nodes, nodes))
    parts = connected_components(links, directed=False)[1]
    singles = np.bincount(parts[arcs.tails[crossing]], minlength=nodes)
    room = np.zeros(nodes, dtype=np.int64)
    serving = np.arange(arcs.left, arcs.left + arcs.right)
    inside = serving[side[serving]]
    np.add.at(room, parts[inside], arcs.room[inside - arcs.left])
    need = np.zeros(nodes, dtype=np.int64)
    np.add.at(need, parts[owner], arcs.need[owner])
    available = room + singles
    return [
        _shortage(
            kind,
            owner[parts[owner] == part],
            inside[parts[inside] == part] - arcs.left,
            int(need[part]),
            int(available[part]),
        )
        for part in np.unique(parts[owner])
        if need[part] > available[part]
    ]


def _shortage(kind: Literal["experts", "dossiers"], left: Ints, right: Ints, needed: int, available: int) -> Shortage:
    mine, others = tuple(int(one) for one in left), tuple(int(one) for one in right)
    if kind == "experts":
        return Shortage(kind, mine, others, needed, available)
    return Shortage(kind, others, mine, needed, available)


def _arcs(problem: Problem, kind: Literal["experts", "dossiers"]) -> _Arcs:
    blocks = blocks_of(problem)
    dossiers, experts = problem.dossiers().astype(np.int64), problem.experts.astype(np.int64)
    owners = blocks.dossiers.astype(np.int64)
    numbers = blocks.of_pair.astype(np.int64)
    middle = problem.dossier_count + problem.expert_count
    grouped = numbers >= 0
    groups = middle + np.arange(blocks.count, dtype=np.int64)
    if kind == "experts":
        near, far = np.where(grouped, middle + numbers, dossiers), experts + problem.dossier_count
        tails, heads = np.concatenate((near, owners)), np.concatenate((far, groups))
        return _Arcs(tails, heads, problem.dossier_count, problem.expert_count, problem.demand, problem.load_max)
    near, far = experts, np.where(grouped, middle + numbers, dossiers + problem.expert_count)
    tails, heads = np.concatenate((near, groups)), np.concatenate((far, owners + problem.expert_count))
    return _Arcs(tails, heads, problem.expert_count, problem.dossier_count, problem.load_min, problem.demand)


def _source_side(arcs: _Arcs) -> Mask | None:
    """The nodes on the source's side of the smallest cut nearest to it; None where the whole need can be met."""
    middle = int(max(arcs.tails.max(initial=0), arcs.heads.max(initial=0), arcs.left + arcs.right - 1)) + 1
    source, sink = middle, middle + 1
    solver = max_flow.SimpleMaxFlow()
    left = np.arange(arcs.left, dtype=np.int32)
    right = np.arange(arcs.left, arcs.left + arcs.right, dtype=np.int32)
    _add(solver, np.full(arcs.left, source), left, arcs.need)
    _add(solver, arcs.tails, arcs.heads, np.ones(len(arcs.tails), dtype=np.int64))
    _add(solver, right, np.full(arcs.right, sink), arcs.room)
    if not arcs.need.any():
        return None
    status = solver.solve(source, sink)
    assert status == solver.OPTIMAL, "demands and loads are bounded"
    if solver.optimal_flow() == int(arcs.need.sum()):
        return None
    side = np.zeros(middle + 2, dtype=bool)
    side[np.asarray(solver.get_source_side_min_cut(), dtype=np.int64)] = True
    return side[:middle]


def _add(solver: max_flow.SimpleMaxFlow, tails: NDArray[np.integer], heads: NDArray[np.integer], room: Ints) -> None:
    solver.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), room)
