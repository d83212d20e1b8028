"""Scores to measure ranking by: simulated panels with known truth, and published sets.

`JIANGBANG_BENCH_DATA` may name a folder with
- `skating/`: `judged-aspects.csv` and `judge-scores.csv` of github.com/BuzzFeedNews/2018-02-figure-skating-analysis (data/raw);
- `grading/`: `peer_grades.csv` and `tutor_grades.csv`, the two tables of github.com/statbiscuit/peer-grading
  (student_and_tutor-grades.RData) written as CSV.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np

from jiangbang.kernel.ranking import Scores, half_up, table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "ranking"
MORE = Path(os.environ.get("JIANGBANG_BENCH_DATA", "/nonexistent"))
DOSSIERS, EXPERTS, EACH = 463, 30, 5
LARGE = (100_000, 3_000, 3)


def simulated(seed: int, kind: str) -> tuple[np.ndarray, Scores]:
    """True qualities and scores to one decimal, five a dossier; `kind` changes one thing."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(0, 10, DOSSIERS)
    bias = rng.normal(0, 14 if kind == "bias 14" else 7, EXPERTS)
    # Student's t of four degrees, as wide as the normal error
    wide = 12 / np.sqrt(2)
    rows = []
    for dossier in range(DOSSIERS):
        chosen = rng.choice(EXPERTS, EACH, replace=False)
        if kind == "1 score in 5 missing":
            there = rng.random(EACH) > 0.2
            there[0] = True
            chosen = chosen[there]
        for expert in chosen:
            error = rng.standard_t(4) * wide if kind == "heavy tails" else rng.normal(0, 12)
            mark = 70 + quality[dossier] + bias[expert] + error
            rows.append((f"d{dossier:06d}", f"e{expert:04d}", Fraction(round(mark * 10), 10)))
    return quality, table(rows)


def large_panel() -> Scores:
    """About 300,000 scores of 100,000 dossiers by 3,000 experts."""
    dossiers, experts, each = LARGE
    rng = np.random.default_rng(1)
    quality, bias = rng.normal(0, 10, dossiers), rng.normal(0, 7, experts)
    rows = []
    for dossier in range(dossiers):
        for expert in np.unique(rng.integers(0, experts, each)):
            mark = 70 + quality[dossier] + bias[expert] + rng.normal(0, 12)
            rows.append((f"d{dossier:06d}", f"e{expert:04d}", Fraction(round(mark * 10), 10)))
    return table(rows)


def ratings() -> np.ndarray | None:
    """ICLR 2021: papers with exactly four reviews × their ratings."""
    path = SHARED / "iclr" / "iclr2021_ratings.tsv"
    if not path.exists():
        return None
    rows = [row.split("\t")[1:7] for row in path.read_text("utf-8").splitlines()[1:]]
    given = [[float(mark) for mark in row if mark] for row in rows]
    return np.array([marks for marks in given if len(marks) == 4])


def diving() -> tuple[Scores, dict[str, str], dict[str, str]] | None:
    """Sydney 2000: scores of dives by judges, the country of each dive and of each judge."""
    path = SHARED / "Diving2000.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dives = ["/".join((row["Event"], row["Round"], row["Diver"], row["DiveNo"])) for row in rows]
    scores = table((dive, row["Judge"], Fraction(row["JScore"])) for dive, row in zip(dives, rows, strict=True))
    countries = {dive: row["Country"] for dive, row in zip(dives, rows, strict=True)}
    return scores, countries, {row["Judge"]: row["JCountry"] for row in rows}


def graded() -> tuple[Scores, list[float]] | None:
    """Peers' scores of submissions, and the tutors' mean grade of each in the order of `Scores.dossiers`."""
    folder = MORE / "grading"
    if not folder.is_dir():
        return None
    with (folder / "peer_grades.csv").open(encoding="utf-8") as file:
        scores = table((row["file_name"], row["assessor_id"], Fraction(row["score"])) for row in csv.DictReader(file))
    grades = defaultdict(list)
    with (folder / "tutor_grades.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            grades[row["file_name"]].append(float(row["total"]))
    return scores, [float(np.mean(grades[name])) for name in scores.dossiers]


def skating() -> list[tuple[list[Fraction], str]] | None:
    """The judges' marks of each component, without zeros, and the official panel score to two decimals."""
    folder = MORE / "skating"
    if not folder.is_dir():
        return None
    with (folder / "judged-aspects.csv").open(encoding="utf-8") as file:
        official = {
            row["aspect_id"]: half_up(Fraction(row["scores_of_panel"]), 2)
            for row in csv.DictReader(file)
            if row["section"] == "components"
        }
    given: dict[str, list[Fraction]] = defaultdict(list)
    with (folder / "judge-scores.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["aspect_id"] in official and (
                mark := Fraction(row["score"] if row["score"] not in ("", "-") else "0")
            ):
                given[row["aspect_id"]].append(mark)
    return [(given[aspect], value) for aspect, value in official.items()]
