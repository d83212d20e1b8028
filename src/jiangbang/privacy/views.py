"""The office's pages of personal data: who is to be erased, and what is kept of one person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.nomination.access import admit, dossier_for, edition_for, person
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.performing import perform
from jiangbang.privacy import policy
from jiangbang.privacy.copying import hand_over_copy
from jiangbang.privacy.correcting import correct_value, correctable
from jiangbang.privacy.erasing import LONGEST, ask_erasure, confirm_erasure, decline_erasure
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.pages import erasure_rows, kept_of, looks_shown
from jiangbang.privacy.scope import hindrances, scope_of
from jiangbang.register.acts import Refused


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Who waits to be erased, and who was; nobody is named who is gone."""
    edition = edition_for(request, policy.may_see_privacy)
    context = {"edition": edition, "erasures": erasure_rows(edition, person(request))}
    return render(request, "privacy/desk.html", context)


@login_required
@require_GET
@never_cache
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the house keeps of one person, in every edition, and what may be done with it."""
    dossier = dossier_for(request, pk, policy.may_see_privacy)
    scope = scope_of(dossier.person)
    context = {
        "dossier": dossier,
        "edition": dossier.edition,
        "scope": scope,
        "kept": kept_of(scope),
        "hindrances": [str(one) for one in hindrances(scope)],
        "erasure": Erasure.objects.filter(person=dossier.person).select_related("asked_by", "decided_by").first(),
        "looks": looks_shown([one.pk for one in scope.dossiers], dossier.edition),
        "fields": [(one.key, label_of(one)) for one in correctable(dossier)],
        "grounds": [one for one in Erasure.Ground.choices if one[0] != Erasure.Ground.PERIOD],
        "longest": LONGEST,
        "me": person(request).pk,
        "may_ask": policy.may_ask_erasure(person(request), dossier.edition),
    }
    return render(request, "privacy/person.html", context)


@login_required
@require_POST
@step_up.required
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that this person be erased."""
    dossier, said = dossier_for(request, pk, policy.may_ask_erasure), request.POST
    perform(
        request,
        lambda: ask_erasure(
            dossier.edition,
            dossier.person,
            ground=said.get("ground", ""),
            paper=said.get("paper", ""),
            by=person(request),
        ),
        _("Another person confirms it now."),
    )
    return redirect("privacy_person", dossier.pk)


@login_required
@require_POST
@never_cache
@step_up.required
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that is kept of this person, for her request."""
    dossier = dossier_for(request, pk, policy.may_hand_over_copy)
    try:
        body = hand_over_copy(dossier, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy_person", dossier.pk)
    word = _("personal data")
    return attachment(body, f"{dossier.name}+{word}.zip", "application/zip")


@login_required
@require_POST
@step_up.required
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct one value on the person's request."""
    dossier, said = dossier_for(request, pk, policy.may_correct), request.POST
    perform(
        request,
        lambda: correct_value(dossier, said.get("field", ""), said.get("value", ""), by=person(request)),
        _("Corrected: a further revision keeps it, the earlier ones stay."),
    )
    return redirect("privacy_person", dossier.pk)


@login_required
@require_POST
@step_up.required
def decide(request: HttpRequest, pk: int, word: str) -> HttpResponse:
    """Confirm an erasure, or turn it down."""
    found = Erasure.objects.select_related("edition").filter(pk=pk).first()
    if found is None or word not in ("confirm", "decline"):
        raise Http404
    by = person(request)
    admit(by, found.edition, policy.may_decide_erasure)
    if word == "confirm":
        perform(request, lambda: confirm_erasure(found, by=by), _("The person is erased."))
    else:
        perform(request, lambda: decline_erasure(found, by=by), _("Nothing was erased."))
    return redirect("privacy_desk")
