"""Simulated panels with known truth, and score tables in short."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from jiangbang.kernel.ranking import Scores, table


def scores_of(rows: dict[str, dict[str, str]]) -> Scores:
    """{dossier: {expert: score}}."""
    return table(
        (dossier, expert, Fraction(score)) for dossier, marks in rows.items() for expert, score in marks.items()
    )


def panel(
    seed: int, dossiers: int = 463, experts: int = 30, each: int = 5, *, bias: float = 7, noise: float = 12
) -> tuple[np.ndarray, Scores]:
    """True qualities (mean 0, deviation 10) and scores to one decimal by experts with biases."""
    rng = np.random.default_rng(seed)
    quality, biases = rng.normal(0, 10, dossiers), rng.normal(0, bias, experts)
    rows = []
    for dossier in range(dossiers):
        for expert in rng.choice(experts, each, replace=False):
            mark = 70 + quality[dossier] + biases[expert] + rng.normal(0, noise)
            rows.append((f"d{dossier:05d}", f"e{expert:04d}", Fraction(round(mark * 10), 10)))
    return quality, table(rows)


def place(name: str) -> int:
    """The number in a simulated dossier's name."""
    return int(name[1:])
