"""The pages of recusals: the expert's declaration, the organiser's decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.pages import unit_names
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review import draw_pages, policy, recusing
from jiangbang.review.access import is_uuid, own_entry, own_seat
from jiangbang.review.dossiers import eligible
from jiangbang.review.matching import Tie
from jiangbang.review.models import Recusal, Relation, Seat
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.profiles import profile_of

# Empty lines of the declaration's form.
BLANK_LINES = 4
FIELDS = ("kind", "person", "organisation", "note")


@login_required
@require_GET
@never_cache
def recusals(request: HttpRequest) -> HttpResponse:
    """Who must not judge whom, and what is in doubt."""
    edition = edition_for(request, policy.may_watch_review)
    all_of_them = Recusal.objects.filter(seat__draw__edition=edition)
    counts = dict(all_of_them.values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    found = all_of_them.filter(state=state) if state in Recusal.State.values else all_of_them
    page = keyset(
        found.select_related("seat__entry__expert", "dossier", "decided_by"),
        ("-made_at", "id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        total=counts.get(state, sum(counts.values())),
    )
    seats = list(recusing.sitting(edition))
    context = {
        "leaves": leaves("review_recusals"),
        "page": page,
        "rows": draw_pages.recusal_rows(page.rows),
        "states": draw_pages.recusal_choices(counts),
        "state": state,
        "total": sum(counts.values()),
        "seats": len(seats),
        "undeclared": draw_pages.undeclared(seats),
        **_to_set(request, edition, seats),
    }
    return render(request, "review/recusals.html", context)


def _to_set(request: HttpRequest, edition: Edition, seats: list[Seat]) -> dict[str, Any]:
    """For whoever leads: between whom a recusal can be set."""
    if not policy.may_lead_review(person(request), edition):
        return {"may_lead": False}
    units = unit_names(edition.spec)
    return {
        "may_lead": True,
        "sitting": [(seat.pk, f"{profile_of(seat.entry.expert).name} {seat.entry.expert.code}") for seat in seats],
        "candidates": [
            (pk, f"{name} · {units.get(unit, unit)}")
            for pk, name, unit in eligible(edition).order_by("name", "pk").values_list("pk", "name", "unit_code")
        ],
        "kinds": Recusal.Kind.choices,
    }


@login_required
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Look through the data again."""
    edition = edition_for(request, policy.may_lead_review)
    count = recusing.find_recusals(edition, by=person(request))
    said = ngettext("%(n)d new recusal was found.", "%(n)d new recusals were found.", count)
    messages.success(request, said % {"n": count})
    return redirect("review_recusals")


@login_required
@require_POST
def set_apart(request: HttpRequest) -> HttpResponse:
    """The organiser keeps an expert from a dossier; what the expert has signed on it is void, with a trace."""
    edition = edition_for(request, policy.may_lead_review)
    wanted = {key: request.POST.get(key, "").replace("\0", "") for key in ("seat", "dossier", "kind", "reason")}
    seat = recusing.sitting(edition).filter(pk=int(wanted["seat"])).first() if wanted["seat"].isdecimal() else None
    dossier = eligible(edition).filter(pk=wanted["dossier"]).first() if is_uuid(wanted["dossier"]) else None
    if seat is None or dossier is None:
        messages.error(request, _("Choose the expert and the candidate."))
        return redirect("review_recusals")
    perform(
        request,
        lambda: recusing.set_recusal(seat, dossier, kind=wanted["kind"], reason=wanted["reason"], by=person(request)),
        _("The two are kept apart. Cards of this pair are void; fill the gap on the page of the assignment."),
    )
    return redirect("review_recusals")


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The organiser's word on one recusal."""
    edition = edition_for(request, policy.may_lead_review)
    recusal = Recusal.objects.filter(pk=pk, seat__draw__edition=edition).first()
    if recusal is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")
    stands = request.POST.get("answer") == "stands"
    done = _("The recusal stands.") if stands else _("The recusal is dismissed.")
    perform(request, lambda: recusing.decide_recusal(recusal, stands=stands, reason=reason, by=person(request)), done)
    return redirect("review_recusals")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def declare(request: HttpRequest) -> HttpResponse:
    """The expert's declaration. He names whom he is bound to; he is shown no list of candidates."""
    entry = own_entry(request)
    seat = own_seat(entry)
    if seat is None or seat.state != Seat.State.CONFIRMED:
        raise PermissionDenied
    if request.method == "GET":
        return _page(request, seat, [])
    lines = _lines(request)
    try:
        if request.POST.get("truthful") != "yes":
            raise Refused("truthful", _("Confirm that the declaration is complete and true."))
        recusing.declare_relations(seat, [Tie(**line) for line in lines], by=person(request))
    except Refused as refusal:
        return _page(request, seat, lines, str(refusal))
    messages.success(request, _("Your declaration is kept. What it excludes will not be given to you."))
    return redirect("review_mine")


def _lines(request: HttpRequest) -> list[dict[str, str]]:
    """The lines of the form that say anything."""
    columns = [[text.replace("\0", "").strip()[:200] for text in request.POST.getlist(name)] for name in FIELDS]
    lines = [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [line for line in lines[: recusing.MOST_TIES + 1] if any(line[name] for name in FIELDS[1:])]


def _page(request: HttpRequest, seat: Seat, lines: list[dict[str, str]], refusal: str = "") -> HttpResponse:
    blank: dict[str, Any] = dict.fromkeys(FIELDS, "")
    context = {
        "seat": seat,
        "declared": [{"kind": Relation.Kind(tie.kind).label, "tie": tie} for tie in recusing.ties_of(seat)],
        "lines": lines + [blank] * max(1, BLANK_LINES - len(lines)),
        "kinds": Relation.Kind.choices,
        "refusal": refusal,
    }
    return render(request, "review/declare.html", context)
