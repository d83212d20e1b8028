"""How two editions differ, for people: by section, what it says now and what it will say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
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


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two documents differ. `path` without the section; empty `before` is new, empty `after` is gone."""

    section: str
    path: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every difference of two documents, section by section in the order of the file."""
    found = []
    for path in changed_paths(old, new):
        where = path.split(".")
        parts = where[1:] if where[0] == "edition" else where
        section = str(SECTIONS.get(parts[0], parts[0]))
        found.append(Difference(section, " · ".join(parts[1:]) or parts[0], _said(old, where), _said(new, where)))
    order = list(dict.fromkeys(str(one) for one in SECTIONS.values()))
    return sorted(found, key=lambda one: order.index(one.section) if one.section in order else len(order))


def _said(document: Any, where: list[str]) -> str:
    value = document
    for step in where:
        if isinstance(value, list):
            value = next((one for one in value if step in (one.get("key"), one.get("code"), one.get("name"))), None)
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):
        return "；".join(str(one) for key, one in value.items() if key in ("label", "text", "expression", "code"))
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)
