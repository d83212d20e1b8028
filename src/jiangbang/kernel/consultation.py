"""Whom an edition asks about whom: departments by category, and of each only the fields that it needs. Frozen values of the tables
`[[consultation]]`, `[[consulted]]` and `[consultation_terms]`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

# A letter that gives more days than this, or an answer that holds longer, is a slip of the pen.
MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Category:
    """Candidates about whom the same departments are asked. `posts`: words of a post by which the category is proposed."""

    key: str
    label: str
    label_en: str
    departments: tuple[str, ...]
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """A department that is asked. `to`: as the letter addresses it; `asked`: on what; `fields`: keys of the form's fields that it is shown,
    `facts`: keys of the edition's facts."""

    name: str
    to: str
    asked: str
    asked_en: str
    fields: tuple[str, ...]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsultationSpec:
    """All that the consultation needs to know of an edition. `days`: working days for an answer; `holds`: days for which one holds."""

    categories: tuple[Category, ...]
    departments: tuple[Department, ...]
    days: int
    holds: int
    number: str

    def category(self, key: str) -> Category:
        """The category with this key; the last one where there is none (a category that the edition took back)."""
        return next((one for one in self.categories if one.key == key), self.categories[-1])

    def department(self, name: str) -> Department:
        """The department of this name. Raises KeyError."""
        for one in self.departments:
            if one.name == name:
                return one
        raise KeyError(name)

    def proposed(self, post: str) -> Category:
        """The first category one of whose words stands in the post; else the last, which is for everybody else."""
        folded = post.casefold()
        for one in self.categories:
            if any(word.casefold() in folded for word in one.posts):
                return one
        return self.categories[-1]

    def holds_on(self, answered: date, today: date) -> bool:
        """Whether an answer of one day still holds on another; on its last day it does."""
        return today <= answered + timedelta(days=self.holds)


def read_consultation(
    document: Mapping[str, Any], fields: Mapping[str, Collection[str]] | None = None
) -> ConsultationSpec:
    """The consultation of an edition's document. Raises ValueError with one sentence that names the key at fault.

    `fields`: for each key of the form's fields who may see it in the stage of consultation; what a department may not see is refused.
    """
    terms = document.get("consultation_terms", {})
    facts = {row["key"] for row in document.get("fact", ())}
    departments = tuple(_department(row, fields, facts) for row in document.get("consulted", ()))
    known = {one.name for one in departments}
    categories = tuple(_category(row) for row in document.get("consultation", ()))
    named = {name for one in categories for name in one.departments}
    # a department without a row of its own is asked by name, and shown names only
    departments += tuple(
        Department(name, name, "", "", ("name",)) for one in categories for name in one.departments if name not in known
    )
    if stray := known - named:
        raise ValueError(f"[[consulted]]: no category of [[consultation]] asks {', '.join(sorted(stray))}")
    return ConsultationSpec(
        categories,
        tuple({one.name: one for one in departments}.values()),
        _days(terms, "days", 5),
        _days(terms, "holds", 180),
        _number(terms.get("number", "{year}-{n}")),
    )


def _category(row: Mapping[str, Any]) -> Category:
    try:
        return Category(
            str(row["category"]),
            str(row["label"]),
            str(row.get("label_en", row["label"])),
            tuple(dict.fromkeys(row["departments"])),
            tuple(row.get("posts", ())),
        )
    except KeyError as error:
        raise ValueError(f"[[consultation]] lacks {error}") from None


def _department(
    row: Mapping[str, Any], fields: Mapping[str, Collection[str]] | None, facts: Collection[str]
) -> Department:
    name = str(row.get("name", "?"))
    if len(name) > 40:
        raise ValueError(f"[[consulted]] {name}: a department's name has 40 characters at most")
    shown = tuple(dict.fromkeys(row.get("fields", ("name",))))
    if fields is not None:
        _check_shown(name, shown, fields)
    if stray := set(row.get("facts", ())) - set(facts):
        raise ValueError(f"[[consulted]] {name}: the edition has no fact {', '.join(sorted(stray))}")
    asked = str(row.get("asked", ""))
    return Department(
        name, str(row.get("to", name)), asked, str(row.get("asked_en", asked)), shown, tuple(row.get("facts", ()))
    )


def _check_shown(name: str, shown: Collection[str], fields: Mapping[str, Collection[str]]) -> None:
    for key in shown:
        if key not in fields:
            raise ValueError(f"[[consulted]] {name}: the form has no field {key!r}")
        if "department" not in fields[key]:
            raise ValueError(f"[[consulted]] {name}: the form lets no department see {key!r}")


def _days(table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if type(value) is not int or not 1 <= value <= MOST_DAYS:
        raise ValueError(f"consultation_terms.{key} must be a whole number from 1 to {MOST_DAYS}")
    return value


def _number(pattern: object) -> str:
    try:
        text = str(pattern)
        text.format(year=2000, n=1)
    except (KeyError, IndexError, ValueError):
        raise ValueError("consultation_terms.number may hold {year} and {n} and no other braces") from None
    return text
