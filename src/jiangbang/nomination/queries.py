"""What is asked of packets and dossiers. No query here grows with the number of dossiers on a page's account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.quotas import QuotaLine, quota_line
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import Dossier, Intake, Packet, Revision
from jiangbang.programme.models import Edition
from jiangbang.register.queries import entries
from jiangbang.vaults import identity_index

# An identity number list longer than this is asked for in parts (SQLite allows 32,766 variables).
MAX_IN = 5000
# The form's field whose look is registered once a day.
PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One unit on the desk: its quota and what has come from it. `direct` of the accepted take a title outside the quota."""

    unit: UnitSpec
    accepted: int
    waiting: int
    packets: int
    quota: QuotaLine
    held: int = 0
    direct: int = 0

    @property
    def started(self) -> bool:
        return bool(self.packets)


def ledger(edition: Edition) -> list[LedgerLine]:
    """Every unit of the edition with its figures, in the edition's order. Two queries."""
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for code, state, count, direct in _by_state(Dossier.objects.filter(edition=edition)):
        counts.setdefault(code, {})[state] = (count, direct)
    packets = dict(Packet.objects.filter(edition=edition).values_list("unit_code").annotate(Count("pk")))
    return [_line(unit, counts.get(unit.code, {}), packets.get(unit.code, 0)) for unit in edition.spec.units]


def ledger_line(edition: Edition, unit: UnitSpec) -> LedgerLine:
    """One unit's line of the ledger."""
    rows = _by_state(Dossier.objects.filter(edition=edition, unit_code=unit.code))
    packets = Packet.objects.filter(edition=edition, unit_code=unit.code).count()
    return _line(unit, {state: (count, direct) for _code, state, count, direct in rows}, packets)


def _by_state(found: QuerySet[Dossier]) -> list[tuple[str, str, int, int]]:
    """Unit, state, how many, and how many of them stand outside the quota."""
    direct = Count("pk", filter=~Q(direct_title=""))
    return list(found.values_list("unit_code", "state").annotate(Count("pk"), direct=direct))


def _line(unit: UnitSpec, counts: dict[str, tuple[int, int]], packets: int) -> LedgerLine:
    state = Dossier.State
    accepted, direct = counts.get(state.ACCEPTED, (0, 0))
    waiting, held = counts.get(state.WAITING, (0, 0))[0], counts.get(state.HELD, (0, 0))[0]
    return LedgerLine(unit, accepted, waiting, packets, quota_line(unit, accepted - direct), held, direct)


def counted_for_quota(edition: Edition, unit: UnitSpec, *, excluding: Iterable[str] = ()) -> int:
    """How many accepted people of the unit count toward its quota, leaving out those with these identity numbers.

    Whoever takes a title directly is outside the quota.
    """
    accepted = Dossier.objects.filter(
        edition=edition, unit_code=unit.code, state=Dossier.State.ACCEPTED, direct_title=""
    )
    leaving_out = {identity_index(number) for number in excluding}
    if not leaving_out:
        return accepted.count()
    return sum(index not in leaving_out for index in accepted.values_list("person__index", flat=True))


def outside_quota(edition: Edition, unit: UnitSpec, numbers: Iterable[str]) -> set[str]:
    """Of these identity numbers, those of the unit's people who take a title directly. One query."""
    by_index = {identity_index(number): number for number in numbers}
    live = Dossier.objects.filter(edition=edition, unit_code=unit.code).exclude(direct_title="")
    found = live.exclude(state=Dossier.State.SUPERSEDED).values_list("person__index", flat=True)
    return {by_index[str(index)] for index in found if index in by_index}


