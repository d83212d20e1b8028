"""The list of dossiers: what the address narrows it to, its order, its pages by key.

A page costs the same wherever it lies: it starts after the last row of the page before (keyset), never counts rows off. The total is
counted on the first page and travels in the cursor.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jiangbang.nomination.models import Dossier
from jiangbang.nomination.queries import DossierFilter, dossiers
from jiangbang.programme.models import Edition

PAGE_ROWS = 50

# order → the columns of its key, the last of them unique; a minus sign: largest first
ORDERS: dict[str, tuple[str, ...]] = {
    "changed": ("-updated_at", "-id"),
    "name": ("name", "id"),
    "unit": ("unit_code", "name", "id"),
    "findings": ("-block_count", "-warn_count", "id"),
}
COLUMNS = ("id", "name", "employer", "unit_code", "state", "industry_class", "block_count", "warn_count", "updated_at")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as dictionaries of `COLUMNS`, the whole list's length, and the cursors of the neighbours (empty: none)."""

    rows: list[dict[str, Any]]
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the address asks for."""

    wanted: DossierFilter
    order: str = "changed"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Listing:
        """Read the address; what it says wrongly counts as unsaid."""
        order = query.get("sort", "changed")
        return cls(
            DossierFilter(
                unit=query.get("unit", ""),
                state=query.get("state", "") if query.get("state") in Dossier.State.values else "",
                finding=query.get("finding", ""),
                industry_class=query.get("class", ""),
                text=query.get("q", "").strip(),
            ),
            order if order in ORDERS else "changed",
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return self.wanted != DossierFilter()


def page_of(edition: Edition, listing: Listing, *, after: str = "", before: str = "") -> Page:
    """One page: the rows after (or before) a cursor. Two queries on the first page, one on others."""
    found = dossiers(edition, listing.wanted)
    columns = ORDERS[listing.order]
    backward = bool(before) and not after
    total, key = _read_cursor(before if backward else after)
    if key is not None and len(key) != len(columns):
        key = None
    if key is None:
        total = found.count()
    ordered = [_turned(column) for column in columns] if backward and key else list(columns)
    if key is not None:
        found = found.filter(_beyond(ordered, key))
    rows = list(found.order_by(*ordered).values(*COLUMNS)[: PAGE_ROWS + 1])
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    if backward and key is not None:
        rows.reverse()
    earlier, later = (more, True) if backward else (key is not None, more)
    return Page(
        rows,
        total,
        _cursor(columns, rows[0], total) if rows and earlier else "",
        _cursor(columns, rows[-1], total) if rows and later else "",
    )


def all_rows(edition: Edition, listing: Listing) -> QuerySet[Dossier, dict[str, Any]]:
    """Every row of the list in its order, for the export."""
    return dossiers(edition, listing.wanted).order_by(*ORDERS[listing.order]).values(*COLUMNS)


def _turned(column: str) -> str:
    return column.removeprefix("-") if column.startswith("-") else f"-{column}"


def _beyond(columns: list[str], key: list[Any]) -> Q:
    """Rows whose key lies after `key` in this order, told column by column; the first column's bound lets an index serve."""
    beyond = Q()
    equal = Q()
    for column, value in zip(columns, key, strict=True):
        name, descending = column.removeprefix("-"), column.startswith("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{name: value})
    name, descending = columns[0].removeprefix("-"), columns[0].startswith("-")
    return Q(**{f"{name}__{'lte' if descending else 'gte'}": key[0]}) & beyond


def _cursor(columns: tuple[str, ...], row: Mapping[str, Any], total: int) -> str:
    values = [row[column.removeprefix("-")] for column in columns]
    plain = [value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([total, *plain], ensure_ascii=False).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, list[Any] | None]:
    """Total and key; no key where the cursor is empty or was tampered with."""
    if not cursor:
        return 0, None
    try:
        total, *key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        UUID(key[-1])
        return int(total), [datetime.fromisoformat(key[0]), *key[1:]] if _is_moment(key[0]) else key
    except (binascii.Error, ValueError, TypeError, IndexError, AttributeError):
        return 0, None


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= 25 and value[4:5] == "-" and "T" in value
