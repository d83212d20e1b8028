"""The stage's own lists as files: dossiers, packets, the ledger of units."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.nomination import desk_units, pages, policy, queries
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.exports import ListExport, list_response
from jiangbang.nomination.listing import Listing, all_rows, narrowed_packets
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.nomination.queries import LedgerLine
from jiangbang.papers.tables import Column
from jiangbang.programme.models import Edition

CHUNK = 2000


def dossier_columns(edition: Edition) -> list[Column[dict[str, Any]]]:
    """Open fields only."""
    units, states = pages.unit_names(edition.spec), {key: str(label) for key, label in Dossier.State.choices}
    return [
        Column(_("Name"), lambda row: row["name"], 12),
        Column(_("Employer and position"), lambda row: row["employer"], 36),
        Column(_("Unit"), lambda row: units.get(row["unit_code"], row["unit_code"]), 24),
        Column(_("Industry class"), lambda row: row["industry_class"], 24),
        Column(_("State"), lambda row: states[row["state"]], 12),
        Column(_("To mend"), lambda row: row["block_count"], 8),
        Column(_("Changed"), lambda row: row["updated_at"], 18),
    ]


def packet_columns(edition: Edition) -> list[Column[Packet]]:
    units, verdicts = pages.unit_names(edition.spec), {key: str(label) for key, label in Packet.Verdict.choices}
    return [
        Column(_("Number"), lambda packet: packet.number, 20),
        Column(_("Unit"), lambda packet: units.get(packet.unit_code, packet.unit_code), 24),
        Column(_("File"), lambda packet: packet.file_name, 36),
        Column(_("Received"), lambda packet: packet.received_at, 18),
        Column(_("Received by"), lambda packet: str(packet.received_by), 14),
        Column(_("Accepted"), lambda packet: packet.accepted_count, 8),
        Column(_("To mend"), lambda packet: packet.waiting_count, 8),
        Column(_("Verdict"), lambda packet: verdicts[packet.verdict], 12),
        Column(_("Bytes"), lambda packet: packet.size, 12),
        Column(_("Accepted late because"), lambda packet: packet.late_reason, 24),
        Column(_("SHA-256 of the file"), lambda packet: packet.sha256, 66),
    ]


def ledger_columns(edition: Edition) -> list[Column[LedgerLine]]:
    kinds, closed = desk_units.kind_labels(edition.spec), edition.deadline.standing(edition.now()) != "open"
    return [
        Column(_("Code"), lambda line: line.unit.code, 10),
        Column(_("Recommending unit"), lambda line: pages.unit_name(line.unit), 28),
        Column(_("Kind"), lambda line: kinds.get(line.unit.kind, line.unit.kind), 20),
        Column(_("Standing"), lambda line: str(desk_units.LABELS[desk_units.standing(line, closed=closed)]), 14),
        Column(_("Accepted"), lambda line: line.accepted, 8),
        Column(_("To mend"), lambda line: line.waiting, 8),
        Column(_("Packets"), lambda line: line.packets, 8),
        Column(_("Quota from"), lambda line: line.quota.minimum, 8),
        Column(_("Quota to"), lambda line: line.quota.maximum, 8),
        Column(_("Binds"), lambda line: _("at most") if line.quota.hard else _("generally"), 10),
        Column(_("Held above the quota"), lambda line: line.held, 10),
        Column(_("Outside the quota"), lambda line: line.direct, 10),
    ]


@login_required
@require_GET
@step_up.required
def dossier_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of dossiers as filtered."""
    edition = edition_for(request, policy.may_export)
    rows = all_rows(edition, Listing.from_query(request.GET)).iterator(chunk_size=CHUNK)
    listed = ListExport("dossiers", _("dossiers"), dossier_columns(edition), rows)
    return list_response(listed, kind, edition=edition, by=person(request))


@login_required
@require_GET
@step_up.required
def packet_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of packets as filtered."""
    edition = edition_for(request, policy.may_export)
    rows = narrowed_packets(edition, request.GET).defer("members", "findings", "roster").iterator(chunk_size=CHUNK)
    listed = ListExport("packets", _("packets"), packet_columns(edition), rows)
    return list_response(listed, kind, edition=edition, by=person(request))


@login_required
@require_GET
@step_up.required
def unit_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The ledger of units."""
    edition = edition_for(request, policy.may_export)
    listed = ListExport("units", _("units"), ledger_columns(edition), queries.ledger(edition))
    return list_response(listed, kind, edition=edition, by=person(request))
