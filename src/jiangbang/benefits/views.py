"""The office's pages of benefits and further recommendations, and the page on which a holder answers without an account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.accounts import step_up
from jiangbang.benefits import offering, policy, queries, recommending
from jiangbang.benefits.models import Further, Guest, Offer
from jiangbang.conferral.award_models import Award
from jiangbang.conferral.queries import awards_of
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.exports import ListExport, list_response
from jiangbang.nomination.performing import perform
from jiangbang.notice.objection_filing import public_account
from jiangbang.papers.tables import Column
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """GET: what is offered and the ledger over the years. POST: one more offer."""
    if request.method == "POST":
        edition, by = edition_for(request, policy.may_keep_benefits), person(request)
        sent = {key: request.POST.get(key, "").replace("\0", "").strip() for key in request.POST}
        made: list[Offer] = []
        if perform(request, lambda: made.append(offering.offer_benefit(edition, _said(sent), by=by))):
            return redirect("benefit", made[0].pk)
        return _desk(request, edition, sent, status=422)
    return _desk(request, edition_for(request, policy.may_watch_benefits), {})


@login_required
@require_GET
@never_cache
def benefit(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer: who is invited, answers and comes, and whose turn it is."""
    offer = _offer(request, pk, policy.may_watch_benefits)
    guests, may_lead = queries.guests_of(offer), policy.may_keep_benefits(person(request), offer.edition)
    counts, today = queries.states(guests), offering.today(offer.edition)
    context = {
        "offer": offer,
        "guests": [
            (one, offering.link_of(one) if may_lead and one.state == Guest.State.ASKED else "") for one in guests
        ],
        "turns": queries.turns(offer) if may_lead else [],
        "coming": counts[Guest.State.COMING],
        "waiting": counts[Guest.State.WAITING],
        "asked": counts[Guest.State.ASKED],
        "free": max(0, offer.places - counts[Guest.State.COMING] - counts[Guest.State.ASKED]),
        "came": sum(bool(one.came) for one in guests),
        "open": offer.cancelled_at is None and today <= offer.answer_by,
        "begun": offer.cancelled_at is None and today >= offer.first_day,
        "may_lead": may_lead,
    }
    return render(request, "benefits/offer.html", context)


@login_required
@require_POST
def benefit_change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Invite whoever is ticked; call the offer off."""
    offer, by = _offer(request, pk, policy.may_keep_benefits), person(request)
    if what == "invite":
        wanted = [one for one in request.POST.getlist("award") if one.isascii() and one.isdecimal() and len(one) < 12]
        awards, count = list(Award.objects.filter(pk__in=wanted)), []
        if perform(request, lambda: count.append(offering.invite(offer, awards, by=by))):
            sentence = ngettext("%(n)d person is invited.", "%(n)d people are invited.", count[0])
            messages.success(request, sentence % {"n": count[0]})
    elif what == "cancel":
        reason = request.POST.get("reason", "").replace("\0", "")
        perform(
            request, lambda: offering.cancel_offer(offer, reason=reason, by=by), _("Called off; the guests are told.")
        )
    else:
        raise Http404
    return redirect("benefit", pk)


@login_required
@require_POST
def guest_change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The office notes an answer that came by telephone, or whether somebody was there."""
    edition, by = edition_for(request, policy.may_keep_benefits), person(request)
    guest = Guest.objects.filter(pk=pk, offer__edition=edition).first()
    if guest is None or what not in ("coming", "declined", "came", "absent"):
        raise Http404
    if what in ("coming", "declined"):
        perform(request, lambda: offering.answer(guest, coming=what == "coming", source="office", by=by))
    else:
        perform(request, lambda: offering.note_attendance(guest, came=what == "came", by=by))
    return redirect(f"{_address(guest)}#guest-{guest.pk}")


@login_required
@require_POST
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep where a holder is written to."""
    edition, by = edition_for(request, policy.may_keep_benefits), person(request)
    award = Award.objects.select_related("edition").filter(edition__programme=edition.programme, pk=pk).first()
    if award is None:
        raise Http404
    sent = request.POST.get("address", "").replace("\0", "")
    perform(request, lambda: offering.keep_address(award, sent, by=by), _("Kept."))
    return redirect("benefits")


@login_required
@require_POST
def further(request: HttpRequest) -> HttpResponse:
    """Recommend a holder for a higher title."""
    edition, by = edition_for(request, policy.may_keep_benefits), person(request)
    sent = {key: request.POST.get(key, "").replace("\0", "") for key in ("award", "target", "reason")}
    award = Award.objects.filter(edition=edition, pk=_number(sent["award"])).first()
    if award is None:
        messages.error(request, _("Choose who is recommended."))
        return redirect("benefits")
    reason, target = sent["reason"], sent["target"]
    perform(request, lambda: recommending.recommend_further(award, target, reason=reason, by=by), _("Recommended."))
    return redirect("benefits")


@login_required
@require_POST
def further_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what came of a recommendation."""
    edition, by = edition_for(request, policy.may_keep_benefits), person(request)
    found = Further.objects.filter(pk=pk, award__edition=edition).first()
    if found is None:
        raise Http404
    conferred, document = request.POST.get("result") == "conferred", request.POST.get("document", "").replace("\0", "")
    on = _day(request.POST.get("on", "")) or offering.today(edition)
    done = _("Entered. Screening of later editions finds it once earlier titles are taken over there.")
    perform(
        request,
        lambda: recommending.note_result(found, conferred=conferred, document=document, on=on, by=by),
        done if conferred else _("Entered."),
    )
    return redirect("benefits")


