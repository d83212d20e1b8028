"""The pages of a member of the leading group, made for a tablet; and the screen of the hall."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.decision import ballots, group, meeting, member_pages, pages, policy, resolving, voting
from jiangbang.decision.access import (
    current_meeting,
    member_behind,
    members_of,
    own_attendance,
    own_member,
    round_for,
    rules_of,
    running_round,
)
from jiangbang.decision.models import Member, MemberRecusal, Result, Round
from jiangbang.decision.profiles import profile_of
from jiangbang.decision.standing import Candidate, candidates_of
from jiangbang.decision.views import said
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.performing import perform
from jiangbang.nomination.queries import dossier_with_all
from jiangbang.register.acts import Refused


@login_required
@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Where a member is: the meeting, the seat, the round, what was decided."""
    member = own_member(request)
    edition = member.edition
    found = current_meeting(edition)
    names = {one.pk: profile_of(one).name for one in members_of(edition)}
    sitting = found is not None and found.state == "sitting"
    result = Result.objects.filter(edition=edition).first()
    context = {
        "member": member,
        "profile": profile_of(member),
        "meeting": found,
        "attendance": own_attendance(found, member),
        "seats": member_pages.seat_choices(found, member, names) if found and sitting and member.substitute else [],
        "sitting": sitting,
        "voting": running_round(edition),
        "ended": member_pages.own_rounds(edition, member),
        "titles": pages.title_labels(edition),
        "count": len(candidates_of(edition)),
        "result": result,
        "tables": pages.result_tables(edition, resolving.resolved_of(edition, result)) if result else [],
    }
    return render(request, "decision/mine.html", context)


@login_required
@require_POST
@step_up.required
def sign_in(request: HttpRequest) -> HttpResponse:
    """The member signs in to the meeting."""
    member = own_member(request)
    found = current_meeting(member.edition)
    if found is None:
        raise Http404
    key = _uuid(said(request, "seat"))
    seat = members_of(member.edition).filter(pk=key).first() if key else None
    perform(
        request,
        lambda: meeting.record_presence(found, member, seat=seat, by=person(request)),
        _("You are signed in."),
    )
    return redirect("decision_mine")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_GET
@never_cache
def candidates(request: HttpRequest) -> HttpResponse:
    """The shortlist, with ranks, their uncertainty and the consultation."""
    member = own_member(request)
    rows, figure = member_pages.candidate_rows(member.edition, member)
    return render(request, "decision/candidates.html", {"rows": rows, "figure": figure})


def _candidate(member: Member, pk: UUID) -> Candidate:
    found = next((one for one in candidates_of(member.edition) if one.dossier.pk == pk), None)
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
@never_cache
def candidate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One candidate's record, as far as the form lets members see it."""
    member = own_member(request)
    one = _candidate(member, pk)
    dossier = dossier_with_all(str(pk))
    assert isinstance(dossier, Dossier)
    rows, _figure = member_pages.candidate_rows(member.edition, member)
    place = next(number for number, row in enumerate(rows) if row.one.dossier.pk == pk)
    context = {
        "one": one,
        "row": rows[place],
        "before": rows[place - 1].one if place else None,
        "after": rows[place + 1].one if place + 1 < len(rows) else None,
        "lines": member_pages.member_lines(dossier),
        "kinds": MemberRecusal.Kind.choices,
        "voting": running_round(member.edition),
    }
    return render(request, "decision/candidate.html", context)


@login_required
@require_POST
def recuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The member takes no part in the decision on this candidate."""
    member = own_member(request)
    one = _candidate(member, pk)
    perform(
        request,
        lambda: group.recuse_member(
            member, one.dossier, kind=said(request, "kind"), reason=said(request, "reason"), by=person(request)
        ),
        _("You take no part in the decision on %(name)s.") % {"name": one.dossier.name},
    )
    return redirect("decision_candidate", pk)


@login_required
@require_GET
@step_up.required
@never_cache
def ballot(request: HttpRequest) -> HttpResponse:
    """The ballot of the round that is open. A tablet that lay about asks first who holds it."""
    member = own_member(request)
    page = member_pages.ballot_page(running_round(member.edition), member)
    return render(request, "decision/ballot.html", {"page": page, "rules": pages.rule_lines(rules_of(member.edition))})


@login_required
@require_POST
def slip(request: HttpRequest) -> HttpResponse:
    """Take in the slip that the voter's device made."""
    return _answered(request, lambda member, voting: ballots.take_slip(voting, member, said(request, "slip")))


@login_required
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put a ballot into the box. The slip stands in the body of the request, which no log keeps."""
    return _answered(
        request,
        lambda member, voting: ballots.put_ballot(voting, member, said(request, "slip"), request.POST.getlist("mark")),
    )


def _answered(request: HttpRequest, what: Callable[[Member, Round], None]) -> HttpResponse:
    member = own_member(request)
    found = Round.objects.filter(edition=member.edition, number__gt=0, pk=_whole(said(request, "round"))).first()
    try:
        if found is None:
            raise Refused("not_open", _("This round is not open any more."))
        what(member, found)
    except Refused as refusal:
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
    return JsonResponse({"code": "done"})


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@login_required
@require_POST
def cast(request: HttpRequest) -> HttpResponse:
    """Give one's vote in an open round."""
    member = own_member(request)
    found = running_round(member.edition)
    if found is not None:
        perform(
            request,
            lambda: voting.cast_vote(found, member, request.POST.getlist("mark"), by=person(request)),
            _("Your vote is given."),
        )
    return redirect("decision_ballot")


@login_required
@require_GET
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The counted ballots of a secret round; the member's browser finds the own one by the slip that it keeps."""
    member = own_member(request)
    found = round_for(request, pk)
    if found.edition_id != member.edition_id or found.state == Round.State.OPEN:
        raise Http404
    names = {one.code: one.dossier.name for one in candidates_of(found.edition)}
    row = pages.round_row(found, names, pages.title_labels(found.edition).get(found.title, found.title))
    return render(request, "decision/check.html", {"row": row, "ballots": member_pages.shown_ballots(found)})


@login_required
@require_GET
@never_cache
def hall(request: HttpRequest) -> HttpResponse:
    """The screen of the meeting: who is here, the quorum, how many ballots are in; what a round came to once it is counted."""
    edition = edition_for(request, policy.may_see_result)
    rules, found = rules_of(edition), current_meeting(edition)
    rows = pages.rounds_of(edition)
    seats = pages.seats_of(edition, found)
    context = {
        "edition": edition,
        "meeting": found,
        "seats": seats,
        "quorum": pages.quorum_of(rules, seats),
        "next": pages.next_of(edition, rules),
        "running": next((row for row in rows if row.round.state == "open"), None),
        "last": next((row for row in rows if row.round.state == "closed"), None),
        "leads": policy.may_lead_decision(person(request), edition),
        "member": member_behind(person(request), edition),
    }
    return render(request, "decision/hall_board.html" if "live" in request.GET else "decision/hall.html", context)
