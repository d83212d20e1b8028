"""Ranking: true top 50 recovered, coverage, a cut foretold, reference grades, official results, and 300,000 scores.

Panels are simulated with known truth: 463 dossiers, 30 experts (quality 10, bias 7, error 12 points). Published sets come from
../shared; two more are read where `JIANGBANG_BENCH_DATA` names a folder that holds them (bench/_ranking_sets.py).
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from bench._ranking_sets import diving, graded, large_panel, ratings, simulated, skating
from jiangbang.kernel.ranking import (
    METHODS,
    Scores,
    calibrate,
    half_up,
    means,
    own_side,
    panel_error,
    rank,
    standing,
    trimmed_mean,
)

PANELS, SPLITS, CUT = 20, 20, 0.05
# peers.md
BRIER, HARD, SPEARMAN, OFFICIAL, OWN = 0.0449, 0.0797, 0.655, 8630, 0.24


def run() -> dict[str, Any]:
    """Recovery by method and kind of panel, coverage, the published sets, seconds at the large size, and the targets."""
    result: dict[str, Any] = {
        "panels": [_panels(kind) for kind in ("as stated", "1 score in 5 missing", "heavy tails", "bias 14")],
        "cut_foretold": cut_foretold(),
        "own_country": own_country(),
        "reference_grades": reference_grades(),
        "official_skating": official_skating(),
        "large": large(),
    }
    return {**result, "targets": targets(result)}


def _panels(kind: str) -> dict[str, Any]:
    """How many of the true top 50 each method finds, mean of the panels, and how often the 95 % interval holds the true rank."""
    found: dict[str, list[int]] = {method: [] for method in METHODS}
    covered: list[bool] = []
    squares: list[float] = []
    for seed in range(PANELS):
        quality, scores = simulated(seed, kind)
        truth = np.empty(len(quality), dtype=int)
        truth[np.argsort(-quality)] = np.arange(1, len(quality) + 1)
        for method in METHODS:
            if method == "trimmed" and scores.counts().min() < 5:
                continue
            lines = rank(scores, method=method).lines
            places = [int(truth[int(line.dossier[1:])]) for line in lines]
            found[method].append(sum(place <= 50 for place in places[:50]))
            if method == "calibrated":
                pairs = list(zip(lines, places, strict=True))
                covered += [line.low <= place <= line.high for line, place in pairs]
                squares += [(line.p_title - (place <= 50)) ** 2 for line, place in pairs]
    recovered = {method: round(float(np.mean(hits)), 2) if hits else None for method, hits in found.items()}
    return {
        "panel": kind,
        **recovered,
        "coverage_of_95": round(float(np.mean(covered)), 4),
        "brier_of_title": round(float(np.mean(squares)), 4),
    }


def cut_foretold() -> dict[str, Any]:
    """ICLR 2021: from two reviews of each paper, how likely two others put it above a 5 % cut. Mean Brier score of random splits.

    Papers that tie at the cut stand above it by lot, and the score is the mean over that lot. `no_function_of_the_mean_beats`: the
    mean outcome of papers with the same first mean, read from the outcomes themselves over all splits.
    """
    marks = ratings()
    if marks is None:
        return {}
    cut = round(CUT * len(marks))
    soft, hard, firsts, outcomes = [], [], [], []
    for split in range(SPLITS):
        mixed = np.random.default_rng(split).permuted(marks, axis=1)
        for first, second in ((mixed[:, :2], mixed[:, 2:]), (mixed[:, 2:], mixed[:, :2])):
            outcome = _above(second.mean(axis=1), cut)
            scores = Scores(
                tuple(f"{at:05d}" for at in range(len(marks))),
                tuple(f"{at:05d}" for at in range(2 * len(marks))),
                np.repeat(np.arange(len(marks)), 2),
                np.arange(2 * len(marks)),
                first.astype(np.int64).ravel(),
                1,
            )
            fit = calibrate(scores)
            soft.append(_brier(standing(fit, [cut], again=panel_error(fit, scores)).above[0], outcome))
            once = _above(first.mean(axis=1), cut)
            hard.append(float((once + outcome - 2 * once * outcome).mean()))
            firsts.append(first.mean(axis=1))
            outcomes.append(outcome)
    all_firsts, all_outcomes = np.concatenate(firsts), np.concatenate(outcomes)
    known = np.zeros(len(all_firsts))
    for value in np.unique(all_firsts):
        known[all_firsts == value] = all_outcomes[all_firsts == value].mean()
    return {
        "papers": len(marks),
        "splits": len(soft),
        "brier": round(float(np.mean(soft)), 5),
        "spread_of_one_split": round(float(np.std(soft)), 5),
        "hard_cut": round(float(np.mean(hard)), 5),
        "base_rate": round(CUT * (1 - CUT), 5),
        "no_function_of_the_mean_beats": round(_brier(known, all_outcomes), 5),
    }


def _above(means_: np.ndarray, cut: int) -> np.ndarray:
    """1 above the cut, 0 below, the share that the lot gives to those who tie at it."""
    bar = np.sort(means_)[::-1][cut - 1]
    above, ties = int((means_ > bar).sum()), int((means_ == bar).sum())
    return np.where(means_ > bar, 1.0, np.where(means_ == bar, (cut - above) / ties, 0.0))


def _brier(told: np.ndarray, outcome: np.ndarray) -> float:
    return float(((told - outcome) ** 2 + outcome * (1 - outcome)).mean())


def own_country() -> dict[str, Any]:
    """Sydney 2000 diving: how far judges stand above the panel with divers of their own country, and with others."""
    found = diving()
    side = None if found is None else own_side(*found)
    if side is None:
        return {}
    return {
        "own": round(side.own, 3),
        "cases": side.own_cases,
        "others": round(side.others, 4),
        "z": round(side.z, 1),
    }


def reference_grades() -> dict[str, Any]:
    """Spearman's rho between peers' scores and the tutors' mean grade (247 submissions, 741 scores)."""
    found = graded()
    if found is None:
        return {}
    scores, reference = found
    plain = [float(value) for value in means(scores)]
    fit = calibrate(scores)
    return {
        "scores": len(scores.value),
        "calibrated": round(float(spearmanr(fit.quality, reference).statistic), 4),
        "mean": round(float(spearmanr(plain, reference).statistic), 4),
        "quoted": "additive least squares .649, z-score .607, trimmed .594, unregularised linear .529",
    }


