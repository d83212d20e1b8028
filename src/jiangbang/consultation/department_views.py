"""The pages of a department's contact: the letters to the own department, and nothing else of the house."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.consultation import answering, pages, papers, policy
from jiangbang.consultation.access import department_of, inquiries_of, own_inquiry, rules_of
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Inquiry
from jiangbang.consultation.views import given_of, said
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.acts import note_download
from jiangbang.nomination.reading_log import note_reads
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review.paper_views import PAPER_KINDS, paper_response


@login_required
@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The letters to the own department, the newest first."""
    edition = edition_for(request, policy.is_department)
    own = department_of(request, edition)
    left = Count("questions", filter=Q(questions__answer="open"))
    letters = inquiries_of(edition).filter(department__in=own).annotate(left=left, people=Count("questions"))
    today = edition.now().astimezone(edition.zone).date()
    context = {
        "departments": own,
        "letters": [(one, bool(one.left) and one.due < today) for one in letters.order_by("-sequence")],
        "edition": edition,
    }
    return render(request, "consultation/mine.html", context)


@login_required
@require_GET
@never_cache
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter: who is asked about, with the fields that the department needs, and the answers."""
    return _answer(request, own_inquiry(request, pk))


def _answer(request: HttpRequest, found: Inquiry, refusal: str = "") -> HttpResponse:
    department = rules_of(found.edition).department(found.department)
    rows = pages.question_rows(papers.shown_of(found), masked=False)
    chosen = {key: value for key, value in request.POST.items() if key.startswith(("answer-", "reason-"))}
    note_reads([row.question.dossier_id for row in rows], "list", by=person(request))
    context = {
        "inquiry": found,
        "asked": department.asked_en if (get_language() or "").startswith("en") else department.asked,
        "labels": papers.column_labels(found.edition.spec, department),
        "open": [
            (row, chosen.get(f"answer-{row.question.pk}", ""), chosen.get(f"reason-{row.question.pk}", ""))
            for row in rows
            if row.question.answer == "open"
        ],
        "answered": [row for row in rows if row.question.answer != "open"],
        "name": said(request, "name") or person(request).display_name,
        "overdue": found.due < found.edition.now().astimezone(found.edition.zone).date(),
        "refusal": refusal,
    }
    return render(request, "consultation/answer.html", context, status=422 if refusal else 200)


@login_required
@require_POST
@never_cache
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign answers; what was chosen is kept where something is still missing."""
    found = own_inquiry(request, pk)
    questions = list(found.questions.filter(answer="open").values_list("pk", flat=True))
    try:
        everybody = said(request, "all") == "none"
        given = {pk: Given("none") for pk in questions} if everybody else given_of(request, questions)
        answering.sign_answers(found, given, name=said(request, "name"), by=person(request))
    except Refused as refusal:
        return _answer(request, found, str(refusal))
    messages.success(request, _("Your answers are signed. Thank you."))
    return redirect("consultation_answer", pk=found.pk)


@login_required
@require_GET
@never_cache
def own_letter(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """The letter to the own department."""
    found = own_inquiry(request, pk)
    if kind not in PAPER_KINDS:
        raise Http404

    def may(user: object, _edition: Edition) -> bool:
        return user == person(request)

    note_reads(found.questions.values_list("dossier", flat=True), "list", by=person(request))
    note_download(found.subject, f"inquiry.{kind}", edition=found.edition, by=person(request), may=may)
    return paper_response(papers.inquiry_letter(found), kind)
