"""Assignment: sum, worst-served dossier, time and memory; peers in the same run.

Every measurement is a process of its own, so that its peak of memory is its own; of a published set it is the best of three there
(OpenReview's, which take long, and MIDL with minimum loads: of one). `s` is wall time; `cpu_s` is what the process itself
computed, which a busy machine disturbs less: targets are held against it. `slowest_seed_cpu_s` is the slowest of seeds 0 to 7.
Large problems: JIANGBANG_BENCH_LARGE=1 adds 100,000 × 5,000.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench._assignment_peers import QUOTED, peers
from bench._assignment_sets import published, synthetic
from jiangbang.kernel.assignment import Assignment, Problem, assign, assign_by_lot

SIZES = {"10,000 × 1,000": (10_000, 1_000), "100,000 × 5,000": (100_000, 5_000)}
# peers.md: least sum, worst-served dossier, most seconds for the fair answer
EXACT = {
    "MIDL 118 × 177, load ≤ 4": (201.769, 0.9448, 0.2),
    "MIDL 118 × 177, load 2–4": (141.959, 0.9448, math.inf),
    "AAMAS16 442 × 161, load ≤ 12": (949.25, 1.0, 1.0),
    "gold TPMS 463 × 58, load 18–26": (145.226, 0.1749, math.inf),
}
# peers.md: most seconds and MB for the exact sum and the fair answer, least part of the largest sum
LARGE = {
    ("10,000 × 1,000", "sum"): (1.0, math.inf, 1.0),
    ("10,000 × 1,000", "fair"): (4.0, 250, 0.9998),
    ("100,000 × 5,000", "sum"): (12.0, 1300, 1.0),
    ("100,000 × 5,000", "fair"): (90.0, 1500, 0.9997),
}
VERIFIER = Path(__file__).resolve().parents[1] / "docs" / "verify_assignment.py"
# Sum and bound may differ by what rounding affinities to integers can hide.
SCALE = 1e-3
TIMES = 3
SEEDS = range(8)
SECONDS = 900


def run() -> dict[str, Any]:
    """One row per set and method, what is quoted, and each target with what was measured."""
    names = [*published(), "10,000 × 1,000"]
    if os.environ.get("JIANGBANG_BENCH_LARGE") == "1":
        names.append("100,000 × 5,000")
    rows = []
    for name in names:
        ours = ("fair", "sum") if name in SIZES else ("fair", "sum", "lot, q = .5")
        for method in (*ours, *peers(name)):
            rows.append({"set": name, "method": method, **_apart(name, method)})
    seeds = [{"set": name, **_apart(name, "seeds")} for name in EXACT if name in names and EXACT[name][2] < math.inf]
    proofs = [certified(name, aim) for name in EXACT if name in names and "2–4" not in name for aim in ("sum", "fair")]
    return {
        "rows": rows,
        "seeds": seeds,
        "certificates": proofs,
        "quoted": quoted(),
        "targets": targets(rows, seeds, proofs),
    }


def certified(name: str, aim: str) -> dict[str, Any]:
    """What the independent program makes of the command's certificate: the sum and the bound that it adds up by itself."""
    problem = published()[name]
    arrays = {
        "indptr": problem.starts,
        "indices": problem.experts,
        "data": problem.affinity,
        "shape": np.array([problem.dossier_count, problem.expert_count]),
        "demand": problem.demand,
        "load_min": problem.load_min,
        "load_max": problem.load_max,
    }
    with tempfile.TemporaryDirectory() as folder:
        source, out, proof = (str(Path(folder) / each) for each in ("input.npz", "out.csv", "certificate.json"))
        np.savez(source, **arrays)
        command = [str(Path(sys.executable).parent / "jiangbang"), "assign", source, "-o", out, "--aim", aim]
        subprocess.run([*command, "--certificate", proof], capture_output=True, check=True)
        done = subprocess.run(
            [sys.executable, "-I", VERIFIER, source, out, proof], capture_output=True, text=True, check=False
        )
    reached, bound = (float(number) for number in re.findall(r"\d[\d.e+]*", done.stdout)[:2])
    return {
        "set": name,
        "aim": aim,
        "sum": reached,
        "bound": bound,
        "rules_kept": "yes" if done.returncode == 0 else "no",
    }


