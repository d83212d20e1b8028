"""No small group is told, and none can be worked out from the others and their sum."""

from __future__ import annotations

from itertools import product

import pytest

from jiangbang.kernel.small_cells import LEAST, told


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"f": 20, "m": 30}, {"f": 20, "m": 30}),
        ({"f": 0, "m": 30}, {"f": 0, "m": 30}),
        ({"f": 3, "m": 30}, {"f": None, "m": None}),
        ({"a": 3, "b": 40, "c": 7, "d": 9}, {"a": None, "b": 40, "c": None, "d": 9}),
        ({"a": 1, "b": 1, "c": 7, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 4, "b": 4, "c": 7}, {"a": None, "b": None, "c": 7}),
        ({"a": 2, "b": 0}, {"a": None, "b": None}),
        ({}, {}),
    ],
)
def test_cells_that_are_told(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert told(counts) == shown


def test_hidden_cells_are_two_at_least_and_hold_enough_people_or_nothing_is_told() -> None:
    for counts in product(range(8), repeat=3):
        shown = told(dict(enumerate(counts)))
        hidden = [counts[key] for key, count in shown.items() if count is None]
        assert all(count is None or count == 0 or count >= LEAST for count in shown.values())
        assert not hidden or len(hidden) == len(counts) or (len(hidden) >= 2 and sum(hidden) >= LEAST)
