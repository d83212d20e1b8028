"""The page of pictures, and each picture as a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import policy as nomination_policy
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.exports import KINDS, ListExport, list_response
from jiangbang.papers.tables import Column
from jiangbang.screening import pictures, policy
from jiangbang.screening.picture_files import as_png, as_svg
from jiangbang.screening.pictures import Picture, PictureRow

DRAWN = {"svg": "image/svg+xml", "png": "image/png"}


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All pictures, each with its table."""
    edition = edition_for(request, policy.may_see_screening)
    found = pictures.pictures(edition)
    context = {
        "edition": edition,
        "pictures": [_shown(one) for one in found],
        "any": any(row.total for row in found[0].rows),
        "uncounted": pictures.uncounted(edition),
        "small": pictures.SMALL,
        "may_export": nomination_policy.may_export(person(request), edition),
    }
    return render(request, "screening/pictures_page.html", context)


def _shown(picture: Picture) -> dict[str, Any]:
    rows = []
    for row in picture.rows:
        x, bars = 0.0, []
        for count, tone in zip(picture.drawn(row), picture.tones, strict=True):
            width = round(100 * count / picture.most, 2) if picture.most else 0.0
            bars.append({"x": x, "width": width, "tone": tone})
            x = round(x + width, 2)
        rows.append({"label": row.label, "bars": bars, "cells": [picture.told(count) for count in row.parts]})
    legend = list(zip(picture.columns, picture.tones, strict=True))
    return {"picture": picture, "rows": rows, "legend": legend if len(legend) > 1 else []}


@login_required
@require_GET
@step_up.required
def export(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """One picture as SVG or PNG, or its table as CSV or Excel."""
    edition = edition_for(request, nomination_policy.may_export)
    found = pictures.picture(edition, key)
    if found is None or kind not in {**DRAWN, **KINDS}:
        raise Http404
    if kind in KINDS:
        listed = ListExport("picture", found.title, _columns(found), found.rows)
        return list_response(listed, kind, edition=edition, by=person(request))
    body = as_svg(found).encode() if kind == "svg" else as_png(found)
    nomination_acts.note_download(f"edition:{edition.key}", f"picture.{kind}", edition=edition, by=person(request))
    return attachment(body, f"{found.title}.{kind}", DRAWN[kind])


def _columns(picture: Picture) -> list[Column[PictureRow]]:
    def cell(place: int) -> Column[PictureRow]:
        return Column(picture.columns[place], lambda row: picture.told(row.parts[place]), 12)

    columns: list[Column[PictureRow]] = [Column(picture.first, lambda row: row.label, 28)]
    columns += [cell(place) for place in range(len(picture.columns))]
    # a sum beside cells that are not told would tell them
    if len(picture.columns) > 1 and not picture.guarded:
        columns.append(Column(_("Together"), lambda row: picture.told(row.total), 12))
    return columns