@login_required
@require_POST
@step_up.required
def further_packet(request: HttpRequest) -> HttpResponse:
    """The papers of everybody recommended for a title."""
    edition, by = edition_for(request, policy.may_keep_benefits), person(request)
    target = request.POST.get("target", "")
    try:
        content = recommending.packet_of(edition, target, by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("benefits")
    headers = {"Content-Disposition": 'attachment; filename="further.zip"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@login_required
@require_GET
@step_up.required
def ledger_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The ledger as CSV or Excel."""
    edition = edition_for(request, policy.may_watch_benefits)
    columns, lines = queries.ledger(edition)
    listed = ListExport(
        "benefits",
        _("Benefits"),
        [
            Column(_("Number"), lambda line: line.award.number, 20),
            Column(_("Name"), lambda line: line.award.name, 12),
            *(Column(f"{year} {name}", _cell(year, name), 16) for year, name in columns),
            Column(_("times there"), lambda line: line.came, 8),
        ],
        lines,
    )
    return list_response(listed, kind, edition=edition, by=person(request), may=policy.may_watch_benefits)


@require_http_methods(["GET", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """A holder's own page: what he is invited to, and whether he comes. The link is the key; looking changes nothing."""
    guest = offering.guest_of(token)
    if guest is None:
        raise Http404
    refusal = ""
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        coming = request.POST["answer"] == "yes"
        try:
            offering.answer(guest, coming=coming, source="holder", by=public_account())
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect("benefit_answer", token)
    offer = guest.offer
    context = {
        "guest": guest,
        "offer": offer,
        "refusal": refusal,
        "open": offer.cancelled_at is None and guest.award.held and offering.today(offer.edition) <= offer.answer_by,
    }
    return render(request, "benefits/answer.html", context, status=422 if refusal else 200)


def _desk(request: HttpRequest, edition: Edition, sent: dict[str, str], status: int = 200) -> HttpResponse:
    offers, (columns, lines) = queries.offers_of(edition), queries.ledger(edition)
    found = queries.further_of(edition)
    targets = recommending.targets_of(edition)
    context = {
        "edition": edition,
        "offers": offers,
        "kinds": offering.kinds_of(edition),
        "columns": columns,
        "lines": [(line, [line.cells.get(key) for key in columns]) for line in lines],
        "further": [(target, found.get(target, [])) for target in dict.fromkeys([*targets, *found])],
        "targets": targets,
        "holders": [one for one in awards_of(edition) if one.held],
        "chart_columns": [_("benefit"), _("places"), _("invited"), _("coming"), _("was there")],
        "chart_rows": [
            [one.offer.title, one.offer.places, one.invited, one.coming, one.came] for one in reversed(offers)
        ],
        "sent": sent,
        "today": offering.today(edition),
        "may_lead": policy.may_keep_benefits(person(request), edition),
    }
    return render(request, "benefits/desk.html", context, status=status)


def _said(sent: dict[str, str]) -> offering.Said:
    days = {key: _day(sent.get(key, "")) for key in ("first_day", "last_day", "answer_by")}
    if None in days.values():
        raise Refused("days", _("Give the days as year, month and day."))
    return offering.Said(
        sent.get("kind", ""),
        sent.get("title", ""),
        sent.get("place", ""),
        places=_number(sent.get("places", "")),
        note=sent.get("note", ""),
        **days,  # type: ignore[arg-type]  # none is missing
    )


def _cell(year: int, name: str) -> Any:
    def value(line: queries.Years) -> str:
        guest = line.cells.get((year, name))
        if guest is None:
            return ""
        if guest.came is not None:
            return str(_("was there") if guest.came else _("did not come"))
        return str(guest.get_state_display())

    return value


def _address(guest: Guest) -> str:
    return str(redirect("benefit", guest.offer_id).url)


def _offer(request: HttpRequest, pk: int, may: Any) -> Offer:
    edition = edition_for(request, may)
    found = Offer.objects.select_related("edition", "made_by", "cancelled_by").filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