def accepted_elsewhere(edition: Edition, unit: UnitSpec | None, numbers: Iterable[str]) -> dict[str, str]:
    """Of these identity numbers, those whom another unit already recommends in the edition: number → that unit's name."""
    by_index = {identity_index(number): number for number in numbers}
    indexes = list(by_index)
    names = {one.code: one.name for one in edition.spec.units}
    found: dict[str, str] = {}
    for start in range(0, len(indexes), MAX_IN):
        rows = Dossier.objects.filter(
            edition=edition, state=Dossier.State.ACCEPTED, person__index__in=indexes[start : start + MAX_IN]
        )
        if unit is not None:
            rows = rows.exclude(unit_code=unit.code)
        for index, code in rows.values_list("person__index", "unit_code"):
            found[by_index[str(index)]] = names.get(code, code)
    return found


def declared_by_number(edition: Edition, unit: UnitSpec, numbers: Iterable[str]) -> dict[str, dict[str, object]]:
    """What was declared before about the unit's people with these identity numbers: number → facts."""
    by_index = {identity_index(number): number for number in numbers}
    live = Dossier.objects.filter(edition=edition, unit_code=unit.code, declared__isnull=False)
    live = live.exclude(state=Dossier.State.SUPERSEDED).select_related("person").distinct()
    known = [dossier for dossier in live if dossier.person.index in by_index]
    facts = declared_facts(known)
    return {by_index[str(dossier.person.index)]: facts[dossier.pk] for dossier in known}


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """What a list of dossiers is narrowed to; empty text means no narrowing."""

    unit: str = ""
    state: str = ""
    finding: str = ""
    industry_class: str = ""
    text: str = ""


def dossiers(edition: Edition, wanted: DossierFilter) -> QuerySet[Dossier]:
    """The edition's dossiers, narrowed; superseded ones only when asked for. Unordered: `keyset_page` orders."""
    found = Dossier.objects.filter(edition=edition)
    found = found.filter(state=wanted.state) if wanted.state else found.exclude(state=Dossier.State.SUPERSEDED)
    if wanted.unit:
        found = found.filter(unit_code=wanted.unit)
    if wanted.finding:
        found = found.filter(finding_codes__code=wanted.finding)
    if wanted.industry_class:
        found = found.filter(industry_class__startswith=wanted.industry_class)
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(employer__icontains=wanted.text))
    return found


def finding_counts(edition: Edition) -> dict[str, int]:
    """How many live dossiers carry each finding code, most first."""
    rows = (
        Dossier.objects.filter(edition=edition)
        .exclude(state=Dossier.State.SUPERSEDED)
        .values_list("finding_codes__code")
        .annotate(number=Count("pk"))
        .order_by("-number")
    )
    return {code: number for code, number in rows if code}


def dossier_with_all(pk: str) -> Dossier | None:
    """A dossier with what its page shows, or None; permission is the caller's to check."""
    return (
        Dossier.objects.select_related("edition", "person", "revision__packet", "revision__person", "accepted_revision")
        .defer("edition__document")
        .filter(pk=pk)
        .first()
    )


def revisions(dossier: Dossier) -> QuerySet[Revision]:
    """The dossier's revisions, newest first, with their packets."""
    return dossier.revisions.select_related("packet__received_by").order_by("-number")


def packets(edition: Edition) -> QuerySet[Packet]:
    """The edition's packets, newest first."""
    return (
        Packet.objects.filter(edition=edition)
        .select_related("received_by", "edition")
        .defer("edition__document")
        .order_by("-received_at", "-pk")
    )


def open_intakes(edition: Edition) -> QuerySet[Intake]:
    """What is on its way or stuck, newest first."""
    return Intake.objects.filter(edition=edition).exclude(state=Intake.State.DONE).order_by("-brought_at")


def photo_seen_since(dossier: Dossier, since: datetime, *, by: User) -> bool:
    """Whether the register says that this person has seen the dossier's photo since then. One query on the index by subject."""
    looks = entries(subject=dossier.subject).filter(type="value.revealed", actor=f"user:{by.pk}", at__gte=since)
    return looks.filter(facts__field=PHOTO).exists()


def packet_revisions(packet: Packet) -> QuerySet[Revision]:
    """The revisions that a packet brought, in the order of its files."""
    return (
        packet.revisions.filter(corrected=False)
        .select_related("dossier", "person")
        .order_by("source", "roster_row", "number")
    )
