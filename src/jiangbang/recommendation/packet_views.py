"""The unit's packet: forms to be sealed, submitting, packets brought as files, receipts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import record_of
from jiangbang.nomination import pages as nomination_pages
from jiangbang.nomination import queries as nomination_queries
from jiangbang.nomination import uploads
from jiangbang.nomination.desk import intakes_ahead
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.models import Intake
from jiangbang.nomination.pages import unit_name
from jiangbang.recommendation import acts, pages, queries, submitting
from jiangbang.recommendation.access import Workplace, intake_for, packet_for, workplace
from jiangbang.recommendation.packing import fit_name, write_forms
from jiangbang.register.acts import Refused
from jiangbang.register.queries import entries, head

MOVING = (Intake.State.WAITING, Intake.State.READING)
# Whose form may be printed and sealed: it is whole, with the employer or with the unit.
SEALABLE = (Candidacy.State.WITH_EMPLOYER, Candidacy.State.WITH_UNIT, Candidacy.State.SUBMITTED)


@login_required
@require_GET
@never_cache
def forms(request: HttpRequest) -> HttpResponse:
    """All forms that are whole, in the official layout, to be printed and sealed."""
    place = workplace(request)
    people = list(queries.standing_candidacies(place.edition, place.unit.code).filter(state__in=SEALABLE))
    try:
        acts.note_forms_taken(people, place.edition, place.unit, by=place.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("unit_desk")
    nominees = [submitting.nominee_of(record_of(one)) for one in people]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forms.zip"
        write_forms(path, nominees, place.edition.spec.form)
        body = path.read_bytes()
    word = _("forms to be sealed")
    return attachment(body, f"{fit_name(place.unit.short_name)}+{word}.zip", "application/zip")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def submit(request: HttpRequest) -> HttpResponse:
    """Choose who goes in, read what will happen, answer for the truth, submit."""
    arrived = timezone.now()
    place = workplace(request)
    people = queries.with_drafts(queries.standing_candidacies(place.edition, place.unit.code))
    if request.method == "POST":
        chosen = set(request.POST.getlist("person"))
        try:
            return _submitted(request, place, [one for one in people if str(one.pk) in chosen], arrived)
        except Refused as refusal:
            messages.error(request, str(refusal))
        except OSError:
            messages.error(request, _("The storage is full; nothing was submitted. Tell the operator."))
        people = queries.with_drafts(queries.standing_candidacies(place.edition, place.unit.code))
    rows = pages.rows_of(people, queries.open_returns(place.edition, place.unit.code))
    context = {
        "place": place,
        "rows": rows,
        "chosen": request.POST.getlist("person") or [str(row.candidacy.pk) for row in rows if row.goes_in],
        "going": sum(row.goes_in for row in rows),
        "declaration": pages.declaration(unit_name(place.unit)),
        "progress": queries.progress_of(people, place.edition, place.unit),
        "deadline": place.edition.deadline.at,
        "last": queries.last_submission(place.edition, place.unit.code),
    }
    return render(request, "recommendation/submit.html", context)


def _submitted(request: HttpRequest, place: Workplace, chosen: list[Candidacy], arrived: Any) -> HttpResponse:
    said = pages.declaration(place.unit.name) if request.POST.get("declared") == "yes" else ""
    if not said:
        raise Refused("no_declaration", _("Confirm that the unit answers for the truth of what it submits."))
    prepared = submitting.prepare(place.edition, place.unit, chosen, by=place.user, arrived=arrived)
    packet, new = submitting.submit_packet(prepared, declaration=said, by=place.user)
    if not new:
        messages.info(request, _("Nothing had changed since this packet; its receipt still holds."))
    elif held := packet.waiting_count:
        sentence = ngettext(
            "%(n)d person is held above the quota. Choose on the page Who goes.",
            "%(n)d people are held above the quota. Choose on the page Who goes.",
            held,
        )
        messages.warning(request, sentence % {"n": held})
    return redirect("unit_receipt", packet.pk)


@login_required
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """A packet made by hand, for the unit itself."""
    arrived = uploads.moment_of_arrival(request)
    place = workplace(request)
    brought = []
    for upload in request.FILES.getlist("packets"):
        try:
            made = uploads.bring_upload(
                upload, edition=place.edition, by=place.user, unit_code=place.unit.code, arrived_at=arrived
            )
            brought.append(made)
        except Refused as refusal:
            messages.error(request, str(refusal))
        except OSError:
            messages.error(request, _("The storage is full; nothing was received. Tell the operator."))
    if not request.FILES:
        messages.error(request, _("No file was chosen. Choose a packet, then press Receive."))
    page = redirect("unit_packet_arriving", brought[0].pk) if len(brought) == 1 else redirect("unit_desk")
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(headers={"X-Location": page.url})
    return page


@login_required
@require_GET
@never_cache
def arriving(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file on its way: progress, then its packet, or why it could not be received."""
    place, found = intake_for(request, pk)
    polled = request.headers.get("HX-Request") == "true"
    if polled and found.state not in MOVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.packet is not None and found.state == Intake.State.DONE:
        return redirect("unit_packet", found.packet.pk)
    context = {
        "place": place,
        "intake": found,
        "moving": found.state in MOVING,
        "ahead": intakes_ahead(found) if found.state == Intake.State.WAITING else 0,
    }
    return render(request, "recommendation/arriving_board.html" if polled else "recommendation/arriving.html", context)


@login_required
@require_GET
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the unit's packets: who was accepted, what must be mended."""
    place, found = packet_for(request, pk)
    revisions = list(nomination_queries.packet_revisions(found))
    groups = nomination_pages.finding_groups(found, revisions)
    context = {
        "place": place,
        "packet": found,
        "revisions": revisions,
        "groups": groups,
        "counts": nomination_pages.severity_counts(groups),
    }
    return render(request, "recommendation/packet.html", context)


@login_required
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as a paper: number, time, place in the register."""
    place, found = packet_for(request, pk)
    entry = entries(subject=f"packet:{found.pk}").filter(type="packet.received").first()
    context = {
        "place": place,
        "packet": found,
        "rows": nomination_pages.receipt_rows(found, entry),
        "checkpoint": head().checkpoint,
    }
    return render(request, "recommendation/receipt.html", context)
