"""The unit's page: what the office asks about somebody whom the unit recommended, and the reply."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.kernel.objections import read_objections
from jiangbang.nomination.access import person
from jiangbang.nomination.performing import perform
from jiangbang.notice.objection_case import said
from jiangbang.notice.objection_days import today
from jiangbang.notice.objection_files import looked_at
from jiangbang.notice.objection_unit import inquiries_of, reply_inquiry
from jiangbang.recommendation.access import workplace


@login_required
@require_GET
@never_cache
def inquiries(request: HttpRequest) -> HttpResponse:
    """What the unit is asked."""
    place = workplace(request)
    rows = [(one, said(one, "question"), said(one, "reply")) for one in inquiries_of(place.edition, place.unit.code)]
    context = {
        "place": place,
        "rows": rows,
        "today": today(place.edition),
        "spec": read_objections(place.edition.spec.document),
    }
    return render(request, "notice/objection_inquiries.html", context)


@login_required
@require_POST
def reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reply for the unit."""
    place = workplace(request)
    found = inquiries_of(place.edition, place.unit.code).filter(pk=pk).first()
    if found is None:
        raise Http404
    spec, words = read_objections(place.edition.spec.document), request.POST.get("reply", "").replace("\0", "")

    def send() -> None:
        files = looked_at(request.FILES.getlist("files"), spec)
        reply_inquiry(found, reply=words, files=files, by=person(request))

    perform(request, send, _("The reply has gone to the office."))
    return redirect("unit_inquiries")
