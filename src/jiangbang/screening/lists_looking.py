"""The lists in force, ready to be asked who is on them. Reads the database once, then only memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from jiangbang.kernel import credit_code
from jiangbang.kernel.firms import SAME, FirmIndex, employer_of
from jiangbang.kernel.holders import Holder, HolderIndex
from jiangbang.programme.models import Edition
from jiangbang.screening.lists_models import ListRow, NameList

# How many likely rows of one kind are kept for a dossier; more would not help whoever decides.
MOST_NEAR = 3
# The same full name with another credit code is another firm, or a slip in the code: a person looks.
OTHER_CODE = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """A dossier as it is compared."""

    name: str
    employer: str
    code: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A row that may be meant. `way`: identity, code, name (sure), or near."""

    row: int
    kind: str
    is_title: bool
    way: str
    score: int


class Lists:
    """Every usable row of an edition's lists in force. `marks_of_people`, titles and firms are asked in their own ways."""

    def __init__(self, edition: Edition) -> None:
        spec = edition.spec
        self._rules = spec.lists
        self._titles = {title.key for title in spec.earlier_titles}
        people = self._titles | {mark.key for mark in spec.priorities if mark.subject == "person"}
        self._kinds: dict[int, str] = {}
        self._codes: dict[int, str] = {}
        self._by_code: dict[str, list[int]] = {}
        firms: list[tuple[int, str]] = []
        holders: list[Holder[int]] = []
        for pk, kind, name, employer, code, identity in _usable(edition):
            self._kinds[pk] = kind
            if kind in people:
                holders.append(Holder(pk, name, employer, identity))
                continue
            firms.append((pk, name))
            if code and credit_code.examine(code) is None:
                self._codes[pk] = code
                self._by_code.setdefault(code, []).append(pk)
        self._firms = FirmIndex(firms, self._rules.places)
        self._holders = HolderIndex(holders, self._rules.places)
        # most dossiers share their employer with others
        self._like = lru_cache(maxsize=50_000)(lambda name: self._firms.find(name, least=self._rules.near))

    def __len__(self) -> int:
        return len(self._kinds)

    def find(self, asked: Asked) -> list[Found]:
        """Every row that counts or that a person should look at, the surest of each kind first."""
        return [*_best(self._of_firm(asked)), *_best(self._of_person(asked))]

    def _of_firm(self, asked: Asked) -> Iterable[Found]:
        for pk in self._by_code.get(asked.code, ()) if asked.code else ():
            yield Found(pk, self._kinds[pk], False, "code", SAME)
        for like in self._like(employer_of(asked.employer)):
            code = self._codes.get(like.key, "")
            if code and code == asked.code:
                continue
            if like.score < SAME:
                yield Found(like.key, self._kinds[like.key], False, "near", like.score)
            elif code and asked.code:
                yield Found(like.key, self._kinds[like.key], False, "near", OTHER_CODE)
            else:
                yield Found(like.key, self._kinds[like.key], False, "name", SAME)

    def _of_person(self, asked: Asked) -> Iterable[Found]:
        least = min(self._rules.near, self._rules.near_title)
        for likely in self._holders.find(asked.name, asked.employer, asked.identity, least=least):
            kind = self._kinds[likely.key]
            is_title = kind in self._titles
            if likely.way == "identity":
                yield Found(likely.key, kind, is_title, "identity", likely.score)
            elif likely.score >= (self._rules.near_title if is_title else self._rules.near):
                yield Found(likely.key, kind, is_title, "near", likely.score)


def _usable(edition: Edition) -> Iterable[tuple[int, str, str, str, str, str]]:
    rows = ListRow.objects.filter(name_list__edition=edition, name_list__state=NameList.State.IN_FORCE, usable=True)
    columns = ("pk", "kind", "name", "employer", "code", "identity")
    return rows.order_by("pk").values_list(*columns).iterator(chunk_size=5000)


def _best(found: Iterable[Found]) -> Iterable[Found]:
    """Of each kind the sure rows, or else the likeliest few."""
    by_kind: dict[str, list[Found]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one)
    for rows in by_kind.values():
        sure = [one for one in rows if one.way != "near"]
        yield from sure or sorted(rows, key=lambda one: -one.score)[:MOST_NEAR]
