"""The office's page of certificates: the design, the keys, what cannot be printed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.conferral import policy
from jiangbang.conferral.certificates import ARTWORK, MEDIA_TYPES, day_of_issue, specimen, words_of
from jiangbang.conferral.issuers import current_key
from jiangbang.conferral.revoking import revoke_certificate, revoked_numbers
from jiangbang.decision.queries import released_places
from jiangbang.kernel.edition import TitleSpec
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.performing import perform
from jiangbang.papers.fonts import lacking
from jiangbang.programme.models import Edition


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What the certificates of the edition look like, whose key signs them, and which names the fonts cannot print."""
    edition = edition_for(request, policy.may_make_certificates)
    issued = day_of_issue(edition)
    context: dict[str, Any] = {
        "titles": [(title.key, label_of(title)) for title in edition.spec.titles],
        "issued": issued,
        "key": current_key(issued),
        "unprintable": _unprintable(edition),
        "words": words_of(edition),
        "revoked": revoked_numbers(),
    }
    return render(request, "conferral/certificates.html", context)


@login_required
@require_GET
@never_cache
def proof(request: HttpRequest, title: str, name: str) -> HttpResponse:
    """A proof of the design as a file: it says across the sheet that it is one."""
    edition = edition_for(request, policy.may_make_certificates)
    make = ARTWORK.get(name)
    if make is None:
        raise Http404
    content = make(specimen(edition, _title(edition, title), day_of_issue(edition)))
    kind = name.rpartition(".")[2]
    shown = "inline" if kind == "png" else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{title}-{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)


@login_required
@require_POST
@step_up.required
def revoke(request: HttpRequest) -> HttpResponse:
    """Let a certificate count no more."""
    edition = edition_for(request, policy.may_make_certificates)
    number, resolution = (request.POST.get(key, "").replace("\0", "") for key in ("number", "resolution"))
    perform(
        request,
        lambda: revoke_certificate(edition, number=number, resolution=resolution, by=person(request)),
        _("The certificate is revoked; the verify page says so already."),
    )
    return redirect("certificate_desk")


def _title(edition: Edition, key: str) -> TitleSpec:
    found = next((title for title in edition.spec.titles if title.key == key), None)
    if found is None:
        raise Http404
    return found


def _unprintable(edition: Edition) -> list[tuple[str, str]]:
    """Whose name has characters that no font of ours has, with those characters. One query."""
    names = [place.dossier.name for place in released_places(edition)]
    return [(name, "、".join(f"{one} (U+{ord(one):04X})" for one in lacking(name))) for name in names if lacking(name)]
