"""The office's side of a return: what the unit is to mend, until when; and how its answer differs."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jiangbang.nomination.access import dossier_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import told, unit_name
from jiangbang.recommendation import pages, policy, returning
from jiangbang.register.acts import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def returns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was returned of a dossier and how it was answered; the form to return it."""
    dossier = dossier_for(request, pk, policy.may_return)
    wanted, day = request.POST.get("items", ""), request.POST.get("due", "")
    if request.method == "POST":
        try:
            returning.return_dossier(dossier, wanted.splitlines(), due=_end_of(day, dossier), by=person(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Returned. The unit sees on its desk what is to be mended, and until when."))
            return redirect("dossier_returns", dossier.pk)
    spec = dossier.edition.spec
    made = dossier.returns.select_related(
        "person", "returned_by", "dossier", "revision__person", "revision__dossier__edition", "answer__person"
    )
    found = [pages.returned(one, returning.changes_of(one), spec) for one in made.order_by("-returned_at")]
    blocks = [
        one.message for one in told(dossier.revision.found if dossier.revision else []) if one.severity == "block"
    ]
    context = {
        "dossier": dossier,
        "unit": unit_name(spec.unit(dossier.unit_code)),
        "returns": found,
        "waits": any(one.made.answer_id is None for one in found),
        "items": wanted or "\n".join(blocks),
        "due": day,
    }
    return render(request, "recommendation/returns.html", context)


def _end_of(text: str, dossier: Dossier) -> datetime:
    """The last second of a day on the edition's clock: L-3, the whole last day counts. Refused: `due`."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused("due", _("Give a day that is still to come."))
    return datetime.combine(day, time(23, 59, 59), dossier.edition.zone)
