"""The office's pages of the decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.accounts.models import Membership, Role
from jiangbang.decision import group, meeting, pages, policy, resolving, voting
from jiangbang.decision.access import current_meeting, member_for, members_of, round_for, rules_of, running_round
from jiangbang.decision.models import Attendance, Meeting, Member, MemberRecusal, Result
from jiangbang.decision.profiles import Profile, profile_of
from jiangbang.decision.standing import candidates_of
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.performing import perform
from jiangbang.outbox.addresses import absolute
from jiangbang.papers.fonts import lacking
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused


def said(request: HttpRequest, key: str) -> str:
    """What a form sent."""
    return request.POST.get(key, "").replace("\0", "").strip()


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """How far the decision is, and by which rules."""
    edition = edition_for(request, policy.may_watch_decision)
    rules = rules_of(edition)
    context = {
        "leaves": pages.leaves("decision_desk"),
        "steps": pages.steps_of(edition),
        "rules": pages.rule_lines(rules),
        "bodies": rules.bodies,
        "shares": rules.shares,
    }
    return render(request, "decision/desk.html", context)


@login_required
@require_GET
@never_cache
def members(request: HttpRequest) -> HttpResponse:
    """The leading group by its bodies."""
    return _members(request, edition_for(request, policy.may_watch_decision))


def _members(request: HttpRequest, edition: Edition, **more: object) -> HttpResponse:
    held = Membership.objects.filter(role=Role.MEMBER, edition=edition.key).values_list("scope", flat=True)
    context = {
        "leaves": pages.leaves("decision_members"),
        "bodies": pages.bodies_of(edition, rules_of(edition), held),
        "recusals": _recusals(edition),
        "may_lead": policy.may_lead_decision(person(request), edition),
        **more,
    }
    return render(request, "decision/members.html", context)


def _recusals(edition: Edition) -> list[tuple[str, str, str]]:
    """Who recused himself from whom, and why he is bound."""
    rows = MemberRecusal.objects.filter(member__edition=edition).select_related("member", "dossier")
    return [(profile_of(one.member).name, one.dossier.name, str(one.get_kind_display())) for one in rows]


@login_required
@require_POST
def name_member(request: HttpRequest) -> HttpResponse:
    """Name a member or a substitute."""
    edition = edition_for(request, policy.may_lead_decision)
    profile = Profile(said(request, "name"), said(request, "post"), said(request, "email"))
    substitute = said(request, "substitute") == "yes"
    perform(
        request,
        lambda: group.name_member(edition, said(request, "body"), profile, substitute=substitute, by=person(request)),
        _("%(name)s is named.") % {"name": profile.name},
    )
    return redirect("decision_members")


@login_required
@require_POST
@never_cache
def invite_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a link for a member's pages, shown this once."""
    member = member_for(request, pk)
    try:
        token = group.invite_member(member, by=person(request))
    except Refused as refusal:
        return _members(request, member.edition, refusal=str(refusal))
    profile = profile_of(member)
    link = absolute(reverse("invitation", args=[token]))
    return _members(request, member.edition, link=link, invited=profile.name, posted=bool(profile.email))


@login_required
@require_POST
def remove_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The member leaves the group."""
    member = member_for(request, pk)
    perform(request, lambda: group.remove_member(member, by=person(request)), _("The member has left the group."))
    return redirect("decision_members")


@login_required
@require_POST
def recuse_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The office writes down a recusal that a member gave by word."""
    member = member_for(request, pk)
    chosen = next(
        (one.dossier for one in candidates_of(member.edition) if one.code == said(request, "code").upper()), None
    )
    if chosen is None:
        raise Http404
    perform(
        request,
        lambda: group.recuse_member(
            member, chosen, kind=said(request, "kind"), reason=said(request, "reason"), by=person(request)
        ),
        _("The recusal is recorded."),
    )
    return redirect("decision_members")


@login_required
@require_GET
@never_cache
def meeting_page(request: HttpRequest) -> HttpResponse:
    """The meeting: agenda, who is here, the quorum."""
    edition = edition_for(request, policy.may_watch_decision)
    found = current_meeting(edition)
    seats = pages.seats_of(edition, found)
    context = {
        "leaves": pages.leaves("decision_meeting"),
        "meeting": found,
        "seats": seats,
        "quorum": pages.quorum_of(rules_of(edition), seats),
        "earlier": Meeting.objects.filter(edition=edition, number__lt=found.number).order_by("-number")
        if found
        else (),
        "voting": running_round(edition) is not None,
        "now": edition.now().astimezone(edition.zone),
        "may_lead": policy.may_lead_decision(person(request), edition),
    }
    return render(request, "decision/meeting.html", context)


@login_required
@require_POST
def call_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    edition = edition_for(request, policy.may_lead_decision)

    def act() -> None:
        try:
            begins = datetime.fromisoformat(said(request, "begins")).replace(tzinfo=edition.zone)
        except ValueError:
            raise Refused("begins", _("Say on which day and at what time.")) from None
        place, agenda = said(request, "place"), said(request, "agenda")
        meeting.call_meeting(edition, begins_at=begins, place=place, agenda=agenda, by=person(request))

    perform(request, act, _("The meeting is called. Whoever has an address has been written to."))
    return redirect("decision_meeting")


