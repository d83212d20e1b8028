"""What a candidate may ask for on her own: to see what is kept and who looked at it, and to take a copy."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.candidacy.access import candidacy_for
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.policy import is_candidate
from jiangbang.nomination.access import person
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.models import Dossier
from jiangbang.privacy.copying import take_copy
from jiangbang.privacy.pages import looks_shown
from jiangbang.register.acts import Refused

ZIP = "application/zip"


@login_required
@require_GET
@never_cache
def own(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person's own page."""
    found = candidacy_for(request, pk, is_candidate)
    looks = looks_shown(_dossiers(found), found.edition)
    context = {"candidacy": found, "edition": found.edition, "looks": looks}
    return render(request, "privacy/own.html", context)


@login_required
@require_POST
@never_cache
@step_up.required
def own_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that is kept of the person, as one package."""
    found = candidacy_for(request, pk, is_candidate)
    try:
        body = take_copy(found, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy_own", found.pk)
    word = _("personal data")
    return attachment(body, f"{found.name}+{word}.zip", ZIP)


def _dossiers(candidacy: Candidacy) -> list[UUID]:
    """The keys of the person's dossiers, in every edition."""
    if candidacy.dossier is None:
        return []
    return list(Dossier.objects.filter(person=candidacy.dossier.person_id).values_list("pk", flat=True))
