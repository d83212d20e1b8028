"""The lot: likelihoods exactly under the bound, every outcome allowed, outcomes spread."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from kernel.assignment_cases import small_problems
from kernel.test_assignment import holds

from jiangbang.kernel.assignment import InfeasibleError, Problem, assign, assign_by_lot, from_matrix
from jiangbang.kernel.assignment.network import scaled, step_of
from jiangbang.kernel.assignment.randomised import lottery

GRID = from_matrix(np.arange(24).reshape(4, 6) % 7 / 7, demand=2, load_max=2)


# a bound below 1 rules out most of the smallest problems
@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much])
@given(small_problems(), st.sampled_from([0.25, 0.5, 0.7, 1.0]), st.integers(0, 10**9))
def test_every_outcome_keeps_the_rules_and_no_pair_is_likelier_than_the_bound(
    problem: Problem, at_most: float, seed: int
) -> None:
    drawn = lottery(problem, scaled(problem, step_of(problem)), at_most, seed)
    assume(drawn is not None)
    assert drawn is not None
    assert drawn.likelihood.max(initial=0) <= at_most
    assert not (drawn.assigned & (drawn.likelihood == 0)).any()
    assert holds(problem, assign_by_lot(problem, at_most=at_most, seed=seed))


def test_a_bound_of_one_is_the_best_assignment() -> None:
    assert assign_by_lot(GRID, at_most=1, seed=3).objective == pytest.approx(assign(GRID, aim="sum").objective)


def test_pairs_come_as_often_as_their_likelihood() -> None:
    """800 draws; a frequency is off by more than 5 standard deviations once in two million."""
    gains, draws = scaled(GRID, step_of(GRID)), 800
    seen = np.zeros(GRID.pair_count)
    likelihood = np.zeros(GRID.pair_count)
    for seed in range(draws):
        drawn = lottery(GRID, gains, 0.4, seed)
        assert drawn is not None
        seen += drawn.assigned
        likelihood = drawn.likelihood
    spread = np.sqrt(np.maximum(likelihood * (1 - likelihood), 1e-9) / draws)
    assert (np.abs(seen / draws - likelihood) <= 5 * spread).all()


def test_the_draw_has_many_outcomes() -> None:
    """One coin for a whole trail would leave two."""
    outcomes = Counter(tuple(assign_by_lot(GRID, at_most=0.5, seed=seed).experts.tolist()) for seed in range(200))
    assert len(outcomes) > 3


def test_the_same_seed_draws_the_same() -> None:
    once, again = (assign_by_lot(GRID, at_most=0.5, seed=11) for _ in range(2))
    assert once.experts.tolist() == again.experts.tolist()


def test_a_bound_that_nobody_can_keep_is_infeasible() -> None:
    with pytest.raises(InfeasibleError) as error:
        assign_by_lot(from_matrix(np.ones((1, 3)), demand=2, load_max=1), at_most=0.5, seed=1)
    assert error.value.shortages == ()


@pytest.mark.parametrize("at_most", [0, -1, 1.5])
def test_a_likelihood_outside_zero_to_one_is_refused(at_most: float) -> None:
    with pytest.raises(ValueError, match="likelihood"):
        assign_by_lot(GRID, at_most=at_most, seed=1)
