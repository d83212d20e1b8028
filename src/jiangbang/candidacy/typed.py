"""From what people type on the page to the values that the record keeps: the same reading as for papers.

Text that cannot be read is kept as it was typed; the checks say what is wrong with it. Nothing here raises for any text.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from jiangbang.kernel.edition import EditionSpec, FactSpec
from jiangbang.kernel.form import FieldSpec, Value
from jiangbang.papers.normalise import (
    clean_lines,
    clean_name,
    clean_text,
    read_gender,
    read_identity,
    read_month,
    read_phone,
    read_years,
)

FACT_PREFIX = "fact."
_ITEM_ID = re.compile(r"[0-9a-z]{1,12}")
_READERS: dict[str, Callable[[str], Value]] = {
    "gender": read_gender,
    "month": read_month,
    "integer": read_years,
    "identity": read_identity,
    "phone": read_phone,
    "mobile": read_phone,
}


class Item(TypedDict):
    """An entry of a list. The id stays with it when the order changes, so that its evidence does too."""

    id: str
    text: str


def typed_value(spec: FieldSpec, typed: Any) -> Any:
    """The value of a field as the draft keeps it: text normalised where it can be read, items with their ids, None when empty."""
    if spec.kind == "items":
        return typed_items(typed)
    text = str(typed if typed is not None else "").replace("\0", "")
    if spec.kind == "long_text":
        return clean_lines([text]) or None
    line = clean_name(text) if spec.key == "name" else clean_text(text)
    reader = _READERS.get(spec.kind)
    if not line or reader is None:
        return line or None
    found = reader(line)
    return line if found is None else found


def typed_items(typed: Any) -> list[Item]:
    """Items from texts or `{id, text}`; those without text are dropped, those without a right id get one."""
    items: list[Item] = []
    for one in typed if isinstance(typed, Sequence) and not isinstance(typed, str) else ():
        held = one if isinstance(one, Mapping) else {"text": one}
        text = clean_lines([str(held.get("text") or "").replace("\0", "")])
        known = str(held.get("id") or "")
        if _ITEM_ID.fullmatch(known) is None or known in {item["id"] for item in items}:
            known = new_item_id()
        if text:
            items.append({"id": known, "text": text})
    return items


def new_item_id() -> str:
    return secrets.token_hex(4)


def typed_fact(fact: FactSpec, typed: Any) -> object:
    """A declared fact: True, False, a number, text, a list (empty: "none"), or None where nothing was said."""
    if fact.kind == "bool":
        return (
            {"yes": True, "no": False, True: True, False: False}.get(typed) if isinstance(typed, str | bool) else None
        )
    if fact.kind == "list":
        return _typed_list(typed)
    text = clean_text(str(typed if typed is not None else "").replace("\0", ""))
    if fact.kind == "int":
        return read_years(text) if text else None
    return text or None


def _typed_list(typed: Any) -> list[str] | None:
    if typed is None or typed == "":
        return None
    entries = typed if isinstance(typed, list | tuple) else re.split(r"[\n、，,;；]+", str(typed))
    found = [clean_text(str(entry).replace("\0", "")).strip("“”\"'《》") for entry in entries]
    return [entry for entry in found if entry and entry not in ("无", "none")]


def form_value(spec: FieldSpec, kept: Any) -> Value:
    """The value as the record has it: items lose their ids."""
    if spec.kind == "items":
        return [item["text"] for item in kept or ()]
    value: Value = kept
    return value


def asked_facts(spec: EditionSpec) -> tuple[FactSpec, ...]:
    """The facts that the form does not carry: they are asked as plain questions."""
    return tuple(fact for fact in spec.facts if not fact.from_field)


def known_keys(spec: EditionSpec) -> frozenset[str]:
    """The keys that a candidate may fill in by typing."""
    fields = {field.key for field in spec.form if field.kind not in ("image", "opinions")}
    return frozenset(fields | {FACT_PREFIX + fact.key for fact in asked_facts(spec)})


def read_typed(spec: EditionSpec, key: str, typed: Any) -> Any:
    """The value of any key of `known_keys`."""
    if key.startswith(FACT_PREFIX):
        fact = next(fact for fact in asked_facts(spec) if FACT_PREFIX + fact.key == key)
        return typed_fact(fact, typed)
    return typed_value(spec.form[key], typed)
