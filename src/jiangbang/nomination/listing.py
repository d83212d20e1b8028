"""The list of dossiers: what the address narrows it to, its order, its pages by key.

A page costs the same wherever it lies: it starts after the last row of the page before (keyset), never counts rows off. The total is
counted on the first page and travels in the cursor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet

from jiangbang.nomination.models import Dossier, Packet
from jiangbang.nomination.queries import DossierFilter, dossiers, packets
from jiangbang.programme.models import Edition

PAGE_ROWS = 50
# No filter is longer, in characters; longer ones are cut.
MAX_SAID = 300

# Columns of an order, the last of them unique; a minus sign: largest first.
Key = tuple[str, ...]
Row = TypeVar("Row")

ORDERS: dict[str, Key] = {
    "changed": ("-updated_at", "-id"),
    "name": ("name", "id"),
    "unit": ("unit_code", "name", "id"),
    "findings": ("-block_count", "-warn_count", "id"),
}
COLUMNS = ("id", "name", "employer", "unit_code", "state", "industry_class", "block_count", "warn_count", "updated_at")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, the whole list's length, and the cursors of the neighbouring pages (empty: none)."""

    rows: list[Row]
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
        # PostgreSQL refuses NUL in texts, SQLite patterns over 50,000 bytes
        query = {key: value.replace("\0", "")[:MAX_SAID] for key, value in query.items()}
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


def page_of(
    edition: Edition, listing: Listing, *, after: str = "", before: str = "", total: int | None = None
) -> Page[dict[str, Any]]:
    """One page of the list of dossiers. Two queries on the first page unless `total` is known, one on others."""
    found = dossiers(edition, listing.wanted).values(*COLUMNS)
    return keyset(found, ORDERS[listing.order], after=after, before=before, total=total)


def keyset(
    found: QuerySet[Any, Row],
    columns: Key,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_ROWS,
    total: int | None = None,
) -> Page[Row]:
    """The rows of `found` after (or before) a cursor, in the order of `columns`. Counts only where neither cursor nor `total` says it."""
    backward = bool(before) and not after
    told, key = _read_cursor(before if backward else after, columns)
    if key is None:
        told, backward = found.count() if total is None else total, False
    ordered = tuple(_turned(column) for column in columns) if backward else columns
    if key is not None:
        found = found.filter(_beyond(ordered, key))
    rows = list(found.order_by(*ordered)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    earlier, later = (more, True) if backward else (key is not None, more)
    return Page(
        rows,
        told,
        _cursor(columns, rows[0], told) if rows and earlier else "",
        _cursor(columns, rows[-1], told) if rows and later else "",
    )


def all_rows(edition: Edition, listing: Listing) -> QuerySet[Dossier, dict[str, Any]]:
    """Every row of the list in its order, for the export."""
    rows: QuerySet[Dossier, dict[str, Any]] = dossiers(edition, listing.wanted).values(*COLUMNS)
    return rows.order_by(*ORDERS[listing.order])


def narrowed_packets(edition: Edition, query: Mapping[str, str]) -> QuerySet[Packet]:
    """The edition's packets as the address narrows them, newest first."""
    unit, verdict = query.get("unit", "").replace("\0", ""), query.get("verdict", "")
    found = packets(edition)
    if unit:
        found = found.filter(unit_code=unit)
    return found.filter(verdict=verdict) if verdict in Packet.Verdict.values else found


def _turned(column: str) -> str:
    return column.removeprefix("-") if column.startswith("-") else f"-{column}"


def _beyond(columns: Key, key: list[Any]) -> Q:
    """Rows whose key lies after `key` in this order, told column by column; the first column's bound lets an index serve."""
    beyond = Q()
    equal = Q()
    for column, value in zip(columns, key, strict=True):
        name, descending = column.removeprefix("-"), column.startswith("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{name: value})
    name, descending = columns[0].removeprefix("-"), columns[0].startswith("-")
    return Q(**{f"{name}__{'lte' if descending else 'gte'}": key[0]}) & beyond


def _cursor(columns: Key, row: Any, total: int) -> str:
    """The row's key and the list's length, as an opaque word for the address."""
    names = [column.removeprefix("-") for column in columns]
    values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]
    told = [
        value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
        for value in values
    ]
    return _signer(columns).sign_object([total, *told])


def _read_cursor(cursor: str, columns: Key) -> tuple[int, list[Any] | None]:
    """Total and key; no key where there is no cursor, or one that we did not make for this order."""
    try:
        total, *key = _signer(columns).unsign_object(cursor)
    except BadSignature:
        return 0, None
    return total, [_moment(value) for value in key]


def _signer(columns: Key) -> Signer:
    """Signed, because values of any other type or length would fail in the database."""
    return Signer(salt=f"cursor:{columns}")


def _moment(value: Any) -> Any:
    """A time, where the text is one as `isoformat` writes it with an offset."""
    if isinstance(value, str) and len(value) >= 25 and value[4:5] == "-" and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return value
