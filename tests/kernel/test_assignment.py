"""Assignment: every small problem against all assignments there are, proofs, shortages, the published sets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kernel.assignment_cases import PROBLEMS, Case, allowed_sets, assignments, small_problems

from jiangbang.kernel.assignment import (
    Assignment,
    InfeasibleError,
    Problem,
    ProblemError,
    assign,
    from_arrays,
    from_matrix,
    from_rows,
    shortages,
)
from jiangbang.kernel.assignment.certificate import upper_bound
from jiangbang.kernel.assignment.columns import best_sums, row_threshold
from jiangbang.kernel.assignment.network import scaled


def holds(problem: Problem, found: Assignment) -> bool:
    """Whether demands, loads, conflicts and groups are kept."""
    pairs = set(zip(found.dossiers.tolist(), found.experts.tolist(), strict=True))
    allowed = set(zip(problem.dossiers().tolist(), problem.experts.tolist(), strict=True))
    load = np.bincount(found.experts, minlength=problem.expert_count)
    demand = np.bincount(found.dossiers, minlength=problem.dossier_count)
    groups = [] if problem.groups is None else [(d, int(problem.groups[e])) for d, e in pairs if problem.groups[e] >= 0]
    return (
        len(pairs) == len(found.dossiers)
        and pairs <= allowed
        and bool(
            (demand == problem.demand).all() and (load >= problem.load_min).all() and (load <= problem.load_max).all()
        )
        and len(groups) == len(set(groups))
    )


@settings(max_examples=60)
@given(small_problems())
def test_the_sum_is_the_largest_of_all_assignments(problem: Problem) -> None:
    values = [sum(values) for values in assignments(problem)]
    if not values:
        with pytest.raises(InfeasibleError):
            assign(problem, aim="sum")
        return
    found = assign(problem, aim="sum")
    assert holds(problem, found)
    assert found.objective == pytest.approx(max(values), abs=1e-6)
    assert found.proof.bound == pytest.approx(found.objective, abs=1e-6)


@settings(max_examples=60)
@given(small_problems())
@example(from_matrix(np.array([[0, 0], [0, 0.25], [0, 0]]), demand=np.array([0, 1, 0]), load_max=np.array([0, 1])))
def test_fair_is_the_best_floor_and_then_the_best_sum(problem: Problem) -> None:
    known = [(round(min(values), 6), sum(values)) for values in assignments(problem)]
    if not known:
        with pytest.raises(InfeasibleError):
            assign(problem)
        return
    found = assign(problem)
    assert holds(problem, found)
    assert found.optimal
    assert (found.min_dossier_affinity, found.objective) == pytest.approx(max(known), abs=2e-6)
    assert found.proof.bound >= found.objective - 1e-6


@settings(max_examples=60)
@given(small_problems())
def test_a_shortage_stands_exactly_where_there_is_no_assignment(problem: Problem) -> None:
    found = shortages(problem)
    assert bool(found) == (not any(True for _ in assignments(problem)))
    for one in found:
        assert one.short > 0
        if one.kind == "experts":
            assert one.needed == int(problem.demand[list(one.dossiers)].sum())
            assert one.available == most_places(problem, one.dossiers)
        else:
            assert one.needed == int(problem.load_min[list(one.experts)].sum())


def most_places(problem: Problem, dossiers: tuple[int, ...]) -> int:
    """How many places these dossiers can fill between them, none beyond its demand: by trying everything."""
    best = 0
    choices = [
        [chosen for size in range(int(problem.demand[d]) + 1) for chosen in allowed_sets(problem, d, size)]
        for d in dossiers
    ]
    for sets in itertools.product(*choices):
        load = np.bincount([e for chosen in sets for e in chosen], minlength=problem.expert_count)
        if (load <= problem.load_max).all():
            best = max(best, int(load.sum()))
    return best


@settings(max_examples=40)
@given(small_problems(), st.integers(0, 2**32))
def test_a_seed_keeps_the_value_and_repeats(problem: Problem, seed: int) -> None:
    try:
        plain = assign(problem)
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            assign(problem, seed=seed)
        return
    once, again = assign(problem, seed=seed), assign(problem, seed=seed)
    assert holds(problem, once)
    assert (once.objective, once.min_dossier_affinity) == pytest.approx(
        (plain.objective, plain.min_dossier_affinity), abs=2e-6
    )
    assert once.experts.tolist() == again.experts.tolist()


def test_the_prices_of_any_assignment_bound_every_other() -> None:
    problem = from_matrix(np.arange(12).reshape(3, 4) / 12, demand=2, load_max=2)
    found = assign(problem, aim="sum")
    gains = scaled(problem, found.proof.step)
    lowered = type(found.proof.prices)(found.proof.prices.dossiers - 7, found.proof.prices.experts + 3)
    values = [sum(values) for values in assignments(problem)]
    assert upper_bound(problem, gains, lowered) / found.proof.step >= max(values)


def test_many_pairs_are_solved_from_few_columns_to_the_same_sum() -> None:
    rng = np.random.default_rng(4)
    affinity = rng.random((900, 300)) * rng.random(300)
    problem = from_matrix(affinity, demand=3, load_max=10)
    found = assign(problem, aim="sum")
    assert holds(problem, found)
    assert problem.pair_count > 200_000
    assert found.objective == pytest.approx(found.proof.bound, abs=1e-3)


def test_thresholds_and_best_sums_of_ragged_rows() -> None:
    problem = from_rows(
        np.array([0, 3, 3, 5]),
        np.array([0, 1, 2, 0, 2]),
        np.array([5.0, 1.0, 3.0, 2.0, 2.0]),
        (3, 3),
        demand=2,
        load_max=9,
    )
    assert best_sums(problem).tolist() == [8.0, -math.inf, 4.0]
    least = np.iinfo(np.int64).min
    threshold = row_threshold(problem, problem.affinity.astype(np.int64), np.array([2, 1, 9]))
    assert threshold.tolist() == [3, least, least]


def test_nobody_to_serve_is_served() -> None:
    found = assign(from_matrix(np.zeros((0, 0)), demand=0, load_max=0))
    assert (found.objective, found.dossiers.tolist(), found.optimal) == (0.0, [], True)


def test_a_dossier_that_demands_nobody_is_not_the_worst_served() -> None:
    found = assign(from_matrix(np.ones((2, 2)), demand=np.array([0, 1]), load_max=1))
    assert (found.min_dossier_affinity, found.dossiers.tolist()) == (1.0, [1])


def test_a_pair_of_affinity_zero_in_rows_is_possible() -> None:
    problem = from_rows(np.array([0, 1]), np.array([1]), np.array([0.0]), (1, 2), demand=1, load_max=1)
    assert assign(problem).experts.tolist() == [1]


def test_rows_may_be_written_in_any_order() -> None:
    data, where = np.array([0.5, 0.9, 0.1]), np.array([2, 0, 1])
    problem = from_rows(
        np.array([0, 3]), where, data, (1, 3), demand=1, load_max=1, conflict=np.array([False, True, False])
    )
    assert (problem.experts.tolist(), problem.affinity.tolist()) == ([1, 2], [0.1, 0.5])


def wrong_inputs() -> Iterator[tuple[str, dict[str, Any]]]:
    good: dict[str, Any] = {"affinity": np.zeros((2, 3)), "demand": np.array([1, 1]), "load_max": np.array([1, 1, 1])}
    yield "no demand", {key: value for key, value in good.items() if key != "demand"}
    yield "no affinity", {key: value for key, value in good.items() if key != "affinity"}
    yield "no matrix", {**good, "affinity": np.zeros(6)}
    yield "matrix of numbers", {**good, "affinity": np.array([["a", "b", "c"], ["d", "e", "f"]])}
    yield "that are no numbers", {**good, "affinity": np.full((2, 3), np.nan)}
    yield "beyond", {**good, "affinity": np.full((2, 3), 1e300)}
    yield "conflict has the shape", {**good, "conflict": np.zeros((3, 2), bool)}
    yield "demand has 3 values", {**good, "demand": np.array([1, 1, 1])}
    yield "below 0", {**good, "demand": np.array([1, -1])}
    yield "whole numbers", {**good, "demand": np.array([1, 0.5])}
    yield "load_min above", {**good, "load_min": np.array([0, 2, 0])}
    yield "groups has 2", {**good, "groups": np.array([1, 1])}
    rows = {"indptr": np.array([0, 1, 2]), "indices": np.array([0, 1]), "data": np.ones(2), "shape": np.array([2, 3])}
    sparse = {**rows, "demand": good["demand"], "load_max": good["load_max"]}
    yield "no indices", {key: value for key, value in sparse.items() if key != "indices"}
    yield "bound", {**sparse, "indptr": np.array([0, 2, 1])}
    yield "outside", {**sparse, "indices": np.array([0, 3])}
    yield "stands twice", {**sparse, "indptr": np.array([0, 2, 2]), "indices": np.array([1, 1])}
    yield "shape", {**sparse, "shape": np.array([2])}
    yield "one number each", {**sparse, "data": np.ones(3)}


@pytest.mark.parametrize(
    ("words", "arrays"), list(wrong_inputs()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_wrong_input_is_one_sentence(words: str, arrays: dict[str, Any]) -> None:
    with pytest.raises(ProblemError, match=words):
        from_arrays(arrays)


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case.name)
def test_published_sets_reach_the_proven_optimum(shared_dir: Path, case: Case) -> None:
    problem = case.read(shared_dir / "data" / "assignment")
    found = assign(problem)
    assert holds(problem, found)
    assert (found.optimal, round(found.objective, 3), round(found.min_dossier_affinity, 4)) == (
        True,
        case.objective,
        case.floor,
    )
    assert round(assign(problem, aim="sum").objective, 3) == case.largest_sum


def test_bids_in_quarters_are_proven_in_whatever_order_they_stand() -> None:
    """Coarse sums tie everywhere; the floor costs something, so that the search must prove a step of the sum."""
    rng = np.random.default_rng(32)
    matrix = rng.choice([0.0, 0.25, 0.5, 1.0], p=[0.7, 0.15, 0.1, 0.05], size=(60, 24))
    problem = from_matrix(matrix, demand=3, load_max=8)
    found = {
        (one.objective, one.min_dossier_affinity, one.optimal) for one in (assign(problem, seed=at) for at in range(5))
    }
    assert found == {(118.5, 0.75, True)}
    plain = assign(problem, aim="sum")
    assert (plain.objective, plain.min_dossier_affinity) == (118.75, 0.5)