def quoted() -> list[dict[str, Any]]:
    """Peers that were not run here, as peers.md gives them."""
    return [
        {
            "set": name,
            "method": method,
            **{key: _known(value) for key, value in zip(("sum", "worst", "s"), values, strict=True)},
        }
        for name, methods in QUOTED.items()
        for method, values in methods.items()
    ]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def targets(
    rows: list[dict[str, Any]], seeds: list[dict[str, Any]], proofs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each target beside what was measured."""
    found = {(row["set"], row["method"]): row for row in rows}
    lines = []
    for name, (total, worst, seconds) in EXACT.items():
        if row := found.get((name, "fair")):
            met = round(row["sum"], 3) >= total and round(row["worst"], 4) >= worst and row["cpu_s"] <= seconds
            wanted = f"{total} / {worst}" + ("" if seconds == math.inf else f" in {seconds:g} s")
            lines.append(_line(name, "fair", wanted, f"{row['sum']} / {row['worst']} in {row['cpu_s']} s", met))
    for (name, method), (seconds, memory, part) in LARGE.items():
        if row := found.get((name, method)):
            reached = row["sum"] / found[name, "sum"]["sum"]
            met = row["cpu_s"] <= seconds and row["peak_mb"] <= memory and reached >= part
            wanted = f"{part:.2%} of the largest in {seconds:g} s" + ("" if memory == math.inf else f", {memory} MB")
            lines.append(
                _line(
                    name,
                    method,
                    wanted,
                    f"{reached:.4%}, worst {row['worst']}, {row['cpu_s']} s, {row['peak_mb']} MB",
                    met,
                )
            )
    for row in seeds:
        limit, slowest = EXACT[row["set"]][2], row["slowest_seed_cpu_s"]
        met = row["answers"] == 1 and slowest <= limit
        lines.append(
            _line(row["set"], "any seed", f"one answer in {limit:g} s", f"{row['answers']} in {slowest} s at most", met)
        )
    if proofs:
        open_ = max(row["bound"] - row["sum"] for row in proofs if row["aim"] == "sum")
        met = open_ < SCALE and all(row["rules_kept"] == "yes" for row in proofs)
        lines.append(_line("published", "sum", "proof adds up independently", f"bound − sum at most {open_:.1g}", met))
    return lines


def _line(name: str, method: str, wanted: str, measured: str, met: bool) -> dict[str, Any]:
    return {"set": name, "method": method, "target": wanted, "measured": measured, "met": "yes" if met else "no"}


def _apart(name: str, method: str) -> dict[str, Any]:
    """One method in a process of its own."""
    command = [sys.executable, "-m", "bench.assignment", name, method]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(name: str, method: str) -> dict[str, Any]:
    """One method on one set, in this process."""
    problem = synthetic(*SIZES[name]) if name in SIZES else published()[name]
    if method == "seeds":
        return _seeds(problem)
    known = {"fair": _fair, "sum": _sum, "lot, q = .5": _lot} | {
        label: _peer(solve) for label, solve in peers(name).items()
    }
    before, wall, cpu = _peak(), math.inf, math.inf
    values: dict[str, Any] = {}
    once = name in SIZES or "load 2–4" in name or method.startswith("OpenReview")
    for _ in range(1 if once else TIMES):
        begin = time.perf_counter(), time.process_time()
        answer = known[method](problem)
        wall, cpu = min(wall, time.perf_counter() - begin[0]), min(cpu, time.process_time() - begin[1])
        values = answer if isinstance(answer, dict) else _described(answer)
    return {**values, "s": round(wall, 3), "cpu_s": round(cpu, 3), "peak_mb": _peak(), "input_mb": before}


def _fair(problem: Problem) -> Assignment:
    return assign(problem)


def _sum(problem: Problem) -> Assignment:
    return assign(problem, aim="sum")


def _lot(problem: Problem) -> Assignment:
    return assign_by_lot(problem, at_most=0.5, seed=1)


def _described(found: Assignment) -> dict[str, Any]:
    return {
        "sum": round(found.objective, 3),
        "worst": round(found.min_dossier_affinity, 4),
        "proven": "yes" if found.optimal else "",
        "of_bound": round(found.objective / found.proof.bound, 6),
    }


def _peer(solve: Callable[[Problem], np.ndarray]) -> Callable[[Problem], dict[str, Any]]:
    def run(problem: Problem) -> dict[str, Any]:
        taken = solve(problem)
        sums = np.bincount(problem.dossiers(), weights=problem.affinity * taken, minlength=problem.dossier_count)
        return {
            "sum": round(float(sums.sum()), 3),
            "worst": round(float(sums.min()), 4),
            "proven": "",
            "of_bound": None,
        }

    return run


def _seeds(problem: Problem) -> dict[str, Any]:
    times, values = [], set()
    for seed in SEEDS:
        begin = time.process_time()
        found = assign(problem, seed=seed)
        times.append(round(time.process_time() - begin, 3))
        values.add((round(found.objective, 3), round(found.min_dossier_affinity, 4), found.optimal))
    return {"answers": len(values), "median_cpu_s": float(np.median(times)), "slowest_seed_cpu_s": max(times)}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2])))
