"""The assignment problem as frozen arrays, and its reading from the arrays of an input file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# More pairs than this are refused before anything is allocated for them: 100,000 × 5,000 with 100 candidates each are 10 million.
MOST_PAIRS: Final = 100_000_000
# Affinities beyond this cannot be told apart by one unit of the scaled integers.
LARGEST_AFFINITY: Final = 1e9


class ProblemError(ValueError):
    """The input is not an assignment problem; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Who may judge what. Pairs (dossier, expert) are kept in rows by dossier, experts ascending in a row; no pair = no arc.

    `starts` (dossiers + 1) bounds the rows of `experts` and `affinity` (both: pairs). `demand` is the number of different experts
    that each dossier gets, exactly; `load_min`, `load_max` bound each expert's dossiers. `groups` gives each expert's group, negative
    for none: at most one expert of a group on a dossier.
    """

    starts: Ints
    experts: NDArray[np.int32]
    affinity: Floats
    demand: Ints
    load_min: Ints
    load_max: Ints
    groups: Ints | None = None

    @property
    def dossier_count(self) -> int:
        return len(self.demand)

    @property
    def expert_count(self) -> int:
        return len(self.load_max)

    @property
    def pair_count(self) -> int:
        return len(self.experts)

    @property
    def units(self) -> int:
        """How many pairs an assignment has."""
        return int(self.demand.sum())

    def dossiers(self) -> NDArray[np.int32]:
        """The dossier of each pair."""
        return np.repeat(np.arange(self.dossier_count, dtype=np.int32), np.diff(self.starts))

    def only(self, kept: Mask) -> Problem:
        """The same problem with only these pairs."""
        counts = np.concatenate(([0], np.cumsum(kept)))
        return Problem(
            starts=counts[self.starts].astype(np.int64),
            experts=self.experts[kept],
            affinity=self.affinity[kept],
            demand=self.demand,
            load_min=self.load_min,
            load_max=self.load_max,
            groups=self.groups,
        )


def per_dossier(problem: Problem, values: Floats) -> Floats:
    """Sums of a value per pair over each dossier; 0 for a dossier without pairs."""
    return np.bincount(problem.dossiers(), weights=values, minlength=problem.dossier_count).astype(np.float64)


def from_matrix(
    affinity: NDArray[Any],
    *,
    demand: NDArray[Any] | int,
    load_max: NDArray[Any] | int,
    load_min: NDArray[Any] | int = 0,
    conflict: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
) -> Problem:
    """A problem from a dense matrix (dossiers × experts); every pair without conflict is possible, at any affinity. Raises ProblemError."""
    if affinity.ndim != 2 or affinity.dtype.kind not in "fiub":
        raise ProblemError("affinity is no matrix of numbers, dossiers × experts")
    rows, columns = affinity.shape
    if affinity.size > MOST_PAIRS:
        raise ProblemError(f"affinity has {affinity.size} pairs, more than {MOST_PAIRS}; give it as CSR")
    allowed = np.ones(affinity.shape, dtype=bool) if conflict is None else ~_conflicts(conflict, (rows, columns))
    starts = np.concatenate(([0], np.cumsum(allowed.sum(axis=1)))).astype(np.int64)
    experts = np.nonzero(allowed)[1].astype(np.int32)
    return _checked(starts, experts, affinity[allowed], columns, demand, load_min, load_max, groups)


def from_rows(
    indptr: NDArray[Any],
    indices: NDArray[Any],
    data: NDArray[Any],
    shape: NDArray[Any] | tuple[int, int],
    *,
    demand: NDArray[Any] | int,
    load_max: NDArray[Any] | int,
    load_min: NDArray[Any] | int = 0,
    conflict: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
) -> Problem:
    """A problem from compressed sparse rows: only the pairs that stand there are possible, also those of affinity 0.

    `conflict` may be a matrix or one value per stored pair. Raises ProblemError.
    """
    rows, columns = _shape(shape)
    starts, experts = _whole("indptr", indptr), _whole("indices", indices)
    if starts.shape != (rows + 1,) or starts[0] != 0 or (np.diff(starts) < 0).any() or starts[-1] != len(experts):
        raise ProblemError(f"indptr does not bound {rows} rows of {len(experts)} indices")
    if data.shape != experts.shape or data.dtype.kind not in "fiub":
        raise ProblemError("data and indices do not hold one number each per pair")
    if len(experts) > MOST_PAIRS:
        raise ProblemError(f"affinity has {len(experts)} pairs, more than {MOST_PAIRS}")
    if len(experts) and (experts.min() < 0 or experts.max() >= columns):
        raise ProblemError(f"indices name an expert outside 0…{columns - 1}")
    # sorted, so that the same pairs give the same answer in whatever order they were written
    dossiers = np.repeat(np.arange(rows), np.diff(starts))
    key = dossiers * columns + experts
    if (np.diff(key) <= 0).any():
        order = np.argsort(key, kind="stable")
        if (np.diff(key[order]) == 0).any():
            raise ProblemError("a pair of dossier and expert stands twice in affinity")
        experts, data = experts[order], data[order]
        conflict = conflict[order] if conflict is not None and conflict.shape == order.shape else conflict
    problem = _checked(starts, experts.astype(np.int32), data, columns, demand, load_min, load_max, groups)
    if conflict is None:
        return problem
    if conflict.shape == experts.shape and conflict.shape != (rows, columns):
        return problem.only(~_conflicts(conflict, experts.shape))
    return problem.only(~_conflicts(conflict, (rows, columns))[dossiers, experts])


def from_arrays(arrays: Mapping[str, Any]) -> Problem:
    """The problem in the arrays of an input file (docs/operator.md names them). Raises ProblemError with one sentence."""
    sparse = "indptr" in arrays
    needed = ["indptr", "indices", "data", "shape"] if sparse else ["affinity"]
    if missing := [name for name in [*needed, "demand", "load_max"] if name not in arrays]:
        raise ProblemError(f"the input has no {', '.join(missing)}")
    parts = {name: arrays[name] for name in ("conflict", "groups", "load_min") if name in arrays}
    parts |= {"demand": arrays["demand"], "load_max": arrays["load_max"]}
    if sparse:
        return from_rows(arrays["indptr"], arrays["indices"], arrays["data"], arrays["shape"], **parts)
    return from_matrix(arrays["affinity"], **parts)


def _checked(
    starts: Ints,
    experts: NDArray[np.int32],
    affinity: NDArray[Any],
    columns: int,
    demand: NDArray[Any] | int,
    load_min: NDArray[Any] | int,
    load_max: NDArray[Any] | int,
    groups: NDArray[Any] | None,
) -> Problem:
    values = affinity.astype(np.float64)
    if not np.isfinite(values).all():
        raise ProblemError("affinity holds values that are no numbers; mark conflicts in conflict")
    if len(values) and np.abs(values).max() > LARGEST_AFFINITY:
        raise ProblemError(f"affinity holds values beyond {LARGEST_AFFINITY:.0e}")
    rows = len(starts) - 1
    low, high = _each("load_min", load_min, columns), _each("load_max", load_max, columns)
    if (low > high).any():
        raise ProblemError(f"expert {int(np.argmax(low > high))} has a load_min above the load_max")
    return Problem(
        starts=starts,
        experts=experts,
        affinity=values,
        demand=_each("demand", demand, rows),
        load_min=low,
        load_max=high,
        groups=None if groups is None else _groups(groups, columns),
    )


def _each(name: str, values: NDArray[Any] | int, count: int) -> Ints:
    """One count per dossier or expert; a single number stands for all."""
    array = _whole(name, np.asarray(values))
    if array.ndim == 0:
        array = np.full(count, array)
    if array.shape != (count,):
        raise ProblemError(f"{name} has {array.size} values where {count} are needed")
    if count and (array.min() < 0 or array.max() > 2**31 - 1):
        raise ProblemError(f"{name} holds a count below 0 or beyond 2³¹")
    return array


def _groups(groups: NDArray[Any], count: int) -> Ints:
    array = _whole("groups", groups)
    if array.shape != (count,):
        raise ProblemError(f"groups has {array.size} values where {count} are needed")
    return array


def _whole(name: str, values: Any) -> Ints:
    array = np.asarray(values)
    if array.dtype.kind in "iu" or (
        array.dtype.kind == "f" and np.isfinite(array).all() and (array == np.rint(array)).all()
    ):
        return array.astype(np.int64)
    raise ProblemError(f"{name} does not hold whole numbers")


def _shape(shape: Any) -> tuple[int, int]:
    sizes = _whole("shape", shape)
    if sizes.shape != (2,) or sizes.min() < 0 or sizes.max() > 2**31 - 1:
        raise ProblemError("shape does not say how many dossiers and experts there are")
    return int(sizes[0]), int(sizes[1])


def _conflicts(conflict: NDArray[Any], shape: tuple[int, ...]) -> Mask:
    array = np.asarray(conflict)
    if array.shape != shape or array.dtype.kind not in "biuf":
        raise ProblemError(f"conflict has the shape {array.shape} where {shape} is needed")
    result: Mask = array.astype(bool)
    return result
