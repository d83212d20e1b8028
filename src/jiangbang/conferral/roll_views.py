"""The roll: who holds which title, for everybody, as a page, as CSV and as linked data."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiangbang.conferral.award_models import Award
from jiangbang.conferral.pages import listed_of, roll_document
from jiangbang.conferral.queries import awards_of
from jiangbang.nomination.pages import unit_names
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.screening.letters import office_of

_KEPT = {"Cache-Control": "public, max-age=60"}
COLUMNS = ("编号", "姓名", "工作单位及职务", "称号", "推荐单位", "行业细分")


@require_GET
def roll(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """Everybody who holds a title of the edition, by title; `of` narrows to the people of one recommending unit."""
    edition = _edition(programme, slug)
    awards, units = awards_of(edition), unit_names(edition.spec)
    chosen = request.GET.get("of", "")
    held = [one for one in awards if one.held]
    counts = Counter(one.dossier.unit_code for one in held)
    shown = [one for one in held if chosen in ("", one.dossier.unit_code)]
    classes = Counter(one.dossier.industry_class for one in held if one.dossier.industry_class)
    most = max(classes.values(), default=1)
    context = {
        "edition": edition,
        "lists": listed_of(edition, shown),
        "units": [(code, units.get(code, code), count) for code, count in counts.most_common()],
        "chosen": chosen if chosen in counts else "",
        "count": len(held),
        "classes": [(name, count, round(100 * count / most)) for name, count in classes.most_common(12)],
        # stories are written on a floor above this one; the address is known, their models are not
        "stories": Award.objects.filter(edition=edition, stories__published_at__isnull=False).exists(),
        "office": office_of(edition),
    }
    answer = render(request, "conferral/roll.html", context)
    answer["Cache-Control"] = _KEPT["Cache-Control"]
    return answer


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
    headers = {**_KEPT, "Content-Disposition": 'attachment; filename="roll.csv"', "Access-Control-Allow-Origin": "*"}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def roll_json(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The roll as JSON-LD."""
    edition = _edition(programme, slug)
    address = absolute(request.path.removesuffix("roll.json") + "roll/")
    document = roll_document(edition, listed_of(edition, awards_of(edition)), address)
    headers = {**_KEPT, "Access-Control-Allow-Origin": "*"}
    body = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/ld+json; charset=utf-8", headers=headers)


def _edition(programme: str, slug: str) -> Edition:
    found = find_edition(f"{programme}/{slug}")
    if found is None or not Award.objects.filter(edition=found).exists():
        raise Http404
    return found
