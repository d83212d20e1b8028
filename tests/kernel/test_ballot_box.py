"""The ballot box: one slip one ballot, nothing lost, nothing told."""

from __future__ import annotations

import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.ballot_box import Box, BoxError, fingerprint, new_slip

KEY = secrets.token_bytes(32)
NAMES = ("甲", "乙", "丙")


def filled(choices: list[set[str]]) -> tuple[Box, list[str]]:
    """A box into which everybody has put a ballot, and their slips in the order of giving."""
    box, slips = Box(), []
    for _ in choices:
        slips.append(new_slip())
        box = box.take(slips[-1])
    for slip, marks in zip(slips, choices, strict=True):
        box = box.put(slip, frozenset(marks), KEY, among=NAMES)
    return box, slips


@given(st.lists(st.sets(st.sampled_from(NAMES)), max_size=8))
def test_every_ballot_is_found_again_under_its_slip(choices: list[set[str]]) -> None:
    box, slips = filled(choices)
    opened = Box.from_bytes(box.to_bytes()).open(KEY)
    assert [opened[fingerprint(slip)] for slip in slips] == choices
    assert (box.given, box.cast) == (len(choices), len(choices))


def test_a_slip_is_good_for_one_ballot() -> None:
    box, (slip,) = filled([{"甲"}])
    with pytest.raises(BoxError) as raised:
        box.put(slip, frozenset({"乙"}), KEY, among=NAMES)
    assert raised.value.code == "used"
    assert list(box.open(KEY).values()) == [{"甲"}]


@pytest.mark.parametrize("slip", ["", "0" * 32, "乙" * 4])
def test_a_slip_that_nobody_was_given_puts_nothing_in(slip: str) -> None:
    box, _ = filled([{"甲"}])
    with pytest.raises(BoxError) as raised:
        box.put(slip, frozenset(), KEY, among=NAMES)
    assert raised.value.code == "slip"


@pytest.mark.parametrize("slip", ["", "0" * 31, "G" * 32, "0" * 33])
def test_what_is_no_slip_is_not_taken(slip: str) -> None:
    with pytest.raises(BoxError) as raised:
        Box().take(slip)
    assert raised.value.code == "slip"


def test_a_slip_is_taken_once() -> None:
    slip = new_slip()
    box = Box().take(slip)
    assert (box.holds(slip), box.holds(new_slip())) == (True, False)
    with pytest.raises(BoxError) as raised:
        box.take(slip)
    assert raised.value.code == "used"


def test_all_ballots_of_a_vote_are_equally_long_however_many_they_mark() -> None:
    many = [f"D{number:04d}" for number in range(1_512)]
    lengths = set()
    for marks in ([], many[:1], many[:1_080], many):
        slip = new_slip()
        box = Box().take(slip).put(slip, frozenset(marks), KEY, among=many)
        assert box.open(KEY) == {fingerprint(slip): frozenset(marks)}
        lengths.add(len(box.to_bytes()))
    assert len(lengths) == 1


def test_marks_beyond_the_vote_that_would_tell_by_their_length_are_refused() -> None:
    slip = new_slip()
    with pytest.raises(BoxError) as raised:
        Box().take(slip).put(slip, frozenset(f"D{number:07d}" for number in range(300)), KEY, among=NAMES)
    assert raised.value.code == "too_long"


def test_who_has_not_voted_is_counted_and_not_opened() -> None:
    box = Box().take(new_slip())
    assert (box.given, box.cast, box.open(KEY)) == (1, 0, {})


def test_what_is_kept_says_nothing_of_slips_order_or_marks() -> None:
    """Two boxes filled in opposite orders differ in nothing but random numbers; all ballots are of one length."""
    box, slips = filled([{"甲"}, set(), {"甲", "乙", "丙"}, {"丙"}])
    kept = box.to_bytes().decode()
    assert [name in kept for name in NAMES] == [False] * 3
    assert [slip in kept for slip in slips] == [False] * 4
    marks = list(json.loads(kept))
    assert marks == sorted(marks)
    assert len({len(sealed) for sealed in json.loads(kept).values()}) == 1


def test_a_ballot_cannot_be_moved_to_another_slip_or_read_with_another_key() -> None:
    box, slips = filled([{"甲"}, {"乙"}])
    one, other = map(fingerprint, slips)
    swapped = Box({one: box.ballots[other], other: box.ballots[one]})
    for wrong, key in ((swapped, KEY), (box, secrets.token_bytes(32))):
        with pytest.raises(BoxError) as raised:
            wrong.open(key)
        assert raised.value.code == "damaged"
