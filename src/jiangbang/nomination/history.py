"""What the register says of a dossier, for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
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
            labels.get(row.facts.get("field", ""), row.facts.get("file", "")),
        )
        for row in rows
    ]
