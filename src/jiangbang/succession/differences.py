"""How two editions differ, for people: by section, what it says now and what it will say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiangbang.programme.acts import changed_paths

SECTIONS: Final[Mapping[str, str | Promise]] = {
    "slug": _("Names"),
    "name": _("Names"),
    "name_en": _("Names"),
    "previous": _("Names"),
    "calendar": _("Dates"),
    "stage": _("Dates"),
    "side_stage": _("Dates"),
    "title": _("Titles and seats"),
    "unit": _("Units and quotas"),
    "clause": _("Clauses"),
    "earlier_title": _("Earlier titles"),
}


# the fields that a copied edition changes; the name of any other stands as the files have it
FIELDS: Final[Mapping[str, str | Promise]] = {
    "slug": _("short name"),
    "name": _("Name of the edition"),
    "name_en": _("name in English"),
    "previous": _("editions before it"),
    "clock": _("moment at which it stands"),
    "deadline": _("deadline"),
    "opens": _("opens"),
    "closes": _("closes"),
    "seats": _("seats"),
    "edition": _("edition"),
    "label": _("designation"),
    "label_en": _("designation in English"),
    "expression": _("rule"),
    "text": _("text"),
}
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)\S*)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two documents differ. `place` within the section, in words; empty `before` is new, empty `after` is gone."""

    section: str
    place: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every difference of two documents, by section and within it in the order of the file. Days bear their weekday."""
    order = list(dict.fromkeys(str(one) for one in SECTIONS.values()))
    found = []
    for path in changed_paths(old, new):
        where = path.split(".")
        parts = where[1:] if where[0] == "edition" else where
        section = str(SECTIONS.get(parts[0], parts[0]))
        made = Difference(section, _place(old, new, where), _said(old, where), _said(new, where))
        found.append((order.index(section) if section in order else len(order), _standing(new, where), made))
    return [made for _section, _at, made in sorted(found, key=lambda one: one[:2])]


def _standing(document: Any, where: list[str]) -> list[int]:
    """Where a path stands in its file: a row by its place in the list, a field as `FIELDS` has them."""
    fields, places = list(FIELDS), []
    for end, step in enumerate(where):
        rows = _at(document, where[:end])
        if isinstance(rows, list):
            row = _at(document, where[: end + 1])
            places.append(rows.index(row) if row in rows else len(rows))
        else:
            places.append(fields.index(step) if step in fields else len(fields))
    return places


def _place(old: Any, new: Any, where: list[str]) -> str:
    """The steps below the section, as people call them."""
    begin = 2 if where[0] == "edition" else 1
    words = []
    for end in range(begin, len(where)):
        step, row = where[end], _at(new, where[: end + 1]) or _at(old, where[: end + 1])
        listed = isinstance(_at(new, where[:end]) or _at(old, where[:end]), list)
        words.append(_called(row, step) if listed else str(FIELDS.get(step, step)))
    return " · ".join(words) or str(FIELDS.get(where[-1], where[-1]))


def _called(row: Any, key: str) -> str:
    """A row of a list by its label in the reader's language."""
    if not isinstance(row, Mapping):
        return key
    english = row.get("label_en") if (get_language() or "").startswith("en") else ""
    return str(english or row.get("label") or row.get("name") or key)


def _said(document: Any, where: list[str]) -> str:
    value = _at(document, where)
    if isinstance(value, Mapping):
        return "；".join(str(one) for key, one in value.items() if key in ("label", "text", "expression", "code"))
    if isinstance(value, list):
        return "、".join(map(str, value))
    return _with_weekday("" if value is None else str(value))


def _with_weekday(text: str) -> str:
    """A day or a moment of the edition's own clock, with its weekday: whoever plans looks for weekends."""
    moment = _DAY.fullmatch(text)
    if moment is None:
        return text
    weekday = date_format(date.fromisoformat(moment[1]), "D")
    return " ".join(part for part in (moment[1], weekday, moment[2]) if part)


def _at(document: Any, where: list[str]) -> Any:
    """The value at a path of `changed_paths`; nothing where the document has none."""
    value = document
    for step in where:
        if isinstance(value, list):
            value = next((one for one in value if step in (one.get("key"), one.get("code"), one.get("name"))), None)
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value
