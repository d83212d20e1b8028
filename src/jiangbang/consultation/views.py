"""The office's pages of the consultation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.consultation import answering, asking, pages, papers, policy
from jiangbang.consultation.access import contact_counts, inquiry_for, question_for, reply_for, rules_of
from jiangbang.consultation.answering import Given
from jiangbang.consultation.models import Inquiry, Reply
from jiangbang.consultation.queries import standing_of
from jiangbang.consultation.sealing import password_of, values_of
from jiangbang.nomination import evidence
from jiangbang.nomination.access import dossier_for, edition_for, person
from jiangbang.nomination.acts import note_download
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.models import StoredFile
from jiangbang.nomination.performing import perform
from jiangbang.nomination.reading_log import note_reads
from jiangbang.outbox.addresses import absolute
from jiangbang.papers.letters import unprintable
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review.paper_views import PAPER_KINDS, paper_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def said(request: HttpRequest, key: str) -> str:
    """A field of the form, trimmed."""
    return str(request.POST.get(key, "")).strip()


def given_of(request: HttpRequest, questions: Iterable[int]) -> dict[int, Given]:
    """The answers of a form: `answer-<key>` and `reason-<key>` for each question; whoever has no answer in it is left out. A file of a
    concern is stored. Refused as `kept_file` says."""
    found = {}
    for pk in questions:
        if answer := said(request, f"answer-{pk}"):
            upload = request.FILES.get(f"file-{pk}")
            kept = answering.kept_file(upload) if upload is not None and answer == "concern" else ""
            found[pk] = Given(answer, said(request, f"reason-{pk}"), kept)
    return found


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Where the consultation is: each department, each person."""
    return _desk(request, edition_for(request, policy.may_watch_consultation))


def _desk(request: HttpRequest, edition: Edition, **extra: object) -> HttpResponse:
    rules, standings = rules_of(edition), standing_of(edition)
    departments = pages.department_rows(edition, rules, standings, contact_counts(edition))
    context = {
        "rules": rules,
        "departments": departments,
        "people": pages.person_rows(rules, standings),
        "categories": [(one.key, pages.category_label(one)) for one in rules.categories],
        "cleared": sum(one.cleared for one in standings),
        "concerns": sum(one.concern for one in standings),
        "withheld": sum(one.withheld for one in standings),
        "to_ask": sum(bool(row.to_ask) for row in departments),
        "overdue": sum(row.overdue for row in departments),
        "due": asking.proposed_due(edition) if rules.departments else None,
        "may_lead": policy.may_lead_consultation(person(request), edition),
        **extra,
    }
    return render(request, "consultation/desk.html", context)


@login_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Make the letters to one department, or to all that have to be asked."""
    edition = edition_for(request, policy.may_lead_consultation)
    due, wanted = _day(said(request, "due")), said(request, "department")
    standings = standing_of(edition)
    waiting = [row.name for row in pages.department_rows(edition, rules_of(edition), standings, {}) if row.to_ask]
    names = [wanted] if wanted else waiting
    made = sum(
        perform(request, lambda name=name: asking.send_inquiry(edition, name, due=due, by=person(request)))  # type: ignore[misc]
        for name in names
    )
    if made:
        sentence = ngettext("%(count)s letter is made.", "%(count)s letters are made.", made)
        messages.success(request, sentence % {"count": made})
    elif not names:
        messages.info(request, _("Every department has been asked about everybody."))
    return redirect("consultation_desk")


@login_required
@require_POST
def categorise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give somebody another category."""
    dossier = dossier_for(request, pk, policy.may_lead_consultation)
    category = said(request, "category")
    perform(request, lambda: asking.set_category(dossier, category, by=person(request)), _("The category is set."))
    return redirect("consultation_desk")


@login_required
@require_POST
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Make a link for the contact of a department, shown this once."""
    edition = edition_for(request, policy.may_lead_consultation)
    name, address = said(request, "name"), said(request, "email")
    try:
        token = asking.invite_contact(
            edition, said(request, "department"), name=name, address=address, by=person(request)
        )
    except Refused as refusal:
        return _desk(request, edition, refusal=str(refusal))
    link = absolute(reverse("invitation", args=[token]))
    return _desk(request, edition, link=link, invited=name, posted=bool(address))


@login_required
@require_GET
@never_cache
def inquiry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter: its papers, the answers, what waits for a second person or for a decision."""
    return _inquiry(request, inquiry_for(request, pk))


