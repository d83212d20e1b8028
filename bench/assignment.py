"""Assignment: sum, worst-served dossier, time and memory; HiGHS' linear program in the same run.

Every measurement is a process of its own, so that its peak of memory is its own. Seconds are wall time; `cpu_s` is what the
process itself computed, which a busy machine disturbs less. Large problems: JIANGBANG_BENCH_LARGE=1 adds 100,000 × 5,000.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np

from bench._assignment_sets import published, synthetic
from jiangbang.kernel.assignment import Aim, Problem, assign, assign_by_lot

SIZES = {"10,000 × 1,000": (10_000, 1_000), "100,000 × 5,000": (100_000, 5_000)}
# peers.md: seconds for the exact sum and for the fair answer
TARGETS = {"10,000 × 1,000": (1.0, 4.0), "100,000 × 5,000": (12.0, 90.0)}


def run() -> dict[str, Any]:
    """One row per set and method."""
    names = [*published(), "10,000 × 1,000"]
    if os.environ.get("JIANGBANG_BENCH_LARGE") == "1":
        names.append("100,000 × 5,000")
    rows = []
    for name in names:
        for method in ("sum", "fair", "lot", "linprog") if name not in SIZES else ("sum", "fair"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.assignment", name, method], capture_output=True, text=True, check=True
            )
            rows.append({"set": name, "method": method, **json.loads(done.stdout)})
    return {"rows": rows, "targets_s": {name: {"sum": one, "fair": other} for name, (one, other) in TARGETS.items()}}


def measured(name: str, method: str) -> dict[str, Any]:
    """One method on one set, in this process."""
    problem = synthetic(*SIZES[name]) if name in SIZES else published()[name]
    before, wall, cpu = _peak(), time.perf_counter(), time.process_time()
    values = {"sum": _linprog(problem)} if method == "linprog" else _ours(problem, method)
    return {
        **values,
        "s": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "peak_mb": _peak(),
        "input_mb": before,
    }


def _ours(problem: Problem, method: str) -> dict[str, Any]:
    if method == "lot":
        found = assign_by_lot(problem, at_most=0.5, seed=1)
    else:
        aim: Aim = "fair" if method == "fair" else "sum"
        found = assign(problem, aim=aim)
    return {
        "sum": round(found.objective, 3),
        "of_bound": round(found.objective / found.proof.bound, 6),
        "worst": round(found.min_dossier_affinity, 4),
        "proven": found.optimal,
    }


def _linprog(problem: Problem) -> float:
    import scipy.sparse as sp
    from scipy.optimize import linprog

    ones, columns = np.ones(problem.pair_count), np.arange(problem.pair_count)
    demands = sp.csr_matrix((ones, columns, problem.starts), (problem.dossier_count, problem.pair_count))
    loads = sp.csr_matrix((ones, (problem.experts, columns)), (problem.expert_count, problem.pair_count))
    answer = linprog(
        -problem.affinity, A_eq=demands, b_eq=problem.demand, A_ub=loads, b_ub=problem.load_max, bounds=(0, 1)
    )
    return round(-float(answer.fun), 3)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2])))
