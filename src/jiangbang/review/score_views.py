"""The expert's pages of scoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import person
from jiangbang.nomination.exports import KINDS
from jiangbang.nomination.models import Dossier
from jiangbang.register.acts import Refused
from jiangbang.review import pages, scoring
from jiangbang.review.access import own_entry, own_seat, rules_of
from jiangbang.review.blind import blind_lines
from jiangbang.review.blind_copies import claims, shown
from jiangbang.review.bringing import rows_brought
from jiangbang.review.discussion_pages import talks_of
from jiangbang.review.dossiers import record_of
from jiangbang.review.models import BlindCopy, Card, Recusal, Seat
from jiangbang.review.paper_views import paper_response
from jiangbang.review.pool_views import perform
from jiangbang.review.score_sheets import paper_sheet, read_sheet, write_sheet


def _seat(request: HttpRequest) -> Seat:
    """The seat of whoever asks, whose relations are declared: before that no file opens."""
    seat = own_seat(own_entry(request))
    if seat is None or seat.declared_at is None or not seat.sits:
        raise PermissionDenied
    return seat


def own_card(request: HttpRequest, pk: UUID) -> Card:
    """A card of whoever asks; 404 for any other."""
    card = scoring.own_cards(_seat(request)).filter(pk=pk).first()
    if card is None:
        raise Http404
    return card


def _ordered(seat: Seat) -> list[Card]:
    return list(scoring.own_cards(seat).order_by("reviewed__code"))


@login_required
@require_GET
@never_cache
def cards(request: HttpRequest) -> HttpResponse:
    """All dossiers of the expert on one page, so that nothing has to be fetched on the way: blind, with their cards."""
    seat = _seat(request)
    edition, rules = seat.draw.edition, rules_of(seat.draw.edition)
    own = _ordered(seat)
    talks, papers = talks_of(own, rules), shown([card.reviewed_id for card in own])
    labels = claims(edition.spec)
    context = {
        "edition": edition,
        "rubric": pages.rubric_lines(rules),
        "sheets": [
            {
                **_sheet(card, lines, rules),
                "talk": talks.get(card.reviewed_id),
                "papers": _papers(papers.get(card.reviewed_id, []), labels),
            }
            for card, lines in _with_lines(own)
        ],
        "done": sum(card.state == Card.State.SIGNED for card in own),
        "kinds": Recusal.Kind.choices,
    }
    return render(request, "review/cards.html", context)


def _with_lines(own: list[Card]) -> list[tuple[Card, list[Any]]]:
    """The cards with their blind dossiers; one query for all."""
    rows = Dossier.objects.select_related("edition", "accepted_revision__person", "accepted_revision__dossier__edition")
    found = rows.in_bulk([card.reviewed_id for card in own])
    return [
        (card, blind_lines(record_of(found[card.reviewed_id]), found[card.reviewed_id].edition.spec.form))
        for card in own
    ]


def _papers(copies: list[BlindCopy], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """The evidence that an expert may look at, by number and what it proves."""
    return [{"pk": one.pk, "label": labels.get(one.claim, ""), "pages": range(1, len(one.pages) + 1)} for one in copies]


def _sheet(card: Card, lines: list[Any], rules: Any) -> dict[str, Any]:
    given = scoring.filled(card)
    return {
        "card": card,
        "code": card.reviewed.code,
        "lines": lines,
        "signed": card.state == Card.State.SIGNED,
        "missing": scoring.missing(given, rules),
        "criteria": [
            {**line, "score": given.scores.get(line["key"], ""), "comment": given.comments.get(line["key"], "")}
            for line in pages.rubric_lines(rules)
        ],
    }


@login_required
@require_POST
@never_cache
def keep(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Keep what was typed on one card. The page's script gets JSON, a browser without scripts is sent back to the page."""
    card, scripted = own_card(request, pk), request.headers.get("X-Requested-With") == "fetch"
    rules = rules_of(card.reviewed.edition)
    given = {key: request.POST[f"score-{key}"] for key in rules.keys if f"score-{key}" in request.POST}
    said = {key: request.POST[f"comment-{key}"] for key in rules.keys if f"comment-{key}" in request.POST}
    version = request.POST.get("version", "")
    expected = int(version) if scripted and version.isdecimal() and len(version) < 9 else None
    try:
        kept = scoring.keep_card(card, given, said, expected=expected, by=person(request))
    except scoring.ChangedElsewhere as changed:
        return JsonResponse({"code": changed.code, "message": str(changed), **_told(changed.card)}, status=409)
    except Refused as refusal:
        if scripted:
            return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
        messages.error(request, f"{card.reviewed.code}：{refusal}")
        return redirect(f"{reverse('review_cards')}#{card.reviewed.code}")
    if scripted:
        return JsonResponse(_told(kept))
    messages.success(request, _("%(code)s is kept.") % {"code": card.reviewed.code})
    return redirect(f"{reverse('review_cards')}#{card.reviewed.code}")


