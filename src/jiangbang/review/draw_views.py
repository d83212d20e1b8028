"""The pages of the draw: the office's, the hall's, the expert's own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.register.acts import Refused
from jiangbang.review import draw_pages, drawing, policy
from jiangbang.review.access import own_entry, own_seat, rules_of
from jiangbang.review.models import Draw, PoolEntry, Seat
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.rank_pages import explained
from jiangbang.review.rank_views import published_ranking
from jiangbang.review.ranking import command_of

# Lines for witnesses on the page of the ceremony.
WITNESS_LINES = 5


def current_draw(edition: Edition) -> Draw | None:
    """The edition's draw that counts."""
    rows = Draw.objects.select_related("edition", "committed_by", "held_by").defer("edition__document")
    return rows.filter(edition=edition).exclude(state=Draw.State.GIVEN_UP).first()


@login_required
@require_GET
@never_cache
def draw(request: HttpRequest) -> HttpResponse:
    """Rules, commitment, and whoever sits."""
    edition = edition_for(request, policy.may_watch_review)
    drawn, rules = current_draw(edition), rules_of(edition)
    context = {
        "leaves": leaves("review_draw"),
        "drawn": drawn,
        "panels": draw_pages.panels_of(edition, rules, drawn),
        "agreed": PoolEntry.objects.filter(edition=edition, state=PoolEntry.State.CONSENTED).count(),
        "pool": len(drawn.document["pool"]) if drawn else 0,
        "given_up": Draw.objects.filter(edition=edition, state=Draw.State.GIVEN_UP),
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/draw.html", context)


@login_required
@require_POST
def commit(request: HttpRequest) -> HttpResponse:
    """Commit to pool and rules."""
    edition = edition_for(request, policy.may_lead_review)
    done = _("Pool and rules are fixed. Print the commitment, or show it on the page of the ceremony.")
    perform(request, lambda: drawing.commit_draw(edition, by=person(request)), done)
    return redirect("review_draw")


@login_required
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Give up a committed draw."""
    edition = edition_for(request, policy.may_lead_review)
    drawn = current_draw(edition)
    if drawn is not None:
        reason = request.POST.get("reason", "").replace("\0", "")
        perform(
            request,
            lambda: drawing.give_up_draw(drawn, reason=reason, by=person(request)),
            _("The draw was given up. Another can be committed."),
        )
    return redirect("review_draw")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def ceremony(request: HttpRequest) -> HttpResponse:
    """The page for the hall: the commitment, the witnesses' entries, then what was drawn. It names nobody."""
    if request.method == "GET":
        edition = edition_for(request, policy.may_watch_review)
        return _ceremony(request, edition, [("", "")] * WITNESS_LINES)
    edition = edition_for(request, policy.may_lead_review)
    drawn = current_draw(edition)
    names, entries = (
        [text.replace("\0", "").strip() for text in request.POST.getlist(key)] for key in ("witness", "entry")
    )
    lines = list(zip(names, entries, strict=False))
    if drawn is None:
        return redirect("review_ceremony")
    try:
        drawing.hold_draw(drawn, [line for line in lines if any(line)], by=person(request))
    except Refused as refusal:
        return _ceremony(request, edition, lines, str(refusal))
    return redirect("review_ceremony")


def _ceremony(request: HttpRequest, edition: Edition, lines: list[tuple[str, str]], refusal: str = "") -> HttpResponse:
    drawn = current_draw(edition)
    held = drawn is not None and drawn.state == Draw.State.HELD
    context = {
        "edition": edition,
        "drawn": drawn,
        "held": held,
        "groups": _figures(drawn.commitment) if drawn else [],
        "rules": draw_pages.panels_of(edition, rules_of(edition), None),
        "pool": len(drawn.document["pool"]) if drawn else 0,
        "panels": draw_pages.drawn_cards(drawn, edition) if drawn is not None and held else [],
        "lines": lines + [("", "")] * max(0, WITNESS_LINES - len(lines)),
        "refusal": refusal,
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/ceremony.html", context)


def _figures(text: str) -> list[str]:
    """A hash in groups of eight, as one compares it by eye."""
    return [text[at : at + 8] for at in range(0, len(text), 8)]


@login_required
@require_POST
def seat_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The office writes down an answer that came by telephone, or releases an expert."""
    edition = edition_for(request, policy.may_lead_review)
    seat = Seat.objects.select_related("draw", "entry__expert").filter(pk=pk, draw__edition=edition).first()
    if seat is None:
        raise Http404
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").replace("\0", "")
    by = person(request)
    if answer == "confirm":
        perform(request, lambda: drawing.confirm_seat(seat, by=by, source="office"), _("The seat is confirmed."))
    elif answer == "refuse":
        _left(request, lambda: drawing.refuse_seat(seat, reason=reason, by=by, source="office"))
    else:
        _left(request, lambda: drawing.release_seat(seat, reason=reason, by=by))
    return redirect("review_draw")


def _left(request: HttpRequest, act: object) -> None:
    """Say who takes an empty seat."""
    try:
        follower = act()  # type: ignore[operator]
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if follower is None:
        messages.warning(request, _("The seat is empty: there is no alternate with whom the panel keeps its rules."))
    else:
        said = _("%(code)s takes the seat and has been asked.") % {"code": follower.entry.expert.code}
        messages.success(request, said)


@login_required
@require_POST
def own_answer(request: HttpRequest) -> HttpResponse:
    """The expert takes the seat or not."""
    entry = own_entry(request)
    seat = own_seat(entry)
    if seat is None:
        messages.info(request, _("You have not been drawn."))
    elif request.POST.get("answer") == "confirm":
        perform(
            request, lambda: drawing.confirm_seat(seat, by=person(request)), _("Thank you: your seat is confirmed.")
        )
    else:
        reason = request.POST.get("reason", "").replace("\0", "")
        perform(
            request,
            lambda: drawing.refuse_seat(seat, reason=reason, by=person(request)),
            _("You have refused the seat. An alternate takes it."),
        )
    return redirect("review_mine")


@require_GET
def proof(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """What anybody may check: the commitment of the draw, and after the ceremony its file. Public."""
    edition, drawn = _public(programme, slug)
    context = {"edition": edition, "drawn": drawn, "groups": _figures(drawn.commitment)}
    found, rules = published_ranking(edition), rules_of(edition)
    if found is not None:
        context |= {"ranking": found, "command": command_of(found, rules), **explained(found, rules)}
    return render(request, "review/proof.html", context)


@require_GET
def proof_draw(_request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The file of the draw, to draw again from. Public once the draw was held."""
    _edition, drawn = _public(programme, slug)
    if drawn.state != Draw.State.HELD:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="draw.json"'}
    return HttpResponse(drawing.published(drawn), content_type="application/json", headers=headers)


def _public(programme: str, slug: str) -> tuple[Edition, Draw]:
    edition = find_edition(f"{programme}/{slug}")
    drawn = current_draw(edition) if edition else None
    if edition is None or drawn is None:
        raise Http404
    return edition, drawn
