"""People on published lists: which of them is meant by a name and an employer. Pure.

A list of title holders seldom tells the identity number, and many people share a name. So a name alone is never enough to say "this is
the one": it gives a score, and a person decides. Only an identity number is sure, one way or the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from jiangbang.kernel.firms import Firm, employer_of, fold_firm, likeness, parse
from jiangbang.kernel.names import fold_name

Key = TypeVar("Key", bound=Hashable)
Way = Literal["identity", "name"]

SURE: Final = 100
# the same name: so many points, and the rest by the employer's likeness; so many where the list names no employer
SAME_NAME, NAME_ALONE = 60, 55
# a name with one other character (a slip, a variant): only with much the same employer, and never as high
OTHER_CHARACTER, EMPLOYER_FOR_SLIP, SHORTEST_FOR_SLIP = 30, 85, 3
_EMPLOYER_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Holder(Generic[Key]):
    """One row of a list. `identity`: blind index of the identity number where it is known, else empty."""

    key: Key
    name: str
    employer: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Likely(Generic[Key]):
    """One row that may be meant: by what it was found, and how sure that is, 0 to 100."""

    key: Key
    way: Way
    score: int


class HolderIndex(Generic[Key]):
    """Lists of people, asked for somebody."""

    def __init__(self, rows: Iterable[Holder[Key]], places: Sequence[str] = ()) -> None:
        self.places = tuple(sorted({fold_firm(place) for place in places} - {""}, key=lambda one: (-len(one), one)))
        self._by_identity: dict[str, list[Holder[Key]]] = defaultdict(list)
        self._by_name: dict[str, list[Holder[Key]]] = defaultdict(list)
        self._by_slip: dict[str, list[Holder[Key]]] = defaultdict(list)
        for row in rows:
            self._add(row)

    def _add(self, row: Holder[Key]) -> None:
        name = fold_name(row.name)
        if row.identity:
            self._by_identity[row.identity].append(row)
        self._by_name[name].append(row)
        if row.employer:
            for slip in _slips(name):
                self._by_slip[slip].append(row)

    def find(self, name: str, employer: str, identity: str = "", *, least: int = 0) -> list[Likely[Key]]:
        """The rows that may be this person, surest first. A row with another identity number is somebody else."""
        sure = self._by_identity.get(identity, []) if identity else []
        found = [Likely(row.key, "identity", SURE) for row in sure]
        folded, asked = fold_name(name), parse(employer_of(employer), self.places)
        taken = {row.key for row in sure}
        if not folded:
            return found
        for row in self._by_name.get(folded, ()):
            if row.key not in taken and not _somebody_else(row, identity):
                taken.add(row.key)
                found.append(Likely(row.key, "name", self._score(row, asked)))
        for row in (row for slip in _slips(folded) for row in self._by_slip.get(slip, ())):
            if row.key in taken or _somebody_else(row, identity):
                continue
            taken.add(row.key)
            if (alike := likeness(parse(employer_of(row.employer), self.places), asked)) >= EMPLOYER_FOR_SLIP:
                found.append(Likely(row.key, "name", OTHER_CHARACTER + round(_EMPLOYER_SHARE * alike)))
        return sorted((one for one in found if one.score >= least), key=lambda one: (one.way != "identity", -one.score))

    def _score(self, row: Holder[Key], asked: Firm) -> int:
        if not row.employer:
            return NAME_ALONE
        alike = likeness(parse(employer_of(row.employer), self.places), asked)
        # never SURE: two people of one name may work in one firm
        return min(SURE - 1, SAME_NAME + round(_EMPLOYER_SHARE * alike))


def _somebody_else(row: Holder[Key], identity: str) -> bool:
    return bool(row.identity and identity and row.identity != identity)


def _slips(name: str) -> set[str]:
    """The name with each of its characters left open, in its place."""
    if len(name) < SHORTEST_FOR_SLIP:
        return set()
    return {f"{name[:at]}\0{name[at + 1 :]}" for at in range(len(name))}
