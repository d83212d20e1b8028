"""The desk while it is open, and the edition in figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.nomination import desk_live, desk_page, policy
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.desk_figures import figures as figures_of


@login_required
@require_GET
@never_cache
def news(request: HttpRequest) -> HttpResponse:
    """What changed on an open desk: nothing (204), or its parts anew."""
    edition = edition_for(request)
    before, now = desk_live.Stamp.read(request.GET.get("since", "")), desk_live.stamp(edition)
    if before == now:
        return HttpResponse(status=204)
    seen = before.packet if before else now.packet
    context = desk_page.context(edition, request.GET, by=person(request), stamp=now, seen=seen)
    return render(request, "nomination/desk_news.html", context)


@login_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Arrivals, districts, classes and the funnel, each as chart and table."""
    edition = edition_for(request)
    context = {
        "edition": edition,
        "figures": figures_of(edition),
        "may_export": policy.may_export(person(request), edition),
    }
    return render(request, "nomination/desk_figures.html", context)
