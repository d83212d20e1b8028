"""Votes of a body: quorum, majority, seats, ties. Whole numbers and exact fractions only.

A ballot marks the candidates that the voter approves, at most as many as there are seats. Whoever has the majority is elected, the most
approved first, as long as there are seats. Where equals stand at the last seat, the declared rule decides: the review's order, or
another round among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Base = Literal["present", "members"]
TieRule = Literal["order", "runoff"]

HALF: Final = Fraction(1, 2)
TWO_THIRDS: Final = Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a body decides. `quorum`: at least this share of the members is present. `majority`: more than this share of `base` is needed,
    or at least it where `at_least`.
    """

    quorum: Fraction = TWO_THIRDS
    majority: Fraction = HALF
    base: Base = "present"
    at_least: bool = False
    ties: TieRule = "order"
    most_rounds: int = 3

    def has_quorum(self, present: int, members: int) -> bool:
        """Whether enough are there. A body of nobody has none."""
        return members > 0 and present >= self.quorum * members

    def needed(self, present: int, members: int) -> int:
        """The fewest votes that are a majority."""
        share = self.majority * (present if self.base == "present" else members)
        whole = -(-share.numerator // share.denominator)
        return max(1, whole if self.at_least or whole > share else whole + 1)


class InvalidBallotError(ValueError):
    """A ballot that cannot be counted: `code` is `unknown` (a candidate that does not stand) or `too_many` marks."""

    def __init__(self, code: Literal["unknown", "too_many"]) -> None:
        super().__init__(code)
        self.code: Final = code


def check_ballot(marked: Iterable[str], candidates: Sequence[str], seats: int) -> frozenset[str]:
    """The marks of a valid ballot; none is an abstention, which counts as present. Raises InvalidBallotError."""
    marks = frozenset(marked)
    if not marks <= set(candidates):
        raise InvalidBallotError("unknown")
    if len(marks) > seats:
        raise InvalidBallotError("too_many")
    return marks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round decided. `elected` in their order; `tied`: equals at the last seat, whom another round decides between.

    `votes` holds every candidate, most votes first, equals in the review's order; `needed` is the majority where nobody recused himself.
    Without a quorum nobody is elected.
    """

    votes: tuple[tuple[str, int], ...]
    needed: int
    quorum: bool
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    seats_left: int

    @property
    def complete(self) -> bool:
        """Whether every seat is taken."""
        return self.seats_left == 0


def count(
    ballots: Iterable[Iterable[str]],
    *,
    candidates: Sequence[str],
    seats: int,
    present: int,
    members: int,
    rules: Rules,
    recused: Mapping[str, int] | None = None,
) -> Outcome:
    """Count one round. `candidates` stand in the review's order, each once. `present` are those who were given a ballot.

    `recused`: how many of those present do not count in the base of the majority for this one candidate.

    Raises InvalidBallotError; ValueError where more ballots than people came in, or more people than members, or more votes for somebody
    than there were people who might give one.
    """
    marks = [check_ballot(ballot, candidates, seats) for ballot in ballots]
    if len(set(candidates)) != len(candidates):
        raise ValueError("a candidate stands twice")
    if not len(marks) <= present <= members:
        raise ValueError(f"{len(marks)} ballots of {present} present of {members} members")
    found = Counter(name for ballot in marks for name in ballot)
    order = {name: place for place, name in enumerate(candidates)}
    votes = tuple(sorted(((name, found[name]) for name in candidates), key=lambda one: (-one[1], order[one[0]])))
    apart = recused or {}
    if any(number > present - apart.get(name, 0) for name, number in votes):
        raise ValueError("more votes for a candidate than people who might give one")
    quorum = rules.has_quorum(present, members)
    needed = {name: rules.needed(present - apart.get(name, 0), members - apart.get(name, 0)) for name in candidates}
    passing = [name for name, number in votes if number >= needed[name]] if quorum else []
    elected, tied = _seated(passing, found, seats, rules.ties)
    return Outcome(votes, rules.needed(present, members), quorum, elected, tied, seats - len(elected))


def _seated(
    passing: Sequence[str], found: Counter[str], seats: int, ties: TieRule
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who of those with a majority has a seat, and who ties for what is left."""
    if len(passing) <= seats or ties == "order":
        return tuple(passing[:seats]), ()
    last = found[passing[seats - 1]] if seats else 0
    if seats == 0 or found[passing[seats]] != last:
        return tuple(passing[:seats]), ()
    clear = [name for name in passing if found[name] > last]
    return tuple(clear), tuple(name for name in passing if found[name] == last)
