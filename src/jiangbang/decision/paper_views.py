"""Papers of the decision that leave the house."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.decision import papers, policy
from jiangbang.decision.access import current_meeting
from jiangbang.decision.models import Meeting, Result
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.acts import note_download
from jiangbang.papers.paper import Paper
from jiangbang.programme.models import Edition
from jiangbang.review.paper_views import PAPER_KINDS, paper_response


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest, paper: str, kind: str) -> HttpResponseBase:
    """The resolution once there is one, or the minutes of a meeting (`?meeting=` its number; else the last one), as PDF or Word."""
    edition = edition_for(request, policy.may_lead_decision)
    found = _paper(edition, paper, request.GET.get("meeting", ""))
    if found is None or kind not in PAPER_KINDS:
        raise Http404
    subject, made = found
    may = policy.may_lead_decision
    note_download(subject, f"{paper}.{kind}", edition=edition, by=person(request), may=may)
    return paper_response(made, kind)


def _paper(edition: Edition, name: str, number: str) -> tuple[str, Paper] | None:
    """The paper of this name with what it is about; None while there is nothing to write."""
    if name == "resolution":
        result = Result.objects.select_related("edition").filter(edition=edition).first()
        return (result.subject, papers.resolution(result)) if result else None
    meeting = current_meeting(edition)
    if number.isdecimal() and len(number) < 6:
        meeting = Meeting.objects.select_related("edition").filter(edition=edition, number=int(number)).first()
    if name == "minutes" and meeting is not None and meeting.opened_at is not None:
        return meeting.subject, papers.minutes(edition, meeting)
    return None
