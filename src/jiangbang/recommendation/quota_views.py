"""The page on which a unit chooses who goes within its quota, and the office's ledger of quotas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.kernel.quotas import quota_line
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of, unit_name, unit_names
from jiangbang.nomination.performing import perform
from jiangbang.nomination.queries import ledger
from jiangbang.programme.models import Edition
from jiangbang.recommendation import policy, quotas
from jiangbang.recommendation.access import workplace
from jiangbang.recommendation.models import DirectRoute
from jiangbang.register.acts import Refused

HELD = Dossier.State.HELD


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def quota(request: HttpRequest) -> HttpResponse:
    """Who goes: the unit's people in its order, the line at the bound, those held."""
    place = workplace(request)
    edition, unit = place.edition, place.unit
    kept: set[str] | None = None
    if request.method == "POST":
        kept = set(request.POST.getlist("goes"))
        try:
            taken, held = quotas.choose_who_goes(
                edition, unit, _ids(kept), stamp=request.POST.get("stamp", ""), by=place.user
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            # what somebody else changed must be seen before it is chosen again
            kept = None if refusal.code == "changed" else kept
        else:
            said = _("Saved: %(taken)s taken in, %(held)s held.") % {"taken": taken, "held": held}
            messages.success(request, said if taken or held else _("Nothing was changed."))
            return redirect("unit_quota")
    people = quotas.in_order(edition, unit.code)
    routes = {one.dossier_id: one for one in _routes(edition).filter(dossier__unit_code=unit.code)}
    going = sum(one.state != HELD and not one.direct_title for one in people)
    context = {
        "place": place,
        "unit": unit_name(unit),
        "rows": [_row(one, kept, routes.get(one.pk)) for one in people],
        "stamp": quotas.stamp_of(people),
        "line": quota_line(unit, going),
        "held": sum(one.state == HELD for one in people),
        "titles": quotas.direct_titles(edition),
        "facts": [{"key": fact.key, "label": label_of(fact)} for fact in quotas.direct_facts(edition)],
        "open": edition.deadline.standing(edition.now()) == "open",
        "deadline": edition.deadline.at,
    }
    return render(request, "recommendation/quota.html", context)


def _ids(said: set[str]) -> list[UUID]:
    try:
        return [UUID(pk) for pk in said]
    except ValueError:
        raise Refused("unknown_person", _("The list has changed. Load the page again, then choose.")) from None


def _row(dossier: Dossier, kept: set[str] | None, route: DirectRoute | None) -> dict[str, Any]:
    going = dossier.state != HELD if kept is None else str(dossier.pk) in kept
    return {"dossier": dossier, "key": str(dossier.pk), "goes": going or bool(dossier.direct_title), "route": route}


def _routes(edition: Edition) -> Any:
    found = DirectRoute.objects.filter(dossier__edition=edition).select_related(
        "dossier", "person", "claimed_by", "decided_by"
    )
    return found.order_by("claimed_at")


@login_required
@require_POST
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The unit says that somebody takes a title directly."""
    place = workplace(request)
    found = Dossier.objects.filter(pk=pk, edition=place.edition, unit_code=place.unit.code).first()
    if found is None:
        raise Http404
    title = request.POST.get("title", "")
    return _performed(
        request,
        lambda: quotas.claim_direct(found, title, request.POST, by=place.user),
        _("Claimed. The office decides; until then the person counts in your quota."),
        "unit_quota",
    )


@login_required
@require_GET
@never_cache
def quota_ledger(request: HttpRequest) -> HttpResponse:
    """The office's ledger: each unit's quota, who is held, who goes outside it; the claims that wait for a word."""
    edition = edition_for(request, policy.may_see_quotas)
    names = unit_names(edition.spec)
    titles = {title.key: label_of(title) for title in edition.spec.titles}
    labels = {fact.key: label_of(fact) for fact in quotas.direct_facts(edition)}
    claims = [
        {
            "route": one,
            "unit": names.get(one.dossier.unit_code, one.dossier.unit_code),
            "title": titles.get(one.title, one.title),
            "said": [(labels.get(key, key), value) for key, value in _said(one).items()],
        }
        for one in _routes(edition)
    ]
    lines = ledger(edition)
    context = {
        "edition": edition,
        "lines": [{"line": line, "name": names[line.unit.code]} for line in lines],
        "accepted": sum(line.accepted for line in lines),
        "held": sum(line.held for line in lines),
        "direct": sum(line.direct for line in lines),
        "over": sum(line.quota.state == "over" for line in lines),
        "claims": [one for one in claims if one["route"].state == DirectRoute.State.CLAIMED],
        "decided": [one for one in claims if one["route"].state != DirectRoute.State.CLAIMED],
        "gives_direct": bool(quotas.direct_titles(edition)),
        "may_decide": policy.may_decide_direct(person(request), edition),
    }
    return render(request, "recommendation/quota_ledger.html", context)


def _said(route: DirectRoute) -> dict[str, int]:
    """What was said of the contest, while it waits for a word; afterwards nobody needs it on a list."""
    return quotas.said_of(route) if route.state == DirectRoute.State.CLAIMED else {}


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The office's word on a claim."""
    edition = edition_for(request, policy.may_decide_direct)
    found = _routes(edition).filter(pk=pk).first()
    if found is None:
        raise Http404
    granted = request.POST.get("word") == "grant"
    return _performed(
        request,
        lambda: quotas.decide_direct(found, granted=granted, by=person(request)),
        _("Granted: outside the quota from now on.") if granted else _("Refused: the person counts in the quota."),
        "quota_ledger",
    )


def _performed(request: HttpRequest, act: Callable[[], object], done: str, to: str) -> HttpResponse:
    perform(request, act, done)
    return redirect(to)
