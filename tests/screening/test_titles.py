"""What the fact of earlier titles becomes."""

from __future__ import annotations

import pytest

from jiangbang.screening.titles import Turn, value_of

HZ, ZJ = "杭州工匠", "浙江工匠"


def turn(before: set[str] = frozenset(), now: set[str] = frozenset(), **more: bool) -> Turn:  # type: ignore[assignment]
    return Turn(frozenset(before), frozenset(now), more.pop("waits", False), **more)


@pytest.mark.parametrize(
    ("known", "own", "turned", "covered", "value"),
    [
        # a list names the person
        (None, None, turn(now={HZ}), False, [HZ]),
        ([], [], turn(now={HZ}), True, [HZ]),
        ([ZJ], [ZJ], turn(now={HZ}), True, [ZJ, HZ]),
        ([HZ], None, turn({HZ}, {HZ}), True, [HZ]),
        # a row waits: "none" is not believed, a title that is held is
        ([], [], turn(waits=True), True, None),
        (None, None, turn(waits=True), True, None),
        ([ZJ], [ZJ], turn(waits=True), True, [ZJ]),
        # what a list said falls away
        ([HZ], None, turn({HZ}), True, None),
        ([HZ], [], turn({HZ}), True, []),
        ([ZJ, HZ], None, turn({HZ}), True, [ZJ]),
        # a person decided, and nothing waits
        (None, None, turn(decided=True), True, []),
        (None, None, turn(decided=True), False, None),
        (None, [], turn(decided=True), False, []),
        ([HZ], None, turn({HZ}, decided=True), True, []),
        # nothing turned
        ([], None, turn(), True, []),
        (None, None, turn(), True, None),
    ],
)
def test_the_fact_follows_the_lists_and_never_more_than_they_say(
    known: list[str] | None, own: list[str] | None, turned: Turn, covered: bool, value: list[str] | None
) -> None:
    assert value_of(known, own, turned, covered=covered) == value