def official_skating() -> dict[str, Any]:
    """How many official component scores the trimmed mean gives again, to the last digit; zero is a missing score."""
    found = skating()
    if found is None:
        return {}
    same = sum(half_up(trimmed_mean(given), 2) == official for given, official in found)
    return {"components": len(found), "reproduced": same}


def large() -> dict[str, Any]:
    """Processor seconds for each step at 100,000 dossiers."""
    scores = large_panel()
    steps = {"means": lambda: means(scores), "calibrate": lambda: calibrate(scores), "rank": lambda: rank(scores)}
    times = {}
    for name, step in steps.items():
        began = time.process_time()
        step()
        times[f"{name}_cpu_s"] = round(time.process_time() - began, 2)
    return {"scores": len(scores.value), **times}


def targets(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Each target beside what was measured; those without their data are left out."""
    panels = result["panels"]
    best = all(row["calibrated"] > max(row["mean"], row["trimmed"] or 0) for row in panels)
    first = panels[0]
    lines = [
        (
            "true top 50: calibrated above mean and trimmed",
            f"{first['calibrated']} against {first['mean']} and {first['trimmed']}",
            best,
        ),
        ("95 % intervals hold 93–97 %", f"{first['coverage_of_95']:.1%}", 0.93 <= first["coverage_of_95"] <= 0.97),
    ]
    if cut := result["cut_foretold"]:
        floor, hard = cut["no_function_of_the_mean_beats"], cut["hard_cut"]
        lines += [
            (
                f"ICLR 5 % cut, Brier {BRIER} or less to its four digits",
                f"{cut['brier']} (possible {floor})",
                round(cut["brier"], 4) <= BRIER,
            ),
            (f"the same, below the hard cut ({HARD})", f"{cut['brier']} against {hard}", cut["brier"] < hard),
        ]
    if side := result["own_country"]:
        lines.append(
            (f"diving, own country +{OWN}", f"+{side['own']} (n = {side['cases']})", round(side["own"], 2) >= OWN)
        )
    if grades := result["reference_grades"]:
        rho = grades["calibrated"]
        lines.append(
            (f"reference grades, Spearman at least {SPEARMAN}", f"{rho} (mean {grades['mean']})", rho >= SPEARMAN)
        )
    if official := result["official_skating"]:
        lines.append(
            (f"skating, {OFFICIAL} official scores", str(official["reproduced"]), official["reproduced"] == OFFICIAL)
        )
    return [{"target": name, "measured": value, "met": "yes" if met else "no"} for name, value, met in lines]
