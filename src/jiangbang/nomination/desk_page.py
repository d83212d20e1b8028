"""The organiser's desk, made ready for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.nomination import desk_live, desk_units, policy, queries
from jiangbang.nomination.desk import arrivals, sorted_ledger, stuck_intakes
from jiangbang.nomination.desk_live import Stamp
from jiangbang.nomination.mailbox_page import waiting_mails
from jiangbang.nomination.models import Intake
from jiangbang.nomination.pages import unit_name
from jiangbang.nomination.queries import LedgerLine
from jiangbang.programme.models import Edition

RECENT_PACKETS = 6
EVEN_STEPS = 120
Step = Literal["hour", "day"]
# More lines than this are summed up in one.
LISTED_NEEDS = 6


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the office: how grave, what, and where to do it."""

    severity: str
    text: str
    href: str


def context(
    edition: Edition, query: Mapping[str, str], *, by: User, stamp: Stamp | None = None, seen: int | None = None
) -> dict[str, Any]:
    """All that the desk shows. Six queries and those of the stamp, however many dossiers there are.

    `seen` is the newest packet that the reader has seen; later ones are marked as new. The stamp is read before everything else, so that
    what changes meanwhile is news at the next look.
    """
    stamp = stamp or desk_live.stamp(edition)
    lines = queries.ledger(edition)
    kind, sort, far = query.get("kind", ""), query.get("sort", "order"), query.get("standing", "")
    closed = edition.deadline.standing(edition.now()) != "open"
    recent = list(queries.packets(edition)[:RECENT_PACKETS])
    rows_of = [ledger_row(line, closed) for line in sorted_ledger(lines, kind=kind, sort=sort)]
    reported = sum(line.started for line in lines)
    arrived = arrivals(edition)
    bars = arrival_rows(arrived.rows, arrived.step, edition.deadline.at.astimezone(edition.zone))
    return {
        "edition": edition,
        "accepted": sum(line.accepted for line in lines),
        "waiting": sum(line.waiting for line in lines),
        "waiting_units": sum(bool(line.waiting) for line in lines),
        "packet_count": sum(line.packets for line in lines),
        "reported": reported,
        "unit_count": len(lines),
        "needs": needs(stuck_intakes(edition), lines, mails=waiting_mails(edition)),
        "kinds": kinds(edition, lines),
        "kind": kind,
        "sort": sort,
        "columns": ledger_columns(),
        "standings": desk_units.choices(lines, closed=closed),
        "standing": far,
        "ledger": [row for row in rows_of if not far or row["standing"] == far],
        "arrival_columns": [_("Time"), _("Packets")],
        "arrival_rows": bars,
        "arrival_marks": deadline_marks(edition, arrived.step, bars),
        "recent": recent,
        "fresh": [packet for packet in recent if seen is not None and packet.pk > seen],
        "seen": stamp.packet if seen is None else seen,
        "stamp": str(stamp),
        "every": desk_live.EVERY_SECONDS,
        "looked": edition_clock(edition),
        "units": {line.unit.code: unit_name(line.unit) for line in lines},
        "may_export": policy.may_export(by, edition),
        "may_receive": policy.may_receive_packets(by, edition),
        "packet_name": edition.spec.packet_name.replace("{unit}", _("unit")),
    }


def ledger_row(line: LedgerLine, closed: bool) -> dict[str, Any]:
    """A line of the ledger with its unit's name and standing in the reader's language."""
    far = desk_units.standing(line, closed=closed)
    return {
        "line": line,
        "code": line.unit.code,
        "name": unit_name(line.unit),
        "kind": line.unit.kind,
        "standing": far,
        "says": desk_units.LABELS[far],
    }


def edition_clock(edition: Edition) -> str:
    """The server's time on the edition's clock, to the second."""
    return f"{timezone.now().astimezone(edition.zone):%H:%M:%S}"


def ledger_columns() -> list[tuple[str, str, str]]:
    """(sort key, heading, class) of the ledger's columns."""
    return [
        ("order", _("Recommending unit"), ""),
        ("quota", _("Accepted against quota"), ""),
        ("waiting", _("Waiting"), "number"),
        ("", _("Packets"), "number"),
        ("", _("Standing"), ""),
    ]


def kinds(edition: Edition, lines: list[LedgerLine]) -> list[dict[str, Any]]:
    """The kinds of units as filter choices."""
    return [
        {"value": key, "label": label, "count": sum(line.unit.kind == key for line in lines)}
        for key, label in desk_units.kind_labels(edition.spec).items()
    ]


def needs(stuck: list[Intake], lines: list[LedgerLine], *, mails: int = 0) -> list[Need]:
    """What waits for the office, the gravest first."""
    found = [_intake_need(one) for one in stuck]
    if mails:
        text = ngettext("%(n)s mail waits for you", "%(n)s mails wait for you", mails) % {"n": mails}
        found.append(Need("block", text, f"{reverse('mail_list')}?state=held"))
    for line in lines:
        if line.quota.state == "over":
            text = _("%(unit)s is over its quota: %(count)s people of %(limit)s")
            values = {"unit": unit_name(line.unit), "count": line.accepted, "limit": line.quota.maximum}
            href = f"{reverse('dossier_list')}?unit={line.unit.code}"
            found.append(Need("block" if line.quota.blocks else "warn", text % values, href))
    for line in lines:
        if line.held:
            text = ngettext(
                "%(unit)s: %(count)s person held above the quota; the unit chooses",
                "%(unit)s: %(count)s people held above the quota; the unit chooses",
                line.held,
            )
            href = f"{reverse('dossier_list')}?unit={line.unit.code}&state=held"
            found.append(Need("warn", text % {"unit": unit_name(line.unit), "count": line.held}, href))
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
    if stuck.state == Intake.State.HELD:
        return Need("block", _("%(name)s came late, within the grace: accept it?") % {"name": stuck.file_name}, href)
    if stuck.state == Intake.State.NEEDS_UNIT:
        return Need("block", _("%(name)s: say which unit it comes from") % {"name": stuck.file_name}, href)
    return Need("block", _("%(name)s could not be received") % {"name": stuck.file_name}, href)


FORMS = {"hour": "%m-%d %H:00", "day": "%Y-%m-%d"}
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def arrival_rows(counted: list[tuple[datetime, int]], step: Step, due: datetime) -> list[list[Any]]:
    """Rows of an arrivals chart: a label and a count. Hours and days without a packet stand as 0, so that the axis is even, and the
    axis goes on to the deadline; only where that would make more than `EVEN_STEPS` rows it does not."""
    counts = {f"{at:{FORMS[step]}}": number for at, number in counted}
    if not counted:
        return []
    first, last = counted[0][0], counted[-1][0]
    for end in (max(last, due), last):
        if (steps := (end - first) // STEPS[step] + 1) <= EVEN_STEPS:
            labels = [f"{first + STEPS[step] * number:{FORMS[step]}}" for number in range(steps)]
            return [[label, counts.get(label, 0)] for label in labels]
    return [[label, number] for label, number in counts.items()]


def deadline_marks(edition: Edition, step: Step, rows: list[list[Any]]) -> list[dict[str, str]]:
    """The deadline's line, where its hour or day stands on the axis."""
    at = f"{edition.deadline.at.astimezone(edition.zone):{FORMS[step]}}"
    return [{"at": at, "label": _("Deadline")}] if any(row[0] == at for row in rows) else []
