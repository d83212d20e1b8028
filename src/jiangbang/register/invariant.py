"""What must always hold of the data: each rule one small query, with a name, a sentence, and what to do when it is broken.

Every package that keeps rows declares its own in `invariants.py`; `jiangbang doctor --invariants` asks them all. They stand beside the
database's constraints: what one row can show is a constraint, what only many rows (and files, and the register) show is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet

from jiangbang.register.models import Entry

# Whatever tells one offender apart: a row, its key, a sentence.
Breaches = Callable[[], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule over the whole data. `breaches` finds what breaks it; nothing, when all is well."""

    name: str
    says: str
    mend: str
    breaches: Breaches


def gaps(rows: QuerySet[Any], number: str, *within: str) -> Iterator[str]:
    """Groups of rows whose numbers do not run from 1 to how many there are. That none stands twice is a constraint's to see."""
    counted = rows.order_by().values(*within).annotate(many=Count("pk"), low=Min(number), high=Max(number))
    for one in counted.exclude(many=F("high"), low=1):
        yield f"{' '.join(str(one[key]) for key in within)}: {one['many']} numbered {one['low']} to {one['high']}"


def said_of(*types: str) -> Counter[str]:
    """How many entries of these types the register has, by subject. One query."""
    return Counter(Entry.objects.filter(type__in=types).values_list("subject", flat=True))


def unsaid(rows: QuerySet[Any], kind: str, *types: str) -> Iterator[str]:
    """Rows of which the register has no entry of these types. Two queries."""
    said = said_of(*types)
    return (subject for pk in rows.values_list("pk", flat=True) if (subject := f"{kind}:{pk}") not in said)


def unlike(rows: Iterable[tuple[Any, int]], kind: str, *types: str) -> Iterator[str]:
    """Rows, each with a number, of which the register has more or fewer entries of these types than that; and entries of no row."""
    said = said_of(*types)
    for pk, number in rows:
        if (found := said.pop(f"{kind}:{pk}", 0)) != number:
            yield f"{kind}:{pk}: {number} in the table, {found} in the register"
    yield from (f"{subject}: in the register only" for subject in said)
