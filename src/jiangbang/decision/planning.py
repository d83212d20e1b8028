"""What is voted on next: title after title, round after round, until the seats are filled or the rounds used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiangbang.decision.access import rules_of
from jiangbang.decision.models import Round
from jiangbang.decision.standing import Candidate, standing_for_votes
from jiangbang.kernel.decision import DecisionSpec
from jiangbang.kernel.edition import TitleSpec
from jiangbang.kernel.voting import TieRule
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Planned:
    """A round to come. `counted`: which round of the title it is, annulled ones left out; `runoff`: only the equals of the last stand."""

    title: TitleSpec
    counted: int
    seats: int
    candidates: tuple[Candidate, ...]
    runoff: bool
    ties: TieRule


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a title is: whom the closed rounds elected, and how many seats are left."""

    title: TitleSpec
    rounds: tuple[Round, ...]
    elected: tuple[str, ...]

    @property
    def seats_left(self) -> int:
        return (self.title.seats or 0) - len(self.elected)


def closed_rounds(edition: Edition) -> list[Round]:
    """The rounds that count, in their order. One query."""
    return list(Round.objects.filter(edition=edition, state=Round.State.CLOSED).order_by("pk"))


def standings(edition: Edition, rounds: Sequence[Round]) -> list[Standing]:
    """Each title that has seats, in the edition's order."""
    found = []
    for title in edition.spec.titles:
        if title.seats:
            own = tuple(one for one in rounds if one.title == title.key)
            found.append(Standing(title, own, tuple(code for one in own for code in one.elected)))
    return found


def next_round(
    edition: Edition,
    rules: DecisionSpec | None = None,
    *,
    rounds: Sequence[Round] | None = None,
    candidates: Sequence[Candidate] | None = None,
) -> Planned | None:
    """The round that the rules ask for next; None when every title is through. Whoever was not elected for a title stands for the next.
    In a title's last round equals are parted by the ranking, whatever the rule: the seats are to be filled."""
    rules = rules or rules_of(edition)
    standing = list(standing_for_votes(edition) if candidates is None else candidates)
    seated: set[str] = set()
    for one in standings(edition, closed_rounds(edition) if rounds is None else rounds):
        seated |= set(one.elected)
        tied = one.rounds[-1].tied if one.rounds else []
        people = tuple(who for who in standing if who.code not in seated and (not tied or who.code in tied))
        counted = len(one.rounds) + 1
        if one.seats_left > 0 and counted <= rules.rules.most_rounds and people:
            last = counted == rules.rules.most_rounds
            return Planned(
                one.title, counted, one.seats_left, people, bool(tied), "order" if last else rules.rules.ties
            )
    return None
