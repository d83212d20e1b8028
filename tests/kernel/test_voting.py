"""Quorum and majority exact, seats and ties by rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.voting import InvalidBallotError, Outcome, Rules, check_ballot, count

A, B, C, D = "甲", "乙", "丙", "丁"


def held(
    ballots: list[str], *, seats: int = 1, present: int = 0, members: int = 0, rules: Rules | None = None
) -> Outcome:
    """A round in which each ballot is written as its marks."""
    there = present or len(ballots)
    return count(
        ballots, candidates=(A, B, C, D), seats=seats, present=there, members=members or there, rules=rules or Rules()
    )


@pytest.mark.parametrize(
    ("present", "members", "quorum", "there"),
    [
        (6, 9, Fraction(2, 3), True),
        (5, 9, Fraction(2, 3), False),
        (1, 2, Fraction(1, 2), True),
        (0, 0, Fraction(0), False),
    ],
)
def test_a_quorum_is_reached_exactly(present: int, members: int, quorum: Fraction, there: bool) -> None:
    assert Rules(quorum=quorum).has_quorum(present, members) is there


@pytest.mark.parametrize(
    ("rules", "present", "members", "needed"),
    [
        (Rules(), 9, 11, 5),
        (Rules(), 10, 11, 6),
        (Rules(base="members"), 9, 12, 7),
        (Rules(majority=Fraction(2, 3), at_least=True), 9, 9, 6),
        (Rules(majority=Fraction(2, 3)), 9, 9, 7),
        (Rules(majority=Fraction(2, 3), at_least=True), 10, 10, 7),
        (Rules(majority=Fraction(0)), 3, 3, 1),
    ],
)
def test_a_majority_is_counted_exactly(rules: Rules, present: int, members: int, needed: int) -> None:
    assert rules.needed(present, members) == needed


def test_the_most_approved_are_elected_in_order() -> None:
    found = held([A + B, A + C, A + B], seats=2)
    assert (found.elected, found.votes[:2], found.complete) == ((A, B), ((A, 3), (B, 2)), True)


def test_seats_stay_empty_rather_than_go_to_a_minority() -> None:
    found = held([A, A, B], seats=2)
    assert (found.elected, found.seats_left, found.complete) == ((A,), 1, False)


def test_without_a_quorum_nobody_is_elected() -> None:
    found = held([A, A, A], present=3, members=9)
    assert (found.quorum, found.elected) == (False, ())


def test_an_abstention_counts_as_present() -> None:
    assert held([A, A, "", ""]).elected == ()
    assert held([A, A, A, ""]).elected == (A,)


def test_equals_at_the_last_seat_stand_in_the_reviews_order_or_go_to_another_round() -> None:
    ballots = [A + B, A + C, A + B, A + C, B + C, B + C]
    assert held(ballots, seats=2).elected == (A, B)
    runoff = held(ballots, seats=2, rules=Rules(ties="runoff"))
    assert (runoff.elected, runoff.tied, runoff.seats_left) == ((), (A, B, C), 2)


def test_equals_that_all_have_a_seat_do_not_tie() -> None:
    found = held([A + B, A + B, C], seats=2, rules=Rules(ties="runoff"))
    assert (found.elected, found.tied) == ((A, B), ())


@pytest.mark.parametrize(("marks", "code"), [("戊", "unknown"), (A + B, "too_many")])
def test_a_ballot_that_cannot_be_counted_is_refused(marks: str, code: str) -> None:
    with pytest.raises(InvalidBallotError) as raised:
        check_ballot(marks, (A, B), 1)
    assert raised.value.code == code


@pytest.mark.parametrize(("ballots", "present", "members"), [(3, 2, 5), (1, 6, 5)])
def test_more_ballots_than_people_is_no_vote(ballots: int, present: int, members: int) -> None:
    with pytest.raises(ValueError, match="present"):
        held([A] * ballots, present=present, members=members)


BALLOTS = st.lists(st.sets(st.sampled_from((A, B, C, D)), max_size=2), min_size=1, max_size=15)


@given(BALLOTS, st.integers(0, 5), st.sampled_from(("order", "runoff")))
def test_no_vote_is_lost_and_no_seat_is_given_twice(ballots: list[set[str]], absent: int, ties: str) -> None:
    rules = Rules(ties="order" if ties == "order" else "runoff")
    members = len(ballots) + absent
    found = count(ballots, candidates=(A, B, C, D), seats=2, present=len(ballots), members=members, rules=rules)
    assert sum(number for _, number in found.votes) == sum(map(len, ballots))
    assert len(found.elected) + found.seats_left == 2
    assert len(set(found.elected)) == len(found.elected)
    votes = dict(found.votes)
    assert all(votes[name] * 2 > len(ballots) for name in (*found.elected, *found.tied))
    assert not set(found.elected) & set(found.tied)
    if not found.quorum:
        assert found.elected == found.tied == ()
    # nobody with fewer votes sits before somebody with more
    passed_over = [votes[name] for name in votes if name not in found.elected]
    assert all(votes[name] >= most for name in found.elected for most in passed_over if most >= found.needed)


def test_who_recuses_himself_leaves_the_base_of_that_candidate_only() -> None:
    """Of five, two recuse themselves from A: two votes of three are a majority for A, and not for B."""
    ballots = [A + B, A + B, "", "", ""]
    found = count(ballots, candidates=(A, B), seats=2, present=5, members=5, rules=Rules(), recused={A: 2})
    assert (found.elected, found.needed) == ((A,), 3)
    with pytest.raises(ValueError, match="more votes"):
        count([A, A, A], candidates=(A, B), seats=1, present=3, members=3, rules=Rules(), recused={A: 1})


@given(
    st.lists(st.sets(st.sampled_from([A, B, C, D]), max_size=2), max_size=7),
    st.integers(0, 3),
    st.integers(0, 4),
    st.fractions(0, 1, max_denominator=6),
    st.fractions(0, 1, max_denominator=6),
    st.sampled_from(["present", "members"]),
    st.booleans(),
    st.sampled_from(["order", "runoff"]),
)
def test_a_count_is_that_of_somebody_who_counts_by_hand(
    ballots: list[set[str]], silent: int, away: int, quorum: Fraction, majority: Fraction, base: str, at_least: bool, ties: str
) -> None:  # fmt: skip
    present = len(ballots) + silent
    members, seats = present + away, 2
    rules = Rules(quorum, majority, base, at_least, ties)  # type: ignore[arg-type]
    found = count(ballots, candidates=(A, B, C, D), seats=seats, present=present, members=members, rules=rules)
    votes = {name: sum(name in ballot for ballot in ballots) for name in (A, B, C, D)}
    assert dict(found.votes) == votes
    out_of = present if base == "present" else members
    enough = members > 0 and present * quorum.denominator >= quorum.numerator * members
    passing = [
        name
        for name, number in votes.items()
        if number > 0
        and (
            number * majority.denominator > majority.numerator * out_of
            or (at_least and number * majority.denominator == majority.numerator * out_of)
        )
    ]
    passing = sorted(passing, key=lambda name: (-votes[name], (A, B, C, D).index(name))) if enough else []
    assert found.quorum is enough
    if len(passing) <= seats or ties == "order":
        assert (found.elected, found.tied) == (tuple(passing[:seats]), ())
    else:
        last = votes[passing[seats - 1]]
        above = tuple(name for name in passing if votes[name] > last)
        level = tuple(name for name in passing if votes[name] == last)
        cut = votes[passing[seats]] == last
        assert (found.elected, found.tied) == ((above, level) if cut else (tuple(passing[:seats]), ()))
