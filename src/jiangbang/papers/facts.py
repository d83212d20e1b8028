"""The facts that clauses read: from the record, and as the unit declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jiangbang.kernel.edition import EditionSpec, FactSpec
from jiangbang.kernel.form import Record


def facts_of(record: Record, edition: EditionSpec, declared: Mapping[str, object] | None = None) -> dict[str, object]:
    """The known facts by key; what the record says goes before what was declared.

    An unknown fact, or one of another kind than the edition says, is not in the dict: its clauses stay open.
    """
    facts: dict[str, object] = {}
    for fact in edition.facts:
        for value in (_from_record(record, fact), (declared or {}).get(fact.key)):
            if value is not None and is_of_kind(value, fact.kind):
                facts[fact.key] = value
                break
    return facts


def is_of_kind(value: object, kind: str) -> bool:
    """Whether a value is what the edition says of such a fact: `bool`, `int`, `text` or `list`."""
    return _KINDS[kind](value)


def _from_record(record: Record, fact: FactSpec) -> object:
    """An empty field says nothing, so it is no fact."""
    value = record.get(fact.from_field) if fact.from_field else None
    return None if value in ("", []) else value


_KINDS: Mapping[str, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, (list, tuple)),
}
