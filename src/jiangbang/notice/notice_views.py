"""The office's page of the notices, and the public's: what stands, until when, and how to object."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from jiangbang.accounts import step_up
from jiangbang.decision.models import Result
from jiangbang.kernel.working_days import CalendarNotPublishedError
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.performing import perform
from jiangbang.notice import policy, publishing
from jiangbang.notice.kept_page import kept
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.notice.notice_pages import as_it_was, doubts_of, notice_paper, notices_of, unprintable_of
from jiangbang.notice.objection_days import today
from jiangbang.notice.site_pages import Card, card_of
from jiangbang.notice.versions import correct_entry, release_correction, withdraw_correction
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.review.paper_views import PAPER_KINDS, paper_response
from jiangbang.screening.letters import office_of


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """The notices of the edition: what is prepared, stands, is over; each entry with its state."""
    edition = edition_for(request, policy.may_watch_notice)
    shown = notices_of(edition)
    may_lead = policy.may_lead_notice(person(request), edition)
    context = {
        "edition": edition,
        "shown": shown,
        "may_lead": may_lead,
        "decided": Result.objects.filter(edition=edition).exists(),
        "unprintable": unprintable_of(shown),
        "doubts": doubts_of(shown),
        "term": _term(edition),
        "mine": person(request).pk,
        "followed": set(Notice.objects.filter(edition=edition).values_list("substitutes_id", flat=True)),
        "struck": list(
            NoticeEntry.objects.filter(notice__edition=edition, state=NoticeEntry.State.STRUCK).select_related(
                "dossier"
            )
        ),
    }
    return render(request, "notice/desk.html", context)


def _term(edition: Edition) -> object:
    """The term of a notice that would be published today; None where the calendar of its year is not out."""
    try:
        return publishing.term_of(edition, today(edition))
    except CalendarNotPublishedError:
        return None


@login_required
@require_POST
@step_up.required
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the first notice, or with `entry` the one of whoever follows for a struck entry."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    wanted = request.POST.get("entry", "")
    done = _("Prepared. Another person looks at it and publishes it.")
    if not wanted:
        perform(request, lambda: publishing.prepare_notice(edition, by=by), done)
        return redirect("notice_desk")
    rows = NoticeEntry.objects.select_related("notice__edition").filter(notice__edition=edition)
    entry = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 12 else None
    if entry is None:
        raise Http404
    perform(request, lambda: publishing.prepare_substitution(entry, by=by), done)
    return redirect("notice_desk")


@login_required
@require_POST
@step_up.required
def change(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Publish a notice, take a draft back, or end one whose days are over."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    notice = Notice.objects.select_related("edition").filter(edition=edition, number=number).first()
    if notice is None or what not in ("publish", "withdraw", "end"):
        raise Http404
    if what == "publish":
        perform(request, lambda: publishing.publish_notice(notice, by=by), _("The notice stands before the public."))
    elif what == "withdraw":
        perform(request, lambda: publishing.withdraw_draft(notice, by=by), _("The draft is taken back."))
    else:
        through: list[int] = []
        if perform(request, lambda: through.append(publishing.end_notice(notice, by=by))):
            perform(request, lambda: None, _through(through[0]))
    return redirect("notice_desk")


def _through(count: int) -> str:
    sentence = ngettext("%(count)s person stood undisturbed.", "%(count)s people stood undisturbed.", count)
    return sentence % {"count": count}


@login_required
@require_POST
@step_up.required
def line(request: HttpRequest, number: int) -> HttpResponse:
    """Write a line of a notice otherwise: on a draft at once, on a published one for another person to release."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    wanted = request.POST.get("entry", "")
    rows = NoticeEntry.objects.select_related("notice__edition").filter(notice__edition=edition, notice__number=number)
    entry = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 12 else None
    if entry is None:
        raise Http404
    name, employer, reason = (request.POST.get(key, "").replace("\0", "") for key in ("name", "employer", "reason"))
    done = (
        _("The draft is corrected: another person than you publishes it.")
        if entry.notice.published_at is None
        else _("The correction waits for another person to release it.")
    )
    perform(request, lambda: correct_entry(entry, name=name, employer=employer, reason=reason, by=by), done)
    return redirect("notice_desk")


@login_required
@require_POST
@step_up.required
def correction(request: HttpRequest, number: int, version: int, what: str) -> HttpResponse:
    """Release a correction that waits, or take it back."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    rows = NoticeVersion.objects.select_related("notice__edition")
    found = rows.filter(notice__edition=edition, notice__number=number, number=version).first()
    if found is None or what not in ("release", "withdraw"):
        raise Http404
    if what == "release":
        perform(request, lambda: release_correction(found, by=by), _("The notice reads so from now on."))
    else:
        perform(request, lambda: withdraw_correction(found, by=by), _("The correction is taken back."))
    return redirect("notice_desk")


@require_safe
def page(request: HttpRequest, programme: str, slug: str) -> HttpResponseBase:
    """The notices of an edition as everybody reads them, without sign-in."""

    def write(edition: Edition) -> bytes:
        shown = notices_of(edition, published=True)
        if not shown:
            raise Http404
        card = _card(edition, shown[-1].notice)
        context = {"edition": edition, "shown": shown, "office": office_of(edition), "card": card}
        return render(request, "notice/page.html", context).content

    found = kept(programme, slug, write)
    headers = {"Cache-Control": "public, max-age=10", "ETag": found.etag}
    answer = HttpResponse(found.content, headers=headers)
    return get_conditional_response(request, etag=found.etag, response=answer) or answer


@require_safe
def earlier(request: HttpRequest, programme: str, slug: str, number: int, version: int) -> HttpResponse:
    """What a notice said before it was corrected, and why it was."""
    edition = _public(programme, slug)
    one = next((one for one in notices_of(edition, published=True) if one.notice.number == number), None)
    was = as_it_was(one, edition, version) if one is not None else None
    if one is None or was is None:
        raise Http404
    after = next((later for later in reversed(one.versions) if later.number > version), None)
    context = {"edition": edition, "one": was, "after": after}
    answer = render(request, "notice/earlier.html", context)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


@require_GET
def paper(_request: HttpRequest, programme: str, slug: str, number: int, kind: str) -> HttpResponse:
    """A published notice as PDF or Word, in the official layout."""
    edition = _public(programme, slug)
    found = next((one for one in notices_of(edition, published=True) if one.notice.number == number), None)
    if found is None or kind not in PAPER_KINDS:
        raise Http404
    return paper_response(notice_paper(edition, found), kind)


def _card(edition: Edition, notice: Notice) -> Card:
    stands = _("From %(first)s to %(last)s, %(days)s working days.")
    assert notice.first_day is not None
    assert notice.last_day is not None
    days = {"first": date_format(notice.first_day), "last": date_format(notice.last_day), "days": notice.days}
    return card_of(edition, "notice_page", f"{_('Public notice')} · {edition.label}", stands % days)


def _public(programme: str, slug: str) -> Edition:
    found = find_edition(f"{programme}/{slug}")
    if found is None:
        raise Http404
    return found
