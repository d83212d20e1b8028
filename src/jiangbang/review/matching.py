"""Who must not judge whom: an expert's profile and declared relations against the dossiers. Pure.

An expert names the people and organisations that he is bound to; he is never shown a list of candidates. What matches in full stands
as a recusal; what matches in part (the same name elsewhere, works that read alike) is a doubt for the organiser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jiangbang.kernel.names import fold_name
from jiangbang.kernel.similarity import Line, alike, folded, line_of
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


def found_in_data(profile: Profile, unit_code: str, dossiers: Sequence[Judged]) -> list[Match]:
    """Own candidacy, same employer, same recommending unit, shared works."""
    works = {text.strip(): line_of(text) for text in profile.works.splitlines()}
    works = {text: line for text, line in works.items() if len(line.text) >= SHORTEST_WORK}
    own, name = organisation(profile.employer), fold_name(profile.name)
    house = folded(organisation(own))
    found: list[Match] = []
    for dossier in dossiers:
        same_house = _within(house, dossier.folded_employer)
        if name and name == dossier.folded_name:
            certain = bool(profile.mobile and profile.mobile == dossier.mobile) or same_house
            found.append(Match(dossier.pk, "own", certain, profile.name))
        if same_house:
            found.append(Match(dossier.pk, "employer", True, own))
        if unit_code and unit_code == dossier.unit_code:
            found.append(Match(dossier.pk, "recommender", True, dossier.unit_name))
        if shared := _shared(works, dossier.lines):
            found.append(Match(dossier.pk, "shared", False, shared))
    return found


def bound_by(ties: Iterable[Tie], dossiers: Sequence[Judged]) -> list[Match]:
    """The dossiers that declared relations lead to."""
    found: dict[tuple[str, str], Match] = {}
    for tie in ties:
        for match in _bound(tie, dossiers):
            known = found.get((match.dossier, match.kind))
            if known is None or (match.certain and not known.certain):
                found[match.dossier, match.kind] = match
    return list(found.values())


def _bound(tie: Tie, dossiers: Sequence[Judged]) -> Iterator[Match]:
    body = organisation(tie.organisation)
    for dossier in dossiers:
        place = same_organisation(body, dossier.employer) or (bool(body) and body in dossier.unit_name)
        if tie.person and same_person(tie.person, dossier.name):
            # the same name in another house may be somebody else
            yield Match(dossier.pk, tie.kind, place or not body, _ground(tie))
        elif not tie.person and place:
            yield Match(dossier.pk, tie.kind, True, _ground(tie))


def _ground(tie: Tie) -> str:
    return " · ".join(part for part in (tie.person, tie.organisation, tie.note) if part)


def same_person(one: str, other: str) -> bool:
    """Whether two names are the same, spaces, dots and variants aside."""
    return bool(one.strip()) and fold_name(one) == fold_name(other)


def same_organisation(one: str, other: str) -> bool:
    """Whether two names mean one organisation: equal, or one within the other (a branch, a short form)."""
    return _within(folded(organisation(one)), folded(organisation(other)))


def _within(first: str, second: str) -> bool:
    """`same_organisation` of names that are folded."""
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    return first == second or (len(shorter) >= SHORTEST_NAME and shorter in longer)


def _shared(works: Mapping[str, Line], others: Sequence[Line]) -> str:
    """The first work that both have; empty for none."""
    for text, work in works.items():
        if any(alike(work, other, SHARED) for other in others):
            return text
    return ""
