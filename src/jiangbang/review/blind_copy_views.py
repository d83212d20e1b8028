"""Evidence before experts: the office's page of one dossier, and the pages that experts look at."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination import evidence
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.register.acts import Refused
from jiangbang.review import blind_copies, policy
from jiangbang.review.models import BlindCopy
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.score_views import own_card


def _dossier(request: HttpRequest, pk: UUID) -> Dossier:
    edition = edition_for(request, policy.may_lead_review)
    found = Dossier.objects.select_related("edition", "accepted_revision").filter(pk=pk, edition=edition).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
@never_cache
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The evidence of one dossier, and what of it the experts see."""
    dossier = _dossier(request, pk)
    labels = blind_copies.claims(dossier.edition.spec)
    copies = list(BlindCopy.objects.filter(dossier=dossier).select_related("released_by").order_by("-released_at"))
    released = {one.sha256 for one in copies if one.withdrawn_at is None}
    context = {
        "leaves": leaves("review_assignment"),
        "dossier": dossier,
        "files": [
            {
                "file": one,
                "label": labels.get(blind_copies.claim_of(one), ""),
                "released": one.sha256 in released,
            }
            for one in blind_copies.originals(dossier)
        ],
        "copies": [{"copy": one, "label": labels.get(one.claim, ""), "count": len(one.pages)} for one in copies],
        "claims": labels.items(),
    }
    return render(request, "review/papers.html", context)


@login_required
@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Release a file as it is, or a copy that was blacked out."""
    dossier, by = _dossier(request, pk), person(request)
    upload, wanted = request.FILES.get("file"), request.POST.get("original", "")
    try:
        if request.POST.get("checked") != "yes":
            raise Refused("unchecked", _("Confirm that nobody can be recognised on it."))
        if wanted:
            found = next((one for one in blind_copies.originals(dossier) if str(one.pk) == wanted), None)
            if found is None:
                raise Http404
            blind_copies.release_original(dossier, found, by=by)
        elif upload is None:
            raise Refused("no_file", _("No file was chosen."))
        else:
            blind_copies.release_redacted(dossier, request.POST.get("claim", ""), upload, by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except OSError:
        messages.error(request, _("The storage is full; nothing was received. Tell the operator."))
    else:
        messages.success(request, _("The dossier's experts see it now. Look through the pages once more."))
    return redirect("review_papers", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No expert sees it any more."""
    edition = edition_for(request, policy.may_lead_review)
    copy = BlindCopy.objects.filter(pk=pk, dossier__edition=edition).first()
    if copy is None:
        raise Http404
    perform(request, lambda: blind_copies.withdraw_copy(copy, by=person(request)), _("The paper is withdrawn."))
    return redirect("review_papers", copy.dossier_id)


@login_required
@require_GET
@never_cache
def office_page(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One page as the experts see it, for the office."""
    edition = edition_for(request, policy.may_lead_review)
    return _picture(BlindCopy.objects.filter(pk=pk, dossier__edition=edition).first(), number)


@login_required
@require_GET
@never_cache
def expert_page(request: HttpRequest, pk: UUID, copy: UUID, number: int) -> HttpResponse:
    """One page of a paper, for an expert who has the dossier's card."""
    card = own_card(request, pk)
    return _picture(BlindCopy.objects.filter(pk=copy, dossier=card.reviewed_id, withdrawn_at=None).first(), number)


def _picture(copy: BlindCopy | None, number: int) -> HttpResponse:
    if copy is None or not 0 < number <= len(copy.pages):
        raise Http404
    headers = {
        "Content-Disposition": f'inline; filename="{number}.jpg"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(evidence.read_bytes(copy.pages[number - 1]), content_type="image/jpeg", headers=headers)
