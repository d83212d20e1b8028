"""Priority marks and earlier titles as an edition declares them, and finding them in words that people write. Pure.

`[[priority]]` names what the letter says is recommended first (P-1), `[[earlier_title]]` the titles whose holders the clauses ask for
(L-2), `[lists]` how imported lists are compared with dossiers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

Subject = Literal["employer", "person"]

# `尖兵` alone is a figure of speech in deeds, and a project in a column of projects
SHORTEST_CLAIM = 3
_SIGN = re.compile(r"[^\w]|_")
# what says the opposite of a claim, shortly before it: `拟申报小巨人`, `未获评`
_NOT_YET = re.compile(r"(?:拟|未|不是|非|争创|培育|储备|申报中|服务|客户|供应商)[^，。；,;]{0,6}$")


@dataclass(frozen=True, slots=True)
class PrioritySpec:
    """A priority mark. `subject`: whether the employer bears it or the person. `aliases`: other words for it, in lists and papers."""

    key: str
    label: str
    label_en: str
    subject: Subject
    aliases: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (self.label, *self.aliases)


@dataclass(frozen=True, slots=True)
class EarlierTitle:
    """A title that somebody may hold already. `may_stand_again`: it keeps nobody from being recommended (P-1, nominee prize).

    `edition`: the slug of the earlier edition of this programme that gave it, if one did: its dossiers know its people.
    """

    key: str
    label: str
    label_en: str
    aliases: tuple[str, ...] = ()
    may_stand_again: bool = False
    edition: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return (self.label, *self.aliases)


Declared = TypeVar("Declared", PrioritySpec, EarlierTitle)


@dataclass(frozen=True, slots=True)
class ListRules:
    """How lists are compared with dossiers: scores from which a row is shown, places before firms' names, and the facts that carry
    an employer's code, the claimed marks and the titles held."""

    near: int = 75
    near_title: int = 55
    places: tuple[str, ...] = ()
    code_fact: str = ""
    claim_fact: str = ""
    title_fact: str = ""


def priorities(document: Mapping[str, Any]) -> tuple[PrioritySpec, ...]:
    """The edition's `[[priority]]`. Raises ValueError with one sentence."""
    return _declared(document, "priority", PrioritySpec)


def earlier_titles(document: Mapping[str, Any]) -> tuple[EarlierTitle, ...]:
    """The edition's `[[earlier_title]]`. Raises ValueError with one sentence."""
    return _declared(document, "earlier_title", EarlierTitle)


def list_rules(document: Mapping[str, Any], facts: Iterable[str]) -> ListRules:
    """The edition's `[lists]`. Raises ValueError for a fact that the edition has not, and for scores out of bounds."""
    raw, known = document.get("lists", {}), set(facts)
    try:
        rules = ListRules(**{**raw, "places": tuple(raw.get("places", ()))})
    except TypeError as error:
        raise ValueError(f"[lists]: {error}") from None
    for key in ("code_fact", "claim_fact", "title_fact"):
        if (fact := getattr(rules, key)) and fact not in known:
            raise ValueError(f"[lists] {key}: the edition has no fact {fact!r}")
    for key in ("near", "near_title"):
        if type(getattr(rules, key)) is not int or not 1 <= getattr(rules, key) <= 100:
            raise ValueError(f"[lists] {key} must be a whole number from 1 to 100")
    return rules


def _declared(document: Mapping[str, Any], table: str, kind: type[Declared]) -> tuple[Declared, ...]:
    rows = []
    for number, raw in enumerate(document.get(table, ()), 1):
        try:
            rows.append(kind(**{**raw, "aliases": tuple(raw.get("aliases", ()))}))
        except TypeError as error:
            raise ValueError(f"[[{table}]] number {number}: {error}") from None
    if len({row.key for row in rows}) != len(rows):
        raise ValueError(f"two of [[{table}]] have the same key")
    return tuple(rows)


def named_in(text: str, declared: Sequence[Declared]) -> tuple[Declared, ...]:
    """Those that a cell such as `专精特新“小巨人”、单项冠军` names, in the order in which they are declared.

    Where one name contains another (杭州数字工匠提名奖, 杭州数字工匠), only the longer counts.
    """
    folded = _folded(text)
    found: dict[str, Declared] = {}
    while longest := max(
        ((word, one) for one in declared for word in _words(one) if word in folded),
        key=lambda pair: len(pair[0]),
        default=None,
    ):
        word, one = longest
        found[one.key] = one
        folded = folded.replace(word, "\0")
    return tuple(one for one in declared if one.key in found)


@dataclass(frozen=True, slots=True)
class Claim:
    """A mark that a paper claims: which, and in which field."""

    mark: str
    field: str


def claims_in(texts: Mapping[str, str], marks: Sequence[PrioritySpec]) -> tuple[Claim, ...]:
    """The marks that these texts (by field) claim; the first field that claims one is named.

    What is said to be only sought, or to be somebody else's, is no claim (`争创小巨人`, `服务小巨人企业`).
    """
    found: dict[str, str] = {}
    for field, text in texts.items():
        folded = _folded(text, keep="，。；,;")
        for mark in marks:
            words = (word for word in _words(mark) if len(word) >= SHORTEST_CLAIM)
            if mark.key not in found and any(_claimed(word, folded) for word in words):
                found[mark.key] = field
    return tuple(Claim(mark.key, found[mark.key]) for mark in marks if mark.key in found)


def _claimed(word: str, folded: str) -> bool:
    at = folded.find(word)
    while at >= 0:
        if not _NOT_YET.search(folded[max(0, at - 12) : at]):
            return True
        at = folded.find(word, at + 1)
    return False


@lru_cache(maxsize=1024)
def _words(one: PrioritySpec | EarlierTitle) -> tuple[str, ...]:
    """Its words as they are looked for, the shortest of two characters."""
    return tuple(word for text in one.words if len(word := _folded(text)) >= 2)


def _folded(text: str, keep: str = "") -> str:
    """Half width, lower case, without signs but those to keep."""
    normal = unicodedata.normalize("NFKC", text) if not keep else text
    return _SIGN.sub(lambda found: found[0] if found[0] in keep and found[0] else "", normal).casefold()
