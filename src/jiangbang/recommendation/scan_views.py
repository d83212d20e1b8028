"""Scans of sealed forms: brought for one person or many at once, looked at page by page, turned, had as they came."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.candidacy.models import Candidacy
from jiangbang.nomination import evidence
from jiangbang.nomination.downloads import attachment as download
from jiangbang.nomination.performing import perform
from jiangbang.recommendation import pages, queries, scanning
from jiangbang.recommendation.access import Workplace, candidacy_for, scan_for, workplace
from jiangbang.register.acts import Refused


@login_required
@require_POST
def bring(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sealed form of one person: a PDF, or photos in the order of its pages."""
    place, candidacy = candidacy_for(request, pk)
    _brought(request, place, candidacy, request.FILES.getlist("scan"))
    page = redirect("unit_person", candidacy.pk)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(headers={"X-Location": page.url + "#scans"})
    return page


def _brought(request: HttpRequest, place: Workplace, candidacy: Candidacy, uploads: list) -> bool:  # type: ignore[type-arg]
    try:
        scanning.bring_scan(candidacy, uploads, by=place.user)
    except Refused as refusal:
        messages.error(request, f"{candidacy.name}: {refusal}")
        return False
    except OSError:
        messages.error(request, _("The storage is full; nothing was added. Tell the operator."))
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def scans(request: HttpRequest) -> HttpResponse:
    """Sealed forms of many people at once: each file is matched by the name in its own name; who is not known is asked."""
    place = workplace(request)
    people = queries.with_drafts(queries.standing_candidacies(place.edition, place.unit.code).filter(state="with_unit"))
    if request.method == "POST":
        _match(request, place, people)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(headers={"X-Location": request.path})
        return redirect("unit_scans")
    rows = pages.rows_of(people, {})
    return render(request, "recommendation/scans.html", {"place": place, "rows": rows})


def _match(request: HttpRequest, place: Workplace, people: list[Candidacy]) -> None:
    uploads = request.FILES.getlist("scan")
    meant = scanning.match_files([upload.name or "" for upload in uploads], people)
    done = 0
    for candidacy in people:
        own = [upload for upload in uploads if meant[upload.name or ""] == candidacy]
        done += bool(own) and _brought(request, place, candidacy, own)
    for upload in uploads:
        if meant[upload.name or ""] is None:
            said = _("%(name)s: nobody's name stands in this file name, or several do. Add it on the person's page.")
            messages.warning(request, said % {"name": upload.name})
    if done:
        said = ngettext("The sealed form of %(n)s person is kept.", "The sealed forms of %(n)s people are kept.", done)
        messages.success(request, said % {"n": done})


@login_required
@require_POST
def turn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a scan turned by a quarter."""
    place, candidacy, scan = scan_for(request, pk)
    quarters = 3 if request.POST.get("to") == "left" else 1
    perform(request, lambda: scanning.turn_scan(scan, candidacy, quarters, by=place.user))
    return redirect(f"{redirect('unit_person', candidacy.pk).url}#scans")


@login_required
@require_GET
@never_cache
def page(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One page, as a picture of the house's own making."""
    _place, candidacy, scan = scan_for(request, pk)
    found = scan.scan_pages.filter(number=number).first()
    if found is None:
        raise Http404
    return HttpResponse(
        scanning.page_picture(found, candidacy),
        content_type="image/jpeg",
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"},
    )


@login_required
@require_GET
@never_cache
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The scan as it came, byte for byte."""
    _place, _candidacy, scan = scan_for(request, pk)
    return download(evidence.read_bytes(scan.sha256), scan.file_name, "application/octet-stream")
