"""The chief's page of the progress: who is how far, who is silent; reminders, replacement, signed cards opened again."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.register.acts import Refused
from jiangbang.review import drawing, policy, reminding, scoring
from jiangbang.review.models import Card, Seat
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.progress import loads
from jiangbang.review.recusing import sitting

State = Card.State


@login_required
@require_GET
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """How far each expert is. With `?live` only the board, which asks again by itself."""
    edition = edition_for(request, policy.may_watch_review)
    seats, now = loads(edition), timezone.now()
    sums = Counter({"given": 0, "begun": 0, "signed": 0})
    for one in seats:
        sums.update(given=one.given, begun=one.begun, signed=one.signed)
    context = {
        "leaves": leaves("review_progress"),
        "loads": [{"one": one, "silent": one.silent(now)} for one in seats],
        "sums": dict(sums),
        "silent": sum(one.silent(now) for one in seats),
        "waiting": any(one.waits for one in seats),
        "finished": bool(sums["given"]) and sums["signed"] == sums["given"],
        "signed": Card.objects.filter(reviewed__edition=edition, state=State.SIGNED)
        .select_related("reviewed", "seat__entry__expert")
        .order_by("-saved_at")[:20],
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/progress_board.html" if "live" in request.GET else "review/progress.html", context)


@login_required
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind everybody for whom something waits, or one of them."""
    edition = edition_for(request, policy.may_lead_review)
    wanted = request.POST.get("seat", "")
    seat = sitting(edition).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if wanted and seat is None:
        raise Http404
    count = reminding.remind_experts(edition, seat=seat, by=person(request))
    said = ngettext("%(n)d expert was written to.", "%(n)d experts were written to.", count) % {"n": count}
    messages.success(request, said)
    return redirect("review_progress")


@login_required
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """A silent expert leaves the panel with a reason; the next alternate takes the seat."""
    edition = edition_for(request, policy.may_lead_review)
    seat = Seat.objects.select_related("draw", "entry__expert").filter(pk=pk, draw__edition=edition).first()
    if seat is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        follower = drawing.release_seat(seat, reason=reason, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review_progress")
    if follower is None:
        messages.warning(request, _("The seat is empty: there is no alternate with whom the panel keeps its rules."))
    else:
        said = _("%(code)s takes the seat and has been asked.") % {"code": follower.entry.expert.code}
        messages.success(request, said)
    messages.info(
        request, _("Unsigned cards are void: fill the gaps on the page of the assignment. What was signed stays.")
    )
    return redirect("review_progress")


@login_required
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a signed card again."""
    edition = edition_for(request, policy.may_lead_review)
    card = Card.objects.filter(pk=pk, reviewed__edition=edition).first()
    if card is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(
        request,
        lambda: scoring.reopen_card(card, reason=reason, by=person(request)),
        _("The card is open again for its expert. What was signed stays as a trace."),
    )
    return redirect("review_progress")
