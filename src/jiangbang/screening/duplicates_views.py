"""The pages of likenesses. A view looks up, asks and shows; what changes, changes in an act."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import Predicate, admit, edition_for, person
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.pages import unit_names
from jiangbang.register.acts import Refused
from jiangbang.screening import duplicates_acts, duplicates_pages, duplicates_queries, policy
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.duplicates_queries import WantedPairs


@login_required
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The edition's likenesses: the most alike first."""
    edition = edition_for(request, policy.may_see_screening)
    wanted = WantedPairs.from_query(request.GET)
    counts = duplicates_queries.counts(edition)
    total = sum(counts.values())
    page = keyset(
        duplicates_queries.pairs(edition, wanted),
        ("-score", "-id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        total=total if wanted == WantedPairs() else None,
    )
    context = {
        "wanted": wanted,
        "page": page,
        "rows": duplicates_pages.pair_rows(page.rows, wanted),
        "total": total,
        "kinds": duplicates_pages.kind_choices(counts),
        "decided": duplicates_pages.decided_choices(counts),
        "units": unit_names(edition.spec),
        "may_screen": policy.may_screen(person(request), edition),
    }
    return render(request, "screening/duplicates_list.html", context)


@login_required
@require_GET
@never_cache
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Two dossiers side by side, with what stands in both."""
    pair = _pair_for(request, pk, policy.may_see_screening)
    wanted = WantedPairs.from_query(request.GET)
    following = duplicates_queries.following(pair, wanted)
    context = {
        "pair": pair,
        "score": duplicates_pages.per_cent(pair.score),
        "sheet": duplicates_pages.pair_sheet(pair, person(request)),
        "choices": duplicates_pages.decision_choices(pair),
        "decided": duplicates_pages.decided(pair),
        "may_screen": policy.may_screen(person(request), pair.edition),
        "query": duplicates_pages.as_query(wanted),
        "following": following,
    }
    return render(request, "screening/duplicates_pair.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, and go on to the next one that is not decided."""
    pair = _pair_for(request, pk, policy.may_screen)
    decision, reason = (request.POST.get(key, "").replace("\0", "") for key in ("decision", "reason"))
    following = duplicates_queries.following(pair, WantedPairs.from_query(request.GET))
    try:
        duplicates_acts.decide_pair(pair, decision=decision, reason=reason[:2000], by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        following = pk
    else:
        messages.success(request, _("The decision is kept and stands in the register."))
    return _to(request, following)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the decision back."""
    pair = _pair_for(request, pk, policy.may_screen)
    try:
        duplicates_acts.undo_decision(pair, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to(request, pk)


@login_required
@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Ask for a comparison of what is new."""
    edition = edition_for(request, policy.may_screen)
    duplicates_acts.ask_for_comparison(edition)
    messages.success(request, _("The dossiers are being compared. Look again in a minute."))
    return redirect("screening_duplicates")


def _pair_for(request: HttpRequest, pk: int, may: Predicate) -> DuplicatePair:
    pair = duplicates_queries.pair_with_all(pk)
    if pair is None:
        raise Http404
    admit(person(request), pair.edition, may)
    return pair


def _to(request: HttpRequest, pk: int | None) -> HttpResponse:
    """The pair's page, or the list past the last one; the list's filter is kept."""
    narrowed = duplicates_pages.as_query(WantedPairs.from_query(request.GET))
    address = reverse("screening_duplicate", args=[pk]) if pk else reverse("screening_duplicates")
    return redirect(f"{address}?{narrowed}" if narrowed else address)
