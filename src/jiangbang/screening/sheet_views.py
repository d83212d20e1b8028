"""Finding sheets as downloads, and the page on which the units' sheets are found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import pages as nomination_pages
from jiangbang.nomination import policy as nomination_policy
from jiangbang.nomination.access import dossier_for, edition_for, person
from jiangbang.nomination.downloads import DOCX, attachment
from jiangbang.papers.paper import Paper
from jiangbang.papers.paper_docx import write_docx
from jiangbang.papers.pdf import write_pdf
from jiangbang.recommendation.packing import fit_name
from jiangbang.screening import policy, queries, sheets

PAPER_KINDS = {"pdf": "application/pdf", "docx": DOCX}


@login_required
@require_GET
@step_up.required
def sheet(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The finding sheet of one dossier."""
    found = dossier_for(request, pk, nomination_policy.may_export)
    screening = sheets.screenings(found.edition, pk=found.pk)
    if not screening or kind not in PAPER_KINDS:
        raise Http404
    body = written(sheets.dossier_sheet(screening[0]), kind)
    nomination_acts.note_download(found.subject, f"sheet.{kind}", edition=found.edition, by=person(request))
    word = _("finding sheet")
    return attachment(body, f"{fit_name(found.name or str(found.pk))}+{word}.{kind}", PAPER_KINDS[kind])


@login_required
@require_GET
@step_up.required
def unit_sheet(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """All finding sheets of one unit, with a table of all before them."""
    edition = edition_for(request, nomination_policy.may_export)
    unit = next((unit for unit in edition.spec.units if unit.code == code), None)
    if unit is None or kind not in PAPER_KINDS:
        raise Http404
    body = written(sheets.unit_sheet(edition, unit), kind)
    nomination_acts.note_download(f"unit:{code}", f"sheets.{kind}", edition=edition, by=person(request))
    word = _("finding sheets")
    return attachment(body, f"{fit_name(unit.short_name)}+{word}.{kind}", PAPER_KINDS[kind])


def written(paper: Paper, kind: str) -> bytes:
    """The paper as bytes of this kind."""
    return write_pdf(paper) if kind == "pdf" else write_docx(paper)


@login_required
@require_GET
def sheet_list(request: HttpRequest) -> HttpResponse:
    """The units with how far their screening is, and their finding sheets."""
    edition = edition_for(request, policy.may_see_screening)
    counts, names = queries.by_unit(edition), nomination_pages.unit_names(edition.spec)
    rows: list[dict[str, Any]] = [
        {"code": unit.code, "name": names[unit.code], "total": sum(states.values()), **states}
        for unit in edition.spec.units
        if (states := counts.get(unit.code))
    ]
    context = {
        "edition": edition,
        "rows": rows,
        "may_export": nomination_policy.may_export(person(request), edition),
    }
    return render(request, "screening/sheets_list.html", context)
