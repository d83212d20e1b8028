"""Small problems with all their assignments, and the published sets with their proven optima."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from jiangbang.kernel.assignment import Problem, from_matrix

# floats that are multiples of a quarter tie often; thirds never stand exactly in binary
VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0, -0.5, 1 / 3, 0.1, 0.7])


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    matrix = np.array(draw(st.lists(VALUES, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
    conflict = np.array(draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns))).reshape(
        rows, columns
    )
    if draw(st.booleans()):
        conflict[:] = False
    low = np.array(draw(st.lists(st.integers(0, 1), min_size=columns, max_size=columns)))
    return from_matrix(
        matrix,
        demand=np.array(draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows))),
        load_min=low,
        load_max=low + np.array(draw(st.lists(st.integers(0, 2), min_size=columns, max_size=columns))),
        conflict=conflict,
        groups=np.array(draw(st.lists(st.integers(-1, 1), min_size=columns, max_size=columns)))
        if draw(st.booleans())
        else None,
    )


def allowed_sets(problem: Problem, dossier: int, size: int) -> Iterator[tuple[int, ...]]:
    """Every set of this many experts that a dossier may have."""
    row = problem.experts[problem.starts[dossier] : problem.starts[dossier + 1]].tolist()
    for chosen in itertools.combinations(row, size):
        groups = [] if problem.groups is None else [problem.groups[e] for e in chosen if problem.groups[e] >= 0]
        if len(groups) == len(set(groups)):
            yield chosen


def assignments(problem: Problem) -> Iterator[list[float]]:
    """The affinity of each dossier that demands anybody, for every assignment there is."""
    value = dict(
        zip(
            zip(problem.dossiers().tolist(), problem.experts.tolist(), strict=True),
            problem.affinity.tolist(),
            strict=True,
        )
    )
    choices = [list(allowed_sets(problem, d, int(need))) for d, need in enumerate(problem.demand)]
    for sets in itertools.product(*choices):
        load = np.bincount([e for chosen in sets for e in chosen], minlength=problem.expert_count)
        if (load >= problem.load_min).all() and (load <= problem.load_max).all():
            values = [sum(value[d, e] for e in chosen) for d, chosen in enumerate(sets) if chosen]
            yield values or [0.0]


@dataclass(frozen=True, slots=True)
class Case:
    """A published set (../shared/data/README.md), its loads, and what HiGHS proves for it: largest sum; floor, then sum."""

    name: str
    file: str
    load_min: int
    load_max: int
    largest_sum: float
    objective: float
    floor: float

    def read(self, folder: Path) -> Problem:
        path = folder / self.file
        if path.suffix == ".npy":
            matrix = np.load(path).T
        elif path.suffix == ".npz":
            matrix = np.load(path)["similarity"]
        else:
            matrix = np.loadtxt(path, skiprows=1)
        return from_matrix(matrix, demand=3, load_min=self.load_min, load_max=self.load_max)


PROBLEMS = [
    Case("MIDL", "midl/scores.npy", 0, 4, 201.885, 201.769, 0.9448),
    Case("AAMAS", "aamas/aamas2016.in", 0, 12, 949.5, 949.25, 1.0),
    Case("gold", "gold/tpms_d20_1.npz", 18, 26, 145.255, 145.226, 0.1749),
    Case("gold within 24", "gold/tpms_d20_1.npz", 0, 24, 143.806, 143.751, 0.1749),
]
