"""The roll: who holds which title, for everybody, as a page, inside other people's pages, as CSV and as linked data."""

from __future__ import annotations

import csv
import io
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_GET

from jiangbang.conferral.award_models import Award
from jiangbang.conferral.pages import Choice, listed_of, narrowed, roll_document, roll_figures, rolls_of
from jiangbang.conferral.queries import awards_of, found_on_rolls
from jiangbang.nomination.pages import unit_names
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.screening.letters import office_of

# whoever keeps it asks each time whether it still stands: a revoked title is off the roll at once
_KEPT = {"Cache-Control": "public, no-cache"}
_OPEN = {**_KEPT, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
# any site may show it inside its own page; it still loads and runs nothing but what we send
_FRAMED = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors *",
        "base-uri 'none'",
    )
)
COLUMNS = ("编号", "姓名", "工作单位及职务", "称号", "推荐单位", "行业细分")


@conditional_page
@require_GET
def roll(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """Everybody who holds a title of the edition, by title; narrowed to a unit (`of`: a district, say) or an industry class."""
    edition = _edition(programme, slug)
    awards = [one for one in awards_of(edition) if one.held]
    choice = Choice(request.GET.get("of", ""), request.GET.get("class", ""))
    context = {
        "edition": edition,
        "lists": listed_of(edition, narrowed(awards, choice)),
        "count": len(awards),
        **roll_figures(edition, awards, choice),
        # stories are written on a floor above this one; the address is known, their models are not
        "stories": Award.objects.filter(edition=edition, stories__published_at__isnull=False).exists(),
        "embed": absolute(request.path + "embed/"),
        "office": office_of(edition),
    }
    return _kept(render(request, "conferral/roll.html", context))


@conditional_page
@require_GET
@xframe_options_exempt
def roll_embed(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The bare list, to stand in a frame on the page of a federation, a unit or a newspaper; `of` and `class` narrow it as the roll."""
    edition = _edition(programme, slug)
    awards = [one for one in awards_of(edition) if one.held]
    choice = Choice(request.GET.get("of", ""), request.GET.get("class", ""))
    context = {"edition": edition, "lists": listed_of(edition, narrowed(awards, choice))}
    response = _kept(render(request, "conferral/roll_embed.html", context))
    response["Content-Security-Policy"] = _FRAMED
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@conditional_page
@require_GET
def rolls(request: HttpRequest, programme: str) -> HttpResponse:
    """The rolls of every edition of a programme, and whoever has a name that contains `q` on any of them."""
    found = rolls_of(programme)
    if not found:
        raise Http404
    sought = " ".join(request.GET.get("q", "").replace("\0", "").split())[:40]
    context = {
        "rolls": found,
        "programme": found[0].edition.name if len(found) == 1 else "",
        "sought": sought,
        "hits": found_on_rolls(programme, sought) if sought else [],
    }
    return _kept(render(request, "conferral/rolls.html", context))


@conditional_page
@require_GET
def roll_csv(_request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The roll as CSV (RFC 4180, UTF-8 with a mark so that Excel reads it); no field can be taken for a formula."""
    edition = _edition(programme, slug)
    units, out = unit_names(edition.spec), io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for one in listed_of(edition, awards_of(edition)):
        for award in one.held:
            dossier = award.dossier
            unit = units.get(dossier.unit_code, dossier.unit_code)
            cells = (award.number, award.name, award.employer, one.title.label, unit, dossier.industry_class)
            lines.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells])
    headers = {**_OPEN, "Content-Disposition": 'attachment; filename="roll.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@conditional_page
@require_GET
def roll_json(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The roll as JSON-LD."""
    edition = _edition(programme, slug)
    address = absolute(request.path.removesuffix("roll.json") + "roll/")
    document = roll_document(edition, listed_of(edition, awards_of(edition)), address)
    body = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/ld+json; charset=utf-8", headers=_OPEN)


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = _KEPT["Cache-Control"]
    return response


def _edition(programme: str, slug: str) -> Edition:
    found = find_edition(f"{programme}/{slug}")
    if found is None or not Award.objects.filter(edition=found).exists():
        raise Http404
    return found
