"""Ranking: true top 50 recovered, coverage of the intervals, and 300,000 scores of 100,000 dossiers.

Panels are simulated with known truth: 463 dossiers, 30 experts, five scores each (quality 10, bias 7, error 12 points).
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np

from jiangbang.kernel.ranking import METHODS, Scores, calibrate, means, rank, table

PANELS = 20
LARGE = (100_000, 3_000, 3)


def run() -> dict[str, Any]:
    """Recovery by method, coverage, and seconds at the large size."""
    found: dict[str, list[int]] = {method: [] for method in METHODS}
    covered, squares = [], []
    for seed in range(PANELS):
        quality, scores = panel(seed, 463, 30, 5)
        truth = np.empty(len(quality), dtype=int)
        truth[np.argsort(-quality)] = np.arange(1, len(quality) + 1)
        for method in METHODS:
            lines = rank(scores, method=method).lines
            places = [int(truth[int(line.dossier[1:])]) for line in lines]
            found[method].append(sum(place <= 50 for place in places[:50]))
            if method == "calibrated":
                pairs = list(zip(lines, places, strict=True))
                covered += [line.low <= place <= line.high for line, place in pairs]
                squares += [(line.p_title - (place <= 50)) ** 2 for line, place in pairs]
    recovery = [{"method": method, "true_top_50": round(float(np.mean(hits)), 2)} for method, hits in found.items()]
    return {
        "panels": PANELS,
        "recovery": recovery,
        "coverage_of_95": round(float(np.mean(covered)), 4),
        "brier_of_title": round(float(np.mean(squares)), 4),
        "large": large(),
    }


def large() -> dict[str, Any]:
    """Seconds for each step at 100,000 dossiers."""
    scores = panel(1, *LARGE)[1]
    steps = {"means": lambda: means(scores), "calibrate": lambda: calibrate(scores), "rank": lambda: rank(scores)}
    times = {}
    for name, step in steps.items():
        began = time.process_time()
        step()
        times[f"{name}_cpu_s"] = round(time.process_time() - began, 2)
    return {"scores": len(scores.value), **times}


def panel(seed: int, dossiers: int, experts: int, each: int) -> tuple[np.ndarray, Scores]:
    """True qualities and scores to one decimal."""
    rng = np.random.default_rng(seed)
    quality, bias = rng.normal(0, 10, dossiers), rng.normal(0, 7, experts)
    rows = []
    for dossier in range(dossiers):
        chosen = (
            rng.choice(experts, each, replace=False) if experts < 1000 else np.unique(rng.integers(0, experts, each))
        )
        for expert in chosen:
            mark = 70 + quality[dossier] + bias[expert] + rng.normal(0, 12)
            rows.append((f"d{dossier:06d}", f"e{expert:04d}", Fraction(round(mark * 10), 10)))
    return quality, table(rows)
