"""The chief's pages of the assignment and of the progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.listing import keyset
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review import assigning, blind_copies, policy
from jiangbang.review.access import rules_of
from jiangbang.review.dossiers import eligible
from jiangbang.review.models import Card, Reviewed, Seat
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.profiles import profile_of
from jiangbang.review.progress import SeatLoad, loads

State = Card.State


@login_required
@require_GET
@never_cache
def assignment(request: HttpRequest) -> HttpResponse:
    """Who judges what: dossiers, the worst served first, and the experts' loads."""
    edition = edition_for(request, policy.may_watch_review)
    live = Q(cards__state__in=(State.OPEN, State.SIGNED))
    found = (
        Reviewed.objects.filter(edition=edition)
        .annotate(fit=Sum("cards__affinity", filter=live, default=0), given=Count("cards", filter=live))
        .select_related("dossier")
    )
    page = keyset(found, ("fit", "code"), after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    seats = loads(edition)
    all_of_them = Card.objects.filter(reviewed__edition=edition)
    rules = rules_of(edition)
    context = {
        "leaves": leaves("review_assignment"),
        "page": page,
        "rows": _rows(page.rows, seats, rules.per_dossier),
        "loads": seats,
        "total": page.total,
        "eligible": eligible(edition).count(),
        "per_dossier": rules.per_dossier,
        "waiting": all_of_them.filter(released_at=None).exclude(state=State.VOID).count(),
        "gaps": _gaps(edition, rules.per_dossier),
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/assignment.html", context)


def _rows(reviewed: Sequence[Any], seats: list[SeatLoad], wanted: int) -> list[dict[str, Any]]:
    """Dossiers with the cards of each; one query for all cards, two for their evidence."""
    names = {one.seat.pk: one.name for one in seats}
    cards: dict[Any, list[Card]] = {}
    papers = blind_copies.counts([one.pk for one in reviewed])
    live = Card.objects.filter(reviewed__in=[one.pk for one in reviewed]).exclude(state=State.VOID)
    for card in live.select_related("seat__entry__expert").order_by("-affinity"):
        cards.setdefault(card.reviewed_id, []).append(card)
    return [
        {
            "code": one.code,
            "dossier": one.dossier,
            "papers": papers[one.pk],
            "fit": f"{one.fit / 1000 / max(1, one.given):.2f}",
            "given": one.given,
            "short": one.given < wanted,
            "cards": [
                {
                    "card": card,
                    "fit": f"{card.affinity / 1000:.2f}",
                    "name": names.get(card.seat_id) or profile_of(card.seat.entry.expert).name,
                }
                for card in cards.get(one.pk, [])
            ],
        }
        for one in reviewed
    ]


def _gaps(edition: Edition, wanted: int) -> int:
    """How many cards the eligible dossiers still lack."""
    live = Q(reviewed__cards__state__in=(State.OPEN, State.SIGNED), reviewed__cards__seat__state=Seat.State.CONFIRMED)
    signed = Q(reviewed__cards__state=State.SIGNED)
    rows = eligible(edition).annotate(given=Count("reviewed__cards", filter=live | signed, distinct=True))
    return sum(max(0, wanted - given) for given in rows.values_list("given", flat=True))


@login_required
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Let the kernel propose what is lacking."""
    edition = edition_for(request, policy.may_lead_review)
    bound = request.POST.get("at_most", "").strip()
    try:
        # what is no number is refused as a bound, not taken for none
        at_most = None if not bound else int(bound) if bound.isascii() and bound.isdecimal() and len(bound) < 4 else 0
        count = assigning.assign_dossiers(edition, at_most=at_most, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review_assignment")
    said = ngettext("%(n)d card was proposed.", "%(n)d cards were proposed.", count) % {"n": count}
    messages.success(request, said if count else _("Nothing is lacking."))
    return redirect("review_assignment")


@login_required
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Take the proposal back."""
    edition = edition_for(request, policy.may_lead_review)
    perform(request, lambda: assigning.clear_proposal(edition, by=person(request)), _("The proposal is taken back."))
    return redirect("review_assignment")


@login_required
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let the experts see their cards."""
    edition = edition_for(request, policy.may_lead_review)
    done = _("The experts see their dossiers now and have been written to.")
    perform(request, lambda: assigning.release_cards(edition, by=person(request)), done)
    return redirect("review_assignment")


@login_required
@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give one card to another expert."""
    edition = edition_for(request, policy.may_lead_review)
    card = Card.objects.filter(pk=pk, reviewed__edition=edition).first()
    if card is None:
        raise Http404
    wanted = request.POST.get("seat", "")
    seat = Seat.objects.filter(pk=int(wanted), draw__edition=edition).first() if wanted.isdecimal() else None
    if seat is None:
        messages.error(request, _("Choose the expert who is to have it."))
        return redirect("review_assignment")
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(
        request,
        lambda: assigning.move_card(card, seat, reason=reason, by=person(request)),
        _("The card has changed hands."),
    )
    return redirect("review_assignment")