def _current(edition: Edition) -> Meeting:
    found = current_meeting(edition)
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def change_meeting(request: HttpRequest) -> HttpResponse:
    """Open or close the meeting."""
    edition = edition_for(request, policy.may_lead_decision)
    found = _current(edition)
    if said(request, "to") == "closed":
        perform(request, lambda: meeting.close_meeting(found, by=person(request)), _("The meeting is closed."))
    else:
        done = _("The meeting sits. Members sign in on their tablets, or you write them down.")
        perform(request, lambda: meeting.open_meeting(found, by=person(request)), done)
    return redirect("decision_meeting")


@login_required
@require_POST
def present(request: HttpRequest) -> HttpResponse:
    """Write somebody down as present: the member, or a substitute in the seat."""
    edition = edition_for(request, policy.may_lead_decision)
    found = _current(edition)
    seat = _member(edition, said(request, "seat"))
    sat_by = _member(edition, said(request, "sat_by")) if said(request, "sat_by") else seat
    perform(request, lambda: meeting.record_presence(found, sat_by, seat=seat, by=person(request)))
    return redirect("decision_meeting")


def _member(edition: Edition, key: str) -> Member:
    try:
        found = members_of(edition).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def absent(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a presence back."""
    edition = edition_for(request, policy.may_lead_decision)
    found = Attendance.objects.select_related("meeting__edition").filter(pk=pk, meeting__edition=edition).first()
    if found is None:
        raise Http404
    reason = said(request, "reason")
    perform(request, lambda: meeting.remove_presence(found, reason=reason, by=person(request)), _("Taken back."))
    return redirect("decision_meeting")


@login_required
@require_GET
@never_cache
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds: what comes next, how far the open one is, what the ended ones came to."""
    edition = edition_for(request, policy.may_lead_decision)
    rules, found = rules_of(edition), current_meeting(edition)
    rows = pages.rounds_of(edition)
    context = {
        "leaves": pages.leaves("decision_rounds"),
        "meeting": found,
        "quorum": pages.quorum_of(rules, pages.seats_of(edition, found)),
        "next": pages.next_of(edition, rules),
        "running": next((row for row in rows if row.round.state == "open"), None),
        "ended": [row for row in rows if row.round.state != "open"],
        "rules": pages.rule_lines(rules),
    }
    part = "decision/running.html" if "live" in request.GET else "decision/rounds.html"
    return render(request, part, context)


@login_required
@require_POST
def open_round(request: HttpRequest) -> HttpResponse:
    """Open the round that comes next."""
    edition = edition_for(request, policy.may_lead_decision)
    found = _current(edition)
    perform(request, lambda: voting.open_round(found, by=person(request)), _("The round is open."))
    return redirect("decision_rounds")


@login_required
@require_POST
@step_up.required
def end_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the round and count it, or annul it."""
    found = round_for(request, pk, policy.may_lead_decision)
    reason = said(request, "reason")
    if said(request, "to") == "annulled":
        done = _("The round is annulled; its ballots were never opened.")
        perform(request, lambda: voting.annul_round(found, reason=reason, by=person(request)), done)
    else:
        done = _("The round is counted.")
        perform(request, lambda: voting.close_round(found, reason=reason, by=person(request)), done)
    return redirect("decision_rounds")


@login_required
@require_GET
@never_cache
def result(request: HttpRequest) -> HttpResponse:
    """What the rounds came to, and the resolution."""
    edition = edition_for(request, policy.may_lead_decision)
    rules = rules_of(edition)
    draft = resolving.draft_of(edition, rules)
    titles = pages.title_labels(edition)
    found = Result.objects.select_related("resolved_by", "released_by").filter(edition=edition).first()
    seated = resolving.resolved_of(edition, found) if found else draft.seated
    context = {
        "leaves": pages.leaves("decision_result"),
        "result": found,
        "tables": pages.result_tables(edition, seated),
        "unprintable": "、".join(lacking("".join(f"{one.dossier.name}{one.dossier.employer}" for one in seated))),
        "shares": pages.share_lines(draft),
        "empty": [(titles[key], number) for key, number in draft.empty.items()],
        "draft": draft,
        "number": resolving.resolution_number(edition, rules),
        "voted": any(one.votes is not None for one in draft.seated),
    }
    return render(request, "decision/result.html", context)


@login_required
@require_POST
@step_up.required
def resolve(request: HttpRequest) -> HttpResponse:
    """Make the draft the result."""
    edition = edition_for(request, policy.may_lead_decision)
    number, reason = said(request, "number"), said(request, "reason")
    perform(
        request,
        lambda: resolving.resolve_result(edition, number=number, reason=reason, by=person(request)),
        _("The result is resolved, and sealed until it is published."),
    )
    return redirect("decision_result")
