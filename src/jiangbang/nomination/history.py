"""What the register says of a dossier, for its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.code_labels import FILE_LABELS
from jiangbang.nomination.pages import label_of
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.models import Entry


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the register about a dossier, in the reader's words."""

    index: int
    says: str
    at: datetime
    who: str
    field: str


def history(entries: Iterable[Entry], spec: EditionSpec) -> list[Happening]:
    """What the register says of a dossier: who did or saw what. Two queries."""
    rows = list(entries)
    people = {
        f"user:{user.pk}": str(user)
        for user in User.objects.filter(pk__in={row.actor.partition(":")[2] for row in rows})
    }
    labels = {field_spec.key: label_of(field_spec) for field_spec in spec.form}
    return [
        Happening(
            row.index,
            str(ENTRY_TYPES[row.type].says),
            row.at,
            people.get(row.actor, row.actor),
            _what(row.facts, labels),
        )
        for row in rows
    ]


def _what(facts: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Which field was shown, or which paper was taken away."""
    if field := facts.get("field", ""):
        return labels.get(field, field)
    file = facts.get("file", "")
    return str(FILE_LABELS.get(file, file))
