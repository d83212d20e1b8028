"""The figures across editions: for everybody of what is over, for the office of what is running as well."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_GET

from jiangbang.nomination.access import edition_for, person
from jiangbang.programme.models import Edition
from jiangbang.succession.figures import COLUMNS, compared, csv_rows, line_of, pictures, trends
from jiangbang.succession.policy import may_succeed
from jiangbang.succession.statistics import Figures, conferred_editions, figures_of

# it may be kept, but whoever keeps it asks each time: a title may be revoked
_KEPT = {"Cache-Control": "public, no-cache"}
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@conditional_page
@require_GET
def statistics(request: HttpRequest, programme: str) -> HttpResponse:
    """The editions of a programme that gave titles, side by side, and one of them in charts. Nobody is named."""
    response = _page(request, "succession/statistics.html", _public(programme), exact=False)
    response["Cache-Control"] = _KEPT["Cache-Control"]
    return response


@conditional_page
@require_GET
def statistics_csv(_request: HttpRequest, programme: str) -> HttpResponse:
    """The same as CSV (RFC 4180, UTF-8 with a mark so that Excel reads it)."""
    return _csv(_public(programme), exact=False, headers={**_KEPT, **_OPEN})


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """The office's page: running and practised editions too, of those in which the reader is an organiser."""
    return _page(request, "succession/statistics_desk.html", _own(request), exact=True)


@login_required
@require_GET
@never_cache
def desk_csv(request: HttpRequest) -> HttpResponse:
    """The office's page as CSV."""
    return _csv(_own(request), exact=True, headers={})


def _public(programme: str) -> list[Figures]:
    """Practised editions are nobody's results: only a demonstration shows them, marked. 404 where no edition gave a title."""
    found = [one for one in figures_of(conferred_editions(programme)) if settings.JIANGBANG_DEMO or not one.practice]
    if not found:
        raise Http404
    return found


def _own(request: HttpRequest) -> list[Figures]:
    edition, user = edition_for(request, may_succeed), person(request)
    others = Edition.objects.defer("document").filter(programme=edition.programme)
    return figures_of(one for one in others if may_succeed(user, one))


def _page(request: HttpRequest, template: str, found: list[Figures], *, exact: bool) -> HttpResponse:
    wanted = request.GET.get("edition", "")
    newest = next((one for one in reversed(found) if one.steps["received"]), found[-1])
    chosen = next((one for one in found if one.edition.slug == wanted), newest)
    lines = [line_of(one, exact=exact) for one in found]
    context: dict[str, Any] = {
        "programme": chosen.edition.programme,
        "lines": lines[::-1],
        "chosen": chosen,
        "compared": compared(lines),
        "trends": trends(found) if len(found) > 1 else [],
        "pictures": pictures(chosen),
        "csv": f"{request.path.rstrip('/')}.csv",
    }
    return render(request, template, context)


def _csv(found: Iterable[Figures], *, exact: bool, headers: dict[str, str]) -> HttpResponse:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows(csv_rows(found, exact=exact))
    headers = {**headers, "Content-Disposition": 'attachment; filename="statistics.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
