"""What others do with the same problem: the plain flow, HiGHS' linear program, and OpenReview's solvers where their code is at hand.

OpenReview's matcher is no package; `JIANGBANG_BENCH_MATCHER` names a checkout of github.com/openreview/openreview-matcher. What
does not install here is quoted from ../shared/peers.md, where it was measured on a machine of the same kind.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from ortools.graph.python import min_cost_flow
from scipy.optimize import linprog

from jiangbang.kernel.assignment import Problem

MATCHER = os.environ.get("JIANGBANG_BENCH_MATCHER", "")
OPENREVIEW = {
    "OpenReview MinMax": "MinMaxSolver",
    "OpenReview FairFlow": "FairFlow",
    "OpenReview FairSequence": "FairSequence",
}
FILES = {"MinMaxSolver": "minmax_solver", "FairFlow": "fairflow", "FairSequence": "fairsequence"}
# peers.md: (sum, worst-served dossier, seconds) by set; "exact" is its integer program, max-min first
QUOTED: dict[str, dict[str, tuple[float, float, float]]] = {
    "MIDL 118 × 177, load ≤ 4": {"HotCRP's flow": (201.885, 0.903, 0.35), "exact": (201.769, 0.9448, 0.7)},
    "MIDL 118 × 177, load 2–4": {"exact": (141.959, 0.9448, float("nan"))},
    "AAMAS16 442 × 161, load ≤ 12": {"HotCRP's flow": (949.5, 0.75, 2.6), "exact": (949.25, 1.0, 1.2)},
    "gold TPMS 463 × 58, load 18–26": {"HotCRP's flow": (145.256, 0.140, 0.49), "exact": (145.226, 0.1749, 2.7)},
    "10,000 × 1,000, another draw": {
        "OpenReview MinMax": (16930, 0.644, 184),
        "HotCRP's flow": (float("nan"), float("nan"), 94),
    },
}
# Integer costs in the plain flow: as fine as OpenReview's.
_COST = 1_000_000


def peers(name: str) -> dict[str, Callable[[Problem], np.ndarray]]:
    """What can be run here on this set: each takes the problem and gives one truth value per pair."""
    found: dict[str, Callable[[Problem], np.ndarray]] = {"OR-Tools flow": plain_flow}
    if "," not in name.split()[0]:
        found["HiGHS linear program"] = linear_program
        if MATCHER:
            found |= {label: _openreview(solver) for label, solver in OPENREVIEW.items()}
    return found


def plain_flow(problem: Problem) -> np.ndarray:
    """The flow as the manual of OR-Tools writes it, minimum loads by a second arc of large negative cost."""
    pairs, dossiers, experts = problem.pair_count, problem.dossier_count, problem.expert_count
    source, sink = dossiers + experts, dossiers + experts + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    cost = -np.rint(problem.affinity * _COST).astype(np.int64)
    everyone, all_dossiers = np.arange(dossiers, source, dtype=np.int32), np.arange(dossiers, dtype=np.int32)
    solver.add_arcs_with_capacity_and_unit_cost(
        problem.dossiers(), problem.experts + np.int32(dossiers), np.ones(pairs, np.int64), cost
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.full(dossiers, source, np.int32), all_dossiers, problem.demand, np.zeros(dossiers, np.int64)
    )
    to_sink = np.full(experts, sink, np.int32)
    large = np.full(experts, -1000 * _COST, np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(everyone, to_sink, problem.load_min, large)
    solver.add_arcs_with_capacity_and_unit_cost(everyone, to_sink, problem.load_max - problem.load_min, 0 * large)
    solver.set_node_supply(source, problem.units)
    solver.set_node_supply(sink, -problem.units)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("the plain flow found no assignment")
    return np.asarray(solver.flows(np.arange(pairs, dtype=np.int32))) > 0


def linear_program(problem: Problem) -> np.ndarray:
    """HiGHS through scipy; its vertices are whole."""
    ones, columns = np.ones(problem.pair_count), np.arange(problem.pair_count)
    demands = sp.csr_matrix((ones, columns, problem.starts), (problem.dossier_count, problem.pair_count))
    loads = sp.csr_matrix((ones, (problem.experts, columns)), (problem.expert_count, problem.pair_count))
    answer = linprog(
        -problem.affinity,
        A_eq=demands,
        b_eq=problem.demand,
        A_ub=sp.vstack([loads, -loads]),
        b_ub=np.concatenate((problem.load_max, -problem.load_min)),
        bounds=(0, 1),
    )
    taken: np.ndarray = answer.x > 0.5
    return taken


def _openreview(solver: str) -> Callable[[Problem], np.ndarray]:
    folder = Path(MATCHER) / "matcher" / "solvers"
    # the package's own __init__ asks for a commercial solver: only the module that is measured is loaded
    package = types.ModuleType("openreview_solvers")
    package.__path__ = [str(folder)]
    sys.modules["openreview_solvers"] = package
    made = getattr(importlib.import_module(f"openreview_solvers.{FILES[solver]}"), solver)

    def run(problem: Problem) -> np.ndarray:
        matrix = np.zeros((problem.dossier_count, problem.expert_count))
        matrix[problem.dossiers(), problem.experts] = problem.affinity
        encoder = types.SimpleNamespace(
            aggregate_score_matrix=matrix,
            cost_matrix=-100 * matrix,
            constraint_matrix=np.zeros(matrix.shape, dtype=int),
        )
        quiet = logging.getLogger("openreview")
        quiet.setLevel(logging.CRITICAL)
        arguments: list[Any] = [problem.load_min.tolist(), problem.load_max.tolist(), problem.demand.tolist(), encoder]
        flow = np.asarray(made(*arguments, allow_zero_score_assignments=True, logger=quiet).solve())
        flow = flow if flow.shape == matrix.shape else flow.T
        taken: np.ndarray = flow[problem.dossiers(), problem.experts] > 0.5
        return taken

    return run
