"""Letters on the result of the screening: whom the office still has to write to, the letter of one person, what a unit got."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.accounts import step_up
from jiangbang.accounts.models import User
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import pages as nomination_pages
from jiangbang.nomination import policy as nomination_policy
from jiangbang.nomination.access import dossier_for, edition_for, person
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.performing import perform
from jiangbang.papers.fonts import lacking
from jiangbang.programme.models import Edition
from jiangbang.recommendation.access import workplace
from jiangbang.recommendation.policy import may_work_for
from jiangbang.register.acts import Refused
from jiangbang.screening import letters, policy, withdrawing
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.models import Screening
from jiangbang.screening.sheet_views import PAPER_KINDS, written
from jiangbang.screening.standings import standings_of


@login_required
@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """Everybody who is not eligible, and whether the letter has gone."""
    edition = edition_for(request, policy.may_see_screening)
    newest = Letter.objects.filter(dossier=OuterRef("pk"), concluded_at=OuterRef("concluded_at"))
    found = (
        Screening.objects.filter(edition=edition, state=Screening.State.NOT_ELIGIBLE)
        .select_related("dossier")
        .annotate(
            number=Subquery(newest.values("number")[:1]),
            sent_at=Subquery(newest.values("sent_at")[:1]),
            until=Subquery(newest.values("objection_until")[:1]),
        )
    )
    total, sent = found.count(), found.filter(number__isnull=False).count()
    waiting = request.GET.get("letter") == "waiting"
    if waiting:
        found = found.filter(number__isnull=True)
    page = keyset(
        found,
        ("pk",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        total=total - sent if waiting else total,
    )
    context = {
        "edition": edition,
        "page": page,
        "units": nomination_pages.unit_names(edition.spec),
        "total": total,
        "sent": sent,
        "choices": [{"value": "waiting", "label": _("not written to yet"), "count": total - sent}],
        "current": "waiting" if waiting else "",
    }
    return render(request, "screening/letters_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter about one person: as it would go, and as it went."""
    found = dossier_for(request, pk, policy.may_send_letters if request.method == "POST" else policy.may_see_screening)
    screening = Screening.objects.filter(pk=found.pk).first()
    if screening is None:
        messages.info(request, _("This person is not in screening."))
        return redirect("screening_queue")
    grounds = request.POST.get("grounds", "").replace("\0", "")
    candidate, on_paper = request.POST.get("candidate", "").replace("\0", ""), request.POST.get("on_paper") == "yes"
    if request.method == "POST" and "send" in request.POST:
        try:
            made = letters.send_letter(
                found, grounds=grounds, candidate=candidate, on_paper=on_paper, by=person(request)
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The letter %(number)s has gone out.") % {"number": made.number})
            return redirect("screening_letter", found.pk)
    return render(request, "screening/letters_one.html", _context(request, found, screening, grounds, candidate))


def _context(
    request: HttpRequest, found: Dossier, screening: Screening, grounds: str, candidate: str
) -> dict[str, Any]:
    edition, posted = found.edition, request.method == "POST"
    stands = standings_of([found])[found.pk]
    sent = list(found.letters.select_related("sent_by", "withdrawn_by").order_by("-sequence"))
    due = screening.state == Screening.State.NOT_ELIGIBLE and all(
        one.concluded_at != screening.concluded_at for one in sent
    )
    may_send = policy.may_send_letters(person(request), edition)
    lapsed = [one for one in sent if one.withdrawn_at is None and not withdrawing.stands(one, screening)]
    context: dict[str, Any] = {
        "lapsed": lapsed if may_send else [],
        "known": letters.addressees(found) if lapsed and may_send else None,
        "dossier": found,
        "edition": edition,
        "unit": nomination_pages.unit_name(edition.spec.unit(found.unit_code)),
        "letters": [{"letter": one, "stands": withdrawing.stands(one, screening)} for one in sent],
        "due": due,
        "may_send": may_send,
        "may_export": nomination_policy.may_export(person(request), edition),
        "days": letters.objection_days(edition.spec),
    }
    if due and may_send:
        reached = letters.addressees(found)
        grounds = grounds if posted else letters.proposed_grounds(found, stands)
        until = letters.last_day(edition)
        texts = letters.texts_of(found, stands, number="", grounds=grounds, until=until)
        context |= {
            "grounds": grounds,
            "candidate": candidate if posted else reached.candidate,
            "on_paper": request.POST.get("on_paper") == "yes",
            "contacts": reached.contacts,
            "until": until,
            "unprintable": "、".join(lacking(texts["unit"]["title"] + texts["unit"]["body"])),
            "letter_title": texts["unit"]["title"],
            "paragraphs": texts["unit"]["body"].strip().split("\n\n"),
        }
    return context


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a letter whose conclusion does not stand any more."""
    edition = edition_for(request, policy.may_send_letters)
    found = get_object_or_404(Letter, pk=pk, edition=edition)
    candidate, on_paper = request.POST.get("candidate", "").replace("\0", ""), request.POST.get("on_paper") == "yes"
    by = person(request)
    done = _("The letter %(number)s is taken back; whoever got it has been written to.") % {"number": found.number}
    perform(request, lambda: withdrawing.withdraw_letter(found, candidate=candidate, on_paper=on_paper, by=by), done)
    return redirect("screening_letter", found.dossier_id)


@login_required
@require_GET
@step_up.required
def letter_paper(request: HttpRequest, pk: int, receiver: str, kind: str) -> HttpResponse:
    """A letter as it was sent, for the office."""
    edition = edition_for(request, nomination_policy.may_export)
    return _paper(Letter.objects.filter(pk=pk, edition=edition), edition, receiver, kind, by=person(request))


@login_required
@require_GET
@never_cache
def unit_letters(request: HttpRequest) -> HttpResponse:
    """What the unit was told about its people."""
    place = workplace(request)
    found = Letter.objects.filter(edition=place.edition, unit_code=place.unit.code).select_related("dossier")
    page = keyset(found, ("-pk",), after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {"place": place, "page": page, "unit": nomination_pages.unit_name(place.unit)}
    return render(request, "screening/letters_unit.html", context)


@login_required
@require_GET
def unit_letter_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A letter to the unit, for the unit's own people."""
    place = workplace(request)
    found = Letter.objects.filter(pk=pk, edition=place.edition, unit_code=place.unit.code)

    def may(user: User, edition: Edition) -> bool:
        return may_work_for(user, edition, place.unit.code)

    return _paper(found, place.edition, "unit", kind, by=place.user, may=may)


def _paper(
    found: Any, edition: Edition, receiver: str, kind: str, *, by: User, may: Any = nomination_policy.may_export
) -> HttpResponse:
    made = found.select_related("dossier", "person").first()
    if made is None or kind not in PAPER_KINDS or receiver not in letters.TEMPLATES:
        raise Http404
    body = written(letters.letter_paper(made, receiver), kind)
    nomination_acts.note_download(made.dossier.subject, f"letter.{kind}", edition=edition, by=by, may=may)
    return attachment(body, f"{made.number}.{kind}", PAPER_KINDS[kind])
