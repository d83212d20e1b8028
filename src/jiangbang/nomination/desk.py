"""What the organiser's desk asks: what needs me, how papers arrive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from django.db.models import Count
from django.db.models.functions import TruncHour

from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.nomination.queries import LedgerLine, finding_counts
from jiangbang.programme.models import Edition
from jiangbang.register.queries import entries

# Within this many days of the first packet arrivals are shown by the hour.
HOURLY_SPAN = timedelta(days=2)
STUCK = (Intake.State.NEEDS_UNIT, Intake.State.HELD, Intake.State.FAILED)

LedgerSort = Literal["order", "name", "count", "quota", "waiting"]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Packets per day or hour, oldest first; `step` names the step."""

    step: Literal["day", "hour"]
    rows: list[tuple[datetime, int]]


def arrivals(edition: Edition) -> Arrivals:
    """Packets by their time of arrival. One query: the database counts by the hour, days are summed up here."""
    hours = _by_hour(edition)
    if hours and hours[-1][0] - hours[0][0] <= HOURLY_SPAN:
        return Arrivals("hour", hours)
    return Arrivals("day", _by_day(hours))


def arrivals_by(edition: Edition) -> tuple[list[tuple[datetime, int]], list[tuple[datetime, int]]]:
    """Packets by the hour within the last two days in which any came, and by the day. One query."""
    hours = _by_hour(edition)
    return [row for row in hours if hours[-1][0] - row[0] <= HOURLY_SPAN], _by_day(hours)


def _by_hour(edition: Edition) -> list[tuple[datetime, int]]:
    """On the edition's clock, oldest first."""
    zone = edition.zone
    counted = (
        Packet.objects.filter(edition=edition)
        .annotate(step=TruncHour("received_at", tzinfo=zone))
        .values_list("step")
        .annotate(Count("pk"))
        .order_by("step")
    )
    return [(at.astimezone(zone), number) for at, number in counted]


def _by_day(hours: list[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    days: Counter[datetime] = Counter()
    for at, number in hours:
        days[at.replace(hour=0)] += number
    return list(days.items())


def stuck_intakes(edition: Edition) -> list[Intake]:
    """Files that wait for a person's word or could not be received, newest first."""
    return list(Intake.objects.filter(edition=edition, state__in=STUCK).order_by("-brought_at")[:20])


def sorted_ledger(lines: list[LedgerLine], *, kind: str = "", sort: str = "order") -> list[LedgerLine]:
    """The lines of one kind of unit, or of all, in the order asked for."""
    chosen = [line for line in lines if not kind or line.unit.kind == kind]
    keys = {
        "name": lambda line: line.unit.name,
        "count": lambda line: -line.accepted,
        "quota": lambda line: -(line.accepted / max(line.unit.quota_max, 1)),
        "waiting": lambda line: -line.waiting,
    }
    return sorted(chosen, key=keys[sort]) if sort in keys else chosen


# The most frequent industry classes that a filter offers.
OFFERED_CLASSES = 12


@dataclass(frozen=True, slots=True)
class Facets:
    """What the list of dossiers can be narrowed to, and how many there are in all (superseded ones left out)."""

    findings: dict[str, int]
    classes: dict[str, int]
    total: int


def facets(edition: Edition) -> Facets:
    """The filters' choices with their counts.

    Counting 10,000 dossiers anew for every page would cost more than the page; so the counts are kept in the process until a dossier
    changes. One query on an index tells whether one has.
    """
    newest = Dossier.objects.filter(edition=edition).order_by("-updated_at").values_list("updated_at", flat=True)
    return _facets(edition, newest.first())


@lru_cache(maxsize=16)
def _facets(edition: Edition, _changed: datetime | None) -> Facets:
    live = Dossier.objects.filter(edition=edition).exclude(state=Dossier.State.SUPERSEDED)
    return Facets(finding_counts(edition), class_counts(edition), live.count())


def class_counts(edition: Edition) -> dict[str, int]:
    """How many live dossiers name each industry class, the most frequent ones."""
    rows = (
        Dossier.objects.filter(edition=edition)
        .exclude(state=Dossier.State.SUPERSEDED)
        .exclude(industry_class="")
        .values_list("industry_class")
        .annotate(number=Count("pk"))
        .order_by("-number", "industry_class")
    )
    return dict(rows[:OFFERED_CLASSES])


def intakes_ahead(intake: Intake) -> int:
    """How many files are before this one in the queue."""
    moving = (Intake.State.WAITING, Intake.State.READING)
    return Intake.objects.filter(state__in=moving, brought_at__lt=intake.brought_at).count()


def was_known_before(intake: Intake) -> bool:
    """Whether the intake's packet had been received before the file was brought: the same bytes twice.

    The register tells, on the real clock; a packet's own time is the edition's, which a rehearsed edition sets.
    """
    received = entries(subject=f"packet:{intake.packet_id}").filter(type="packet.received")
    return received.filter(at__lt=intake.brought_at).exists()
