"""Inviting: a pasted list is shown as it was read before anything is sent; links are shown once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jiangbang.candidacy.models import Consent
from jiangbang.nomination.performing import perform
from jiangbang.recommendation import inviting, pages, queries
from jiangbang.recommendation.access import Workplace, candidacy_for, workplace
from jiangbang.recommendation.pasting import Pasted, as_text, read_pasted
from jiangbang.register.acts import Refused


def _checked(place: Workplace, text: str) -> Pasted:
    """The list as it was read, with who was invited before."""
    known = set(queries.standing_candidacies(place.edition, place.unit.code).values_list("name", flat=True))
    return read_pasted(text, is_known=lambda name, _address: name in known)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Paste people; see how each line was read, and what to mend."""
    place = workplace(request)
    pasted = _checked(place, request.POST.get("people", "")) if request.method == "POST" else None
    if pasted is not None and not pasted.people:
        messages.error(request, _("There is nobody in the list. Paste at least one name."))
        pasted = None
    return render(request, "recommendation/invite.html", _invite_context(place, pasted))


def _invite_context(place: Workplace, pasted: Pasted | None) -> dict[str, object]:
    people = pasted.people if pasted else ()
    sent = [one for one in people if one.email]
    return {
        "place": place,
        "pasted": pasted,
        "lines": pages.checked_lines(people),
        "text": as_text(people) if pasted else "",
        "by_mail": len(sent),
        "by_hand": len(people) - len(sent),
    }


@login_required
@require_POST
@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """Invite everybody of the checked list, and show their links this once."""
    place = workplace(request)
    pasted = _checked(place, request.POST.get("people", ""))
    try:
        invited = inviting.invite_people(place.edition, place.unit, pasted.people, by=place.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return render(request, "recommendation/invite.html", _invite_context(place, pasted))
    context = {"place": place, "links": pages.links_of(request, invited)}
    return render(request, "recommendation/invited.html", context)


@login_required
@require_POST
@never_cache
def invite_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link for somebody who has not opened the form yet."""
    place, candidacy = candidacy_for(request, pk)
    try:
        again = inviting.invite_again(candidacy, request.POST.get("address", ""), by=place.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("unit_person", candidacy.pk)
    return render(request, "recommendation/invited.html", {"place": place, "links": pages.links_of(request, [again])})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter somebody who has no address: the consents are on paper, the unit fills the form in."""
    place = workplace(request)
    if request.method == "POST":
        name, attested = request.POST.get("name", ""), request.POST.getlist("consent")
        try:
            made = inviting.enter_candidate(place.edition, place.unit, name, attested=attested, by=place.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("unit_person", made.pk)
    context = {"place": place, "purposes": Consent.Purpose, "name": request.POST.get("name", "")}
    return render(request, "recommendation/enter.html", context)


@login_required
@require_POST
def attest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The consents of somebody who was invited are on paper: the unit fills the form in."""
    place, candidacy = candidacy_for(request, pk)
    perform(
        request,
        lambda: inviting.attest_consents(candidacy, request.POST.getlist("consent"), by=place.user),
        _("The form is open; you may fill it in."),
    )
    return redirect("unit_person", candidacy.pk)
