"""Problems to measure assignment by: the published sets, and synthetic ones with skewed topics."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from jiangbang.kernel.assignment import Problem, from_matrix, from_rows

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "assignment"
CANDIDATES = 100
TOPICS = 60
# The sums 145.256 and 145.226 that ../shared/peers.md gives for gold belong to loads of 18 to 26 (145.2555, 145.2260): of 576 pairs
# of bounds tried they come nearest, and OpenReview's FairFlow and FairSequence give their figures of peers.md with them. The README's
# own "load 24" gives 143.806 (HiGHS' linear program says the same), so it stands here too.
LOADS = {
    "MIDL 118 × 177, load ≤ 4": (0, 4),
    "MIDL 118 × 177, load 2–4": (2, 4),
    "AAMAS16 442 × 161, load ≤ 12": (0, 12),
    "gold TPMS 463 × 58, load 18–26": (18, 26),
    "gold TPMS 463 × 58, load ≤ 24": (0, 24),
}


def published() -> dict[str, Problem]:
    """The published sets by name, demand 3; empty where ../shared is not there (its README tells their origin)."""
    if not SHARED.is_dir():
        return {}
    matrices = {
        "MIDL": np.load(SHARED / "midl" / "scores.npy").T,
        "AAMAS16": np.loadtxt(SHARED / "aamas" / "aamas2016.in", skiprows=1),
        "gold": np.load(SHARED / "gold" / "tpms_d20_1.npz")["similarity"],
    }
    return {
        name: from_matrix(matrices[name.split()[0]], demand=3, load_min=low, load_max=high)
        for name, (low, high) in LOADS.items()
    }


def synthetic(dossiers: int, experts: int, seed: int = 1) -> Problem:
    """Each dossier with its 100 nearest experts by topic; popular topics have too few experts; 10 % more places than needed."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, TOPICS + 1) ** 1.1
    of_dossiers, of_experts = (_mixtures(rng, count, popularity / popularity.sum()) for count in (dossiers, experts))
    indices = np.empty((dossiers, CANDIDATES), dtype=np.int32)
    data = np.empty((dossiers, CANDIDATES))
    for start in range(0, dossiers, 1000):
        near = 0.7 * (of_dossiers[start : start + 1000] @ of_experts.T)
        near += 0.3 * rng.random(near.shape, dtype=np.float32)
        best = np.sort(np.argpartition(-near, CANDIDATES, axis=1)[:, :CANDIDATES], axis=1)
        indices[start : start + len(near)] = best
        data[start : start + len(near)] = np.take_along_axis(near, best, 1)
    places = int(np.ceil(3 * dossiers / experts * 1.1))
    starts = np.arange(0, dossiers * CANDIDATES + 1, CANDIDATES)
    return from_rows(starts, indices.ravel(), data.ravel(), (dossiers, experts), demand=3, load_max=places)


def _mixtures(rng: np.random.Generator, count: int, popularity: np.ndarray) -> np.ndarray:
    weights = np.zeros((count, TOPICS), dtype=np.float32)
    for _ in range(3):
        weights[np.arange(count), rng.choice(TOPICS, size=count, p=popularity)] += (
            rng.random(count, dtype=np.float32) + 0.2
        )
    return weights / np.linalg.norm(weights, axis=1, keepdims=True)
