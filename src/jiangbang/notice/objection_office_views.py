"""The pages of the office and the discipline office: the cases, one case, what came by letter or telephone, the figures."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.accounts import step_up
from jiangbang.kernel.objections import read_objections
from jiangbang.nomination.access import admit, edition_for, person
from jiangbang.nomination.performing import perform
from jiangbang.notice import objection_handling as handling
from jiangbang.notice import policy
from jiangbang.notice.objection_case import Identity, file_bytes, file_name, identity_of
from jiangbang.notice.objection_days import today
from jiangbang.notice.objection_files import looked_at
from jiangbang.notice.objection_filing import Statement, enter_objection
from jiangbang.notice.objection_models import Objection, ObjectionFile
from jiangbang.notice.objection_numbers import numbers_of
from jiangbang.notice.objection_pages import case_context, leaves
from jiangbang.notice.objection_papers import PAPERS
from jiangbang.notice.objection_queries import cases_of, objectable
from jiangbang.register.acts import Refused
from jiangbang.review.paper_views import PAPER_KINDS, paper_response


@login_required
@require_GET
@never_cache
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases, the most urgent first; who objects and what stands on no list."""
    edition = edition_for(request, policy.may_see_objections)
    wanted = request.GET.get("state", "")
    rows = cases_of(edition)
    if wanted in Objection.State.values:
        rows = rows.filter(state=wanted)
    context = {
        "leaves": leaves("objection_list"),
        "edition": edition,
        "rows": list(rows),
        "today": today(edition),
        "choices": [{"value": value, "label": label, "count": None} for value, label in Objection.State.choices],
        "current": wanted,
    }
    return render(request, "notice/objection_list.html", context)


@login_required
@require_GET
@never_cache
def numbers(request: HttpRequest) -> HttpResponse:
    """The figures, without anybody."""
    edition = edition_for(request, policy.may_see_objections)
    context = {"leaves": leaves("objection_numbers"), "numbers": numbers_of(edition), "edition": edition}
    return render(request, "notice/objection_numbers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter what came by letter or telephone; the receipt follows, to be sent or read out."""
    edition = edition_for(request, policy.may_see_objections)
    spec = read_objections(edition.spec.document)
    told = {key: request.POST.get(key, "").replace("\0", "") for key in _ENTERED}
    context: dict[str, Any] = {
        "leaves": leaves("objection_enter"),
        "edition": edition,
        "entries": objectable(edition, over=True),
        "spec": spec,
        "told": told,
        "today": today(edition),
    }
    if request.method == "POST":
        try:
            objection, secret = _entered(request, context, told)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            context |= {"objection": objection, "secret": secret}
    return render(request, "notice/objection_enter.html", context)


_ENTERED = ("entry", "channel", "counted_on", "source", "name", "unit", "contact", "address", "facts")


def _entered(request: HttpRequest, context: dict[str, Any], told: dict[str, str]) -> tuple[Objection, str]:
    entry = next((one for one in context["entries"] if str(one.pk) == told["entry"]), None)
    if entry is None:
        raise Refused("entry", _("Choose the person whom the objection is about."))
    try:
        counted_on = date.fromisoformat(told["counted_on"])
    except ValueError:
        raise Refused("day", _("Give the day: of the postmark, or of the call.")) from None
    identity = Identity(told["name"].strip(), told["unit"].strip(), told["contact"].strip(), told["address"].strip())
    files = looked_at(request.FILES.getlist("files"), context["spec"])
    statement = Statement(told["source"], identity, told["facts"], files)
    return enter_objection(entry, statement, channel=told["channel"], counted_on=counted_on, by=person(request))


@login_required
@require_GET
@never_cache
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case. What was said is shown to the two persons who have it; to others of the office how far it is."""
    found = _case(request, pk)
    return render(request, "notice/objection_case.html", case_context(found, person(request)))


@login_required
@require_POST
@never_cache
@step_up.required
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who objects: shown once to one of the two persons, and registered."""
    found = _handled(request, pk)
    handling.note_look(found, what="identity", by=person(request))
    context = {**case_context(found, person(request)), "identity": identity_of(found)}
    return render(request, "notice/objection_case.html", context)


@login_required
@require_GET
@never_cache
def file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """A file of the case, for the two persons who have it; registered."""
    found = _handled(request, pk)
    row = ObjectionFile.objects.filter(pk=file, objection=found).first()
    if row is None:
        raise Http404
    handling.note_look(found, what="file", by=person(request))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(row), safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(file_bytes(row), content_type=row.media_type, headers=headers)


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest, pk: UUID, paper: str, kind: str) -> HttpResponse:
    """A letter of the case: to the unit, or to the objector (which names him: registered)."""
    found = _handled(request, pk)
    made = PAPERS.get(paper)
    written = made(found) if made is not None and kind in PAPER_KINDS else None
    if written is None:
        raise Http404
    if paper == "answer":
        handling.note_look(found, what="identity", by=person(request))
    return paper_response(written, kind)


@login_required
@require_POST
@step_up.required
def step(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Take the case one step further."""
    found, by = _case(request, pk), person(request)

    def text(key: str) -> str:
        return request.POST.get(key, "").replace("\0", "")

    def yes(key: str) -> bool:
        return text(key) == "yes"

    steps = {
        "take": (
            lambda: handling.take_case(found, unrelated=yes("unrelated"), by=by),
            _("You have this case now."),
        ),
        "admit": (
            lambda: handling.admit_objection(
                found, identified=yes("identified"), specific=yes("specific"), reason=text("reason"), by=by
            ),
            _("Assessed."),
        ),
        "ask": (lambda: handling.ask_unit(found, question=text("question"), by=by), _("The unit is asked.")),
        "propose": (
            lambda: handling.propose_finding(found, upheld=yes("upheld"), finding=text("finding"), by=by),
            _("Proposed to the decider."),
        ),
        "return": (
            lambda: handling.return_finding(found, reason=text("reason"), by=by),
            _("Given back to the handler."),
        ),
        "decide": (lambda: handling.decide_objection(found, by=by), _("Decided.")),
        "answer": (lambda: handling.answer_objector(found, answer=text("answer"), by=by), _("Answered.")),
    }
    if what not in steps:
        raise Http404
    perform(request, *steps[what])
    return redirect("objection_case", found.pk)


def _case(request: HttpRequest, pk: UUID) -> Objection:
    rows = Objection.objects.select_related(
        "edition", "entry__notice", "entry__dossier", "handler", "decider", "replied_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    admit(person(request), found.edition, policy.may_see_objections)
    return found


def _handled(request: HttpRequest, pk: UUID) -> Objection:
    found = _case(request, pk)
    if not policy.may_handle_objection(person(request), found):
        raise PermissionDenied
    return found
