"""Who must not judge whom: an expert's profile and declared relations against the dossiers. Pure.

An expert names the people and organisations that he is bound to; he is never shown a list of candidates. What matches in full stands
as a recusal; what matches in part (the same name elsewhere, works that read alike) is a doubt for the organiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jiangbang.kernel.line_search import LineSearch
from jiangbang.kernel.names import fold_name
from jiangbang.kernel.similarity import Line, folded, line_of
from jiangbang.review.profiles import Profile, organisation

# A shorter work is a phrase that many write.
SHORTEST_WORK: Final = 8
# Single lines are short: what whole texts call alike would find half of a trade.
SHARED: Final = 0.6
# A shorter name of an organisation is contained in too many others.
SHORTEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation that was declared: to a person, an organisation, or both."""

    kind: str
    person: str
    organisation: str
    note: str = ""


@dataclass(frozen=True)
class Judged:
    """What of a dossier is compared, folded once for all experts. `works`: achievements, honours and the sentences of the deeds."""

    pk: str
    name: str
    employer: str
    mobile: str
    unit_code: str
    unit_name: str
    works: tuple[str, ...]

    @cached_property
    def folded_name(self) -> str:
        return fold_name(self.name)

    @cached_property
    def folded_employer(self) -> str:
        return folded(organisation(self.employer))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for work in self.works if len((line := line_of(work)).text) >= SHORTEST_WORK)


@dataclass(frozen=True, slots=True)
class Match:
    """An expert and a dossier that must be kept apart. `certain` is False for a doubt; `ground` says what matched, for the office."""

    dossier: str
    kind: str
    certain: bool
    ground: str


class Among:
    """The dossiers that an expert may be bound to, arranged so that only those are compared that could match."""

    def __init__(self, dossiers: Sequence[Judged]) -> None:
        self.dossiers = dossiers

    def sharing(self, work: Line) -> set[int]:
        """The places of the dossiers in which a line reads like this work."""
        search, owners = self._works
        return {owners[place] for place in search.alike_to(work, SHARED)}

    @cached_property
    def _works(self) -> tuple[LineSearch, list[int]]:
        lines = [(line, place) for place, dossier in enumerate(self.dossiers) for line in dossier.lines]
        return LineSearch([line for line, _place in lines]), [place for _line, place in lines]


def found_in_data(profile: Profile, unit_code: str, among: Among) -> list[Match]:
    """Own candidacy, same employer, same recommending unit, shared works."""
    own, name = organisation(profile.employer), fold_name(profile.name)
    house, shared = folded(organisation(own)), _shared(profile.works, among)
    found: list[Match] = []
    for place, dossier in enumerate(among.dossiers):
        same_house = _within(house, dossier.folded_employer)
        if name and name == dossier.folded_name:
            certain = bool(profile.mobile and profile.mobile == dossier.mobile) or same_house
            found.append(Match(dossier.pk, "own", certain, profile.name))
        if same_house:
            found.append(Match(dossier.pk, "employer", True, own))
        if unit_code and unit_code == dossier.unit_code:
            found.append(Match(dossier.pk, "recommender", True, dossier.unit_name))
        if place in shared:
            found.append(Match(dossier.pk, "shared", False, shared[place]))
    return found


def _shared(works: str, among: Among) -> dict[int, str]:
    """The first work of the expert's, one a line, that each dossier has too."""
    found: dict[int, str] = {}
    for text in works.splitlines():
        work = line_of(text)
        if len(work.text) >= SHORTEST_WORK:
            for place in among.sharing(work):
                found.setdefault(place, text.strip())
    return found


def bound_by(ties: Iterable[Tie], among: Among) -> list[Match]:
    """The dossiers that declared relations lead to."""
    found: dict[tuple[str, str], Match] = {}
    for tie in ties:
        for match in _bound(tie, among.dossiers):
            known = found.get((match.dossier, match.kind))
            if known is None or (match.certain and not known.certain):
                found[match.dossier, match.kind] = match
    return list(found.values())


def _bound(tie: Tie, dossiers: Sequence[Judged]) -> Iterator[Match]:
    body, person = organisation(tie.organisation), fold_name(tie.person)
    house = folded(organisation(body))
    for dossier in dossiers:
        place = _within(house, dossier.folded_employer) or (bool(body) and body in dossier.unit_name)
        if tie.person.strip() and person == dossier.folded_name:
            # the same name in another house may be somebody else
            yield Match(dossier.pk, tie.kind, place or not body, _ground(tie))
        elif not tie.person and place:
            yield Match(dossier.pk, tie.kind, True, _ground(tie))


def _ground(tie: Tie) -> str:
    return " · ".join(part for part in (tie.person, tie.organisation, tie.note) if part)


def _within(first: str, second: str) -> bool:
    """Whether two folded names mean one organisation: equal, or one within the other (a branch, a short form)."""
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return first == second or (len(shorter) >= SHORTEST_NAME and shorter in longer)