def _told(card: Card) -> dict[str, Any]:
    """A card as the page's script hears of it."""
    given = scoring.filled(card)
    saved = timezone.localtime(card.saved_at, card.reviewed.edition.zone) if card.saved_at else None
    return {
        "version": card.version,
        "time": f"{saved:%H:%M:%S}" if saved else "",
        "scores": dict(given.scores),
        "comments": dict(given.comments),
        "missing": scoring.missing(given, rules_of(card.reviewed.edition)),
    }


@login_required
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the complete cards."""
    seat = _seat(request)
    try:
        count = scoring.sign_cards(seat, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review_cards")
    left = scoring.own_cards(seat).filter(state=Card.State.OPEN).count()
    said = ngettext("%(n)d card is signed and locked.", "%(n)d cards are signed and locked.", count) % {"n": count}
    more = ngettext("%(n)d is left.", "%(n)d are left.", left) % {"n": left} if left else _("Thank you: you are done.")
    messages.success(request, f"{said}{more}")
    return redirect("review_cards" if left else "review_mine")


@login_required
@require_POST
def recuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop judging somebody whom one has recognised."""
    card = own_card(request, pk)
    said = {key: request.POST.get(key, "").replace("\0", "") for key in ("kind", "reason")}
    perform(
        request,
        lambda: scoring.recuse(card, kind=said["kind"], reason=said["reason"], by=person(request)),
        _("You no longer judge %(code)s. Thank you for saying so.") % {"code": card.reviewed.code},
    )
    return redirect("review_cards")


@login_required
@require_GET
@never_cache
def sheet(request: HttpRequest) -> HttpResponse:
    """The open cards as a workbook, to be filled in without a network."""
    seat = _seat(request)
    own = [card for card in _ordered(seat) if card.state == Card.State.OPEN]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote('评分表', safe='')}.xlsx"}
    body = write_sheet(own, rules_of(seat.draw.edition))
    return HttpResponse(body, content_type=KINDS["xlsx"], headers=headers)


@login_required
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """A workbook that was filled in: every line is checked, all are taken or none."""
    seat = _seat(request)
    own = {card.reviewed.code: card for card in _ordered(seat) if card.state == Card.State.OPEN}
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refused("no_file", _("Choose the score sheet."))
        read = read_sheet(rows_brought(upload), own, rules_of(seat.draw.edition))
        if read.problems:
            return _problems(request, read.problems)
        count = scoring.bring_sheet(seat, read.rows, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review_cards")
    said = ngettext("%(n)d card was taken from the sheet.", "%(n)d cards were taken from the sheet.", count)
    messages.success(request, said % {"n": count})
    return redirect("review_cards")


def _problems(request: HttpRequest, problems: Any) -> HttpResponse:
    return render(request, "review/sheet_problems.html", {"problems": problems}, status=422)


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest) -> HttpResponse:
    """The sheets to print."""
    seat = _seat(request)
    edition = seat.draw.edition
    return paper_response(paper_sheet(edition, _with_lines(_ordered(seat)), rules_of(edition)), "pdf")
