"""The deadline for everybody who works in the edition: when, how long still, every extension with its reason; and extending it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import roles_in
from jiangbang.nomination.access import admit, edition_for, person
from jiangbang.nomination.reminders import tell_extension
from jiangbang.programme.acts import extend_deadline
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition
from jiangbang.programme.policy import may_extend_deadline
from jiangbang.register.acts import Refused
from jiangbang.web.due import due_of


def _may_read(user: User, edition: Edition) -> bool:
    """Whoever has a role in the edition knows when papers are due."""
    return bool(roles_in(user, edition.key))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def deadline(request: HttpRequest) -> HttpResponse:
    """When papers are due; the office extends it."""
    edition = edition_for(request, _may_read)
    if request.method == "POST":
        admit(person(request), edition, may_extend_deadline)
        if _extended(request, edition):
            return redirect("deadline")
    context = {
        "edition": edition,
        "due": due_of(edition),
        "extensions": edition.extensions.select_related("extended_by"),
        "may_extend": may_extend_deadline(person(request), edition),
        "grace_minutes": int(edition.deadline.grace.total_seconds() // 60),
        "to": request.POST.get("to", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "web/deadline.html", context)


def _extended(request: HttpRequest, edition: Edition) -> bool:
    to = _moment(request.POST.get("to", ""), edition)
    if to is None:
        messages.error(request, _("Say until when: a day and a time of the edition's clock."))
        return False
    try:
        with transaction.atomic():
            reason = request.POST.get("reason", "").replace("\0", "")
            extension = extend_deadline(edition, to=to, reason=reason, by=person(request))
            told = tell_extension(edition, extension, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("The deadline is extended; every page says so from now on."))
    if told:
        written = ngettext("%(n)d contact of a unit is written to.", "%(n)d contacts of units are written to.", told)
        messages.info(request, written % {"n": told})
    return True


def _moment(text: str, edition: Edition) -> datetime | None:
    """What a field for day and time sends, on the edition's clock."""
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        return None
    if moment is None or moment.tzinfo is not None:
        return None
    return moment.replace(tzinfo=edition.zone)


@login_required
@require_GET
@never_cache
def server_time(request: HttpRequest) -> JsonResponse:
    """The server's time and the whole seconds until the deadline, for the countdown. Neither is a secret."""
    edition = chosen_edition(request)
    if edition is None:
        raise Http404
    due = due_of(edition)
    return JsonResponse(
        {"now": timezone.now().astimezone(edition.zone).isoformat(), "seconds": due.seconds, "standing": due.standing}
    )