def _inquiry(request: HttpRequest, found: Inquiry, **extra: object) -> HttpResponse:
    rows = pages.question_rows(papers.shown_of(found), masked=True)
    waiting = found.replies.select_related("entered_by").filter(state=Reply.State.ENTERED).first()
    entered = values_of(waiting) if waiting is not None else {}
    context = {
        "inquiry": found,
        "rows": rows,
        "open": sum(row.question.answer == "open" for row in rows),
        "waiting": waiting,
        "entered": [(row, *entered[str(row.question.pk)]) for row in rows if str(row.question.pk) in entered],
        "own": waiting is not None and waiting.entered_by_id == person(request).pk,
        "replies": found.replies.exclude(state=Reply.State.ENTERED).select_related("entered_by", "settled_by"),
        "unprintable": "、".join(unprintable(papers.inquiry_letter(found))),
        "may_lead": policy.may_lead_consultation(person(request), found.edition),
        **extra,
    }
    return render(request, "consultation/inquiry.html", context)


@login_required
@require_GET
@never_cache
@step_up.required
def letter(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """The letter with its list as PDF or Word; the list alone as an encrypted workbook."""
    found, may = inquiry_for(request, pk, policy.may_lead_consultation), policy.may_lead_consultation
    if kind not in (*PAPER_KINDS, "xlsx"):
        raise Http404
    note_reads(found.questions.values_list("dossier", flat=True), "list", by=person(request))
    note_download(found.subject, f"inquiry.{kind}", edition=found.edition, by=person(request), may=may)
    if kind == "xlsx":
        return attachment(papers.inquiry_workbook(found, password_of(found)), f"{papers.LIST}.xlsx", XLSX)
    return paper_response(papers.inquiry_letter(found), kind)


@login_required
@require_POST
@never_cache
@step_up.required
def password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what opens the encrypted list; the look is registered."""
    found, may = inquiry_for(request, pk, policy.may_lead_consultation), policy.may_lead_consultation
    note_download(found.subject, "inquiry.password", edition=found.edition, by=person(request), may=may)
    return _inquiry(request, found, password=password_of(found))


@login_required
@require_POST
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a reply that came on paper."""
    found = inquiry_for(request, pk, policy.may_lead_consultation)
    upload = request.FILES.get("scan")

    def entering() -> None:
        given = given_of(request, found.questions.filter(answer="open").values_list("pk", flat=True))
        scan = answering.kept_file(upload) if upload is not None else ""
        answering.enter_paper(found, given, scan=scan, by=person(request))

    perform(request, entering, _("The reply is entered. It counts once somebody else has compared it with the scan."))
    return redirect("consultation_inquiry", pk=found.pk)


@login_required
@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person confirms what was entered, or takes it back."""
    found = reply_for(request, pk)
    if said(request, "to") == "rejected":
        reason = said(request, "reason")
        perform(request, lambda: answering.reject_paper(found, reason=reason, by=person(request)), _("Taken back."))
    else:
        perform(request, lambda: answering.confirm_paper(found, by=person(request)), _("The answers count."))
    return redirect("consultation_inquiry", pk=found.inquiry_id)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a concern holds the person back."""
    found = question_for(request, pk)
    clear, reason = said(request, "to") == "cleared", said(request, "reason")
    if said(request, "to") not in ("cleared", "withheld"):
        raise Http404
    perform(
        request,
        lambda: asking.decide_concern(found, clear=clear, reason=reason, by=person(request)),
        _("The decision is kept with your name."),
    )
    return redirect("consultation_inquiry", pk=found.inquiry_id)


@login_required
@require_GET
@never_cache
def scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The scan of a reply on paper."""
    found = reply_for(request, pk)
    return _file(request, found.scan_sha256, found.subject, found.inquiry.edition)


@login_required
@require_GET
@never_cache
def concern_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What a department added to a concern."""
    found = question_for(request, pk)
    return _file(request, found.file_sha256, found.subject, found.inquiry.edition)


def _file(request: HttpRequest, sha256: str, subject: str, edition: Edition) -> HttpResponse:
    stored = StoredFile.objects.filter(pk=sha256).first()
    if stored is None:
        raise Http404
    may = policy.may_lead_consultation
    note_download(subject, "reply.scan", edition=edition, by=person(request), sha256=sha256, may=may)
    kind = EXTENSIONS.get(stored.media_type, "bin")
    return attachment(evidence.read_bytes(sha256), f"{_('reply')}.{kind}", stored.media_type)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
