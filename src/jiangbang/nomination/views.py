"""The pages of the recommendation stage. A view looks up, asks and shows; what changes, changes in an act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.nomination import acts, desk_page, pages, policy, queries, uploads
from jiangbang.nomination.access import dossier_for, edition_for, first_room, intake_for, packet_for, person
from jiangbang.nomination.desk import facets, intakes_ahead, was_known_before
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.history import history
from jiangbang.nomination.listing import Listing, keyset, narrowed_packets, page_of
from jiangbang.nomination.models import Dossier, Intake
from jiangbang.programme.chosen import chosen_edition
from jiangbang.register.acts import Refused
from jiangbang.register.queries import entries, head

MOVING = (Intake.State.WAITING, Intake.State.READING)


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What needs me, the unit ledger, arrivals, and the place to drop packets."""
    if chosen_edition(request) is None:
        return render(request, "nomination/empty_house.html")
    if room := first_room(request):
        return redirect(room)
    edition = edition_for(request)
    return render(request, "nomination/desk.html", desk_page.context(edition, request.GET, by=person(request)))


@login_required
@require_GET
def packet_list(request: HttpRequest) -> HttpResponse:
    """Packets by arrival, and files on their way or stuck."""
    edition = edition_for(request)
    unit, verdict = request.GET.get("unit", ""), request.GET.get("verdict", "")
    page = keyset(
        narrowed_packets(edition, request.GET),
        ("-received_at", "-id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "edition": edition,
        "page": page,
        "units": pages.unit_names(edition.spec),
        "unit": unit,
        "verdict": verdict,
        "verdicts": pages.packet_verdicts(),
        "intakes": queries.open_intakes(edition)[:20],
        "may_receive": policy.may_receive_packets(person(request), edition),
        "may_export": policy.may_export(person(request), edition),
    }
    return render(request, "nomination/packet_list.html", context)


@login_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take files into the queue; one file leads to its progress, several to the list. They came when the last byte was here."""
    arrived = uploads.moment_of_arrival(request)
    edition = edition_for(request, policy.may_receive_packets)
    brought = []
    for upload in request.FILES.getlist("packets"):
        try:
            brought.append(uploads.bring_upload(upload, edition=edition, by=person(request), arrived_at=arrived))
        except Refused as refusal:
            messages.error(request, str(refusal))
        except OSError:
            messages.error(request, _("The storage is full; nothing was received. Tell the operator."))
    if not brought and not request.FILES:
        messages.error(request, _("No file was chosen. Choose a packet, then press Receive."))
    page = (
        redirect("packet_intake", brought[0].pk)
        if len(brought) == 1
        else redirect("packet_list" if brought else "desk")
    )
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        # a script would follow the redirect unseen and use up the messages; it is told where to go instead
        return HttpResponse(headers={"X-Location": page.url})
    return page


@login_required
@require_GET
@never_cache
def intake(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file on its way: live progress, then its packet, a question, or why it could not be received."""
    found = intake_for(request, pk, policy.may_read_dossiers)
    polled = request.headers.get("HX-Request") == "true"
    if polled and found.state not in MOVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.packet is not None and found.state == Intake.State.DONE:
        if was_known_before(found):
            messages.info(request, _("These very bytes were received before, as this packet. Nothing was changed."))
        return redirect("packet_detail", found.packet.pk)
    context = {
        "intake": found,
        "edition": found.edition,
        "moving": found.state in MOVING,
        "ahead": intakes_ahead(found) if found.state == Intake.State.WAITING else 0,
        "units": pages.unit_names(found.edition.spec),
        "may_receive": policy.may_receive_packets(person(request), found.edition),
    }
    return render(request, "nomination/intake_board.html" if polled else "nomination/intake.html", context)


@login_required
@require_POST
def answer_intake(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which unit a file comes from, or why it is accepted late."""
    found = intake_for(request, pk)
    try:
        acts.answer_intake(
            found,
            unit_code=request.POST.get("unit", ""),
            late_reason=request.POST.get("late_reason", "").replace("\0", ""),
            by=person(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("packet_intake", found.pk)


@login_required
@require_GET
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """A packet: verdict, findings by person and file, its dossiers, its papers."""
    found = packet_for(request, pk)
    revisions = list(queries.packet_revisions(found))
    groups = pages.finding_groups(found, revisions)
    context = {
        "packet": found,
        "edition": found.edition,
        "unit": pages.unit_name(found.unit),
        "revisions": revisions,
        "groups": groups,
        "remarks": pages.remarks(revisions),
        "counts": pages.severity_counts(groups),
        "line": queries.ledger_line(found.edition, found.unit),
        "may_export": policy.may_export(person(request), found.edition),
    }
    return render(request, "nomination/packet.html", context)


@login_required
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as a paper."""
    found = packet_for(request, pk)
    entry = entries(subject=f"packet:{found.pk}").filter(type="packet.received").first()
    context = {"packet": found, "rows": pages.receipt_rows(found, entry), "checkpoint": head().checkpoint}
    return render(request, "nomination/receipt.html", context)


@login_required
@require_GET
def dossier_list(request: HttpRequest) -> HttpResponse:
    """The people of the edition: filtered, searched, sorted, page by page."""
    edition = edition_for(request)
    listing, known = Listing.from_query(request.GET), facets(edition)
    total = None if listing.narrowed else known.total
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(edition, listing, after=after, before=before, total=total)
    context = {
        "edition": edition,
        "listing": listing,
        "page": page,
        "rows": pages.list_rows(page.rows, edition.spec),
        "units": pages.unit_names(edition.spec),
        "states": pages.dossier_states(),
        "findings": pages.finding_choices(known.findings),
        "classes": pages.class_choices(known.classes),
        "orders": pages.orders(),
        "may_export": policy.may_export(person(request), edition),
    }
    return render(request, "nomination/dossier_list.html", context)


@login_required
@require_GET
@never_cache
def dossier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person's dossier."""
    return render(request, "nomination/dossier.html", _dossier_context(request, dossier_for(request, pk), {}))


@login_required
@require_POST
@never_cache
@step_up.required
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Unmask one sensitive value for this one answer; the register keeps who looked. Wants a fresh proof of who looks."""
    found = dossier_for(request, pk, policy.may_reveal)
    field = request.POST.get("field", "")
    polled = request.headers.get("HX-Request") == "true"
    try:
        value = acts.reveal_value(found, field, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("dossier_detail", found.pk)
    if polled:
        return render(request, "nomination/revealed.html", {"line": pages.revealed_line(found, field, value)})
    return render(request, "nomination/dossier.html", _dossier_context(request, found, {field: value}))


def _dossier_context(request: HttpRequest, found: Dossier, revealed: dict[str, str]) -> dict[str, Any]:
    spec, revision = found.edition.spec, found.revision
    assert revision is not None
    # known already; else reading the sealed values would ask for dossier and edition again
    revision.dossier = found
    return {
        "dossier": found,
        "edition": found.edition,
        "revision": revision,
        "sheet": pages.sheet(revision, full_record(revision), spec, revealed=revealed),
        "unit": pages.unit_name(spec.unit(found.unit_code)),
        "revisions": queries.revisions(found),
        "history": history(entries(subject=found.subject)[:8], spec),
        "may_reveal": policy.may_reveal(person(request), found.edition),
        "may_export": policy.may_export(person(request), found.edition),
    }
