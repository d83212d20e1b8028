"""Papers of the review that leave the house."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.acts import note_download
from jiangbang.papers.paper import Paper
from jiangbang.papers.paper_docx import write_docx
from jiangbang.papers.pdf import write_pdf
from jiangbang.papers.uploads import DOCX
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.draw_views import current_draw
from jiangbang.review.minutes import minutes
from jiangbang.review.models import Draw

PAPER_KINDS = {"pdf": "application/pdf", "docx": DOCX}


@login_required
@require_GET
@never_cache
def draw_minutes(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The minutes of the draw."""
    edition = edition_for(request, policy.may_lead_review)
    drawn = current_draw(edition)
    if kind not in PAPER_KINDS or drawn is None or drawn.state != Draw.State.HELD:
        raise Http404
    may = policy.may_lead_review
    note_download(drawn.subject, f"minutes.{kind}", edition=edition, by=person(request), may=may)
    return paper_response(minutes(drawn, rules_of(edition)), kind)


def paper_response(paper: Paper, kind: str) -> HttpResponse:
    """A paper as a download under its kind's name, which names nobody."""
    content = write_pdf(paper) if kind == "pdf" else write_docx(paper)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(paper.kind, safe='')}.{kind}"}
    return HttpResponse(content, content_type=PAPER_KINDS[kind], headers=headers)
