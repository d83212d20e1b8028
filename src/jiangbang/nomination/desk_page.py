"""The organiser's desk, made ready for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.nomination import policy, queries
from jiangbang.nomination.desk import Arrivals, arrivals, sorted_ledger, stuck_intakes
from jiangbang.nomination.models import Intake
from jiangbang.nomination.pages import language, unit_name
from jiangbang.nomination.queries import LedgerLine
from jiangbang.programme.models import Edition

RECENT_PACKETS = 6
EVEN_STEPS = 120
# More lines than this are summed up in one.
LISTED_NEEDS = 6


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the office: how grave, what, and where to do it."""

    severity: str
    text: str
    href: str


def context(edition: Edition, query: Mapping[str, str], *, by: User) -> dict[str, Any]:
    """All that the desk shows. Five queries, however many dossiers there are."""
    lines = queries.ledger(edition)
    kind, sort = query.get("kind", ""), query.get("sort", "order")
    reported = sum(line.started for line in lines)
    arrived = arrivals(edition)
    return {
        "edition": edition,
        "deadline": edition.spec.deadline,
        "accepted": sum(line.accepted for line in lines),
        "waiting": sum(line.waiting for line in lines),
        "waiting_units": sum(bool(line.waiting) for line in lines),
        "packet_count": sum(line.packets for line in lines),
        "reported": reported,
        "unit_count": len(lines),
        "needs": needs(stuck_intakes(edition), lines),
        "kinds": kinds(edition, lines),
        "kind": kind,
        "sort": sort,
        "columns": ledger_columns(),
        "ledger": [ledger_row(line) for line in sorted_ledger(lines, kind=kind, sort=sort)],
        "arrival_columns": [_("Time"), _("Packets")],
        "arrival_rows": arrival_rows(arrived),
        "recent": queries.packets(edition)[:RECENT_PACKETS],
        "units": {line.unit.code: unit_name(line.unit) for line in lines},
        "may_receive": policy.may_receive_packets(by, edition),
        "packet_name": edition.spec.packet_name.replace("{unit}", _("unit")),
    }


def ledger_row(line: LedgerLine) -> dict[str, Any]:
    """A line of the ledger with its unit's name in the reader's language."""
    return {"line": line, "code": line.unit.code, "name": unit_name(line.unit), "kind": line.unit.kind}


def ledger_columns() -> list[tuple[str, str, str]]:
    """(sort key, heading, class) of the ledger's columns."""
    return [
        ("order", _("Recommending unit"), ""),
        ("quota", _("Accepted against quota"), ""),
        ("waiting", _("Waiting"), "number"),
        ("", _("Packets"), "number"),
    ]


def kinds(edition: Edition, lines: list[LedgerLine]) -> list[dict[str, Any]]:
    """The kinds of units as filter choices."""
    raw: list[Mapping[str, Any]] = list(edition.spec.document.get("unit_kind", ()))
    label = "label_en" if language() == "en" else "label"
    return [
        {"value": kind["key"], "label": kind[label], "count": sum(line.unit.kind == kind["key"] for line in lines)}
        for kind in raw
    ]


def needs(stuck: list[Intake], lines: list[LedgerLine]) -> list[Need]:
    """What waits for the office, the gravest first."""
    found = [_intake_need(one) for one in stuck]
    for line in lines:
        if line.quota.state == "over":
            text = _("%(unit)s is over its quota: %(count)s people of %(limit)s")
            values = {"unit": unit_name(line.unit), "count": line.accepted, "limit": line.quota.maximum}
            href = f"{reverse('dossier_list')}?unit={line.unit.code}"
            found.append(Need("block" if line.quota.blocks else "warn", text % values, href))
    for line in lines:
        if line.waiting:
            text = ngettext(
                "%(unit)s has to mend %(count)s dossier", "%(unit)s has to mend %(count)s dossiers", line.waiting
            )
            href = f"{reverse('dossier_list')}?unit={line.unit.code}&state=waiting"
            found.append(Need("warn", text % {"unit": unit_name(line.unit), "count": line.waiting}, href))
    return sorted(found, key=lambda need: ("block", "warn", "note").index(need.severity))


def _intake_need(stuck: Intake) -> Need:
    href = reverse("packet_intake", args=[stuck.pk])
    if stuck.state == Intake.State.NEEDS_UNIT:
        return Need("block", _("%(name)s: say which unit it comes from") % {"name": stuck.file_name}, href)
    return Need("block", _("%(name)s could not be received") % {"name": stuck.file_name}, href)


def arrival_rows(arrived: Arrivals) -> list[list[Any]]:
    """Rows of the arrivals chart: a label and a count. Hours and days without a packet stand as 0, so that the axis is even;
    only where that would make more than `EVEN_STEPS` rows are they left out."""
    form = "%m-%d %H:00" if arrived.step == "hour" else "%Y-%m-%d"
    step = timedelta(hours=1) if arrived.step == "hour" else timedelta(days=1)
    counts = dict(arrived.rows)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    steps = (last - first) // step + 1
    times = [first + step * number for number in range(steps)] if steps <= EVEN_STEPS else list(counts)
    return [[at.strftime(form), counts.get(at, 0)] for at in times]
