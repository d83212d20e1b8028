"""One nominee as the unit sees it: what is missing, the scans, the opinion, the facts, the way back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.candidacy import acts as candidacy_acts
from jiangbang.candidacy import handing, policy
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.queries import attachments_of, declared_facts, remark_of
from jiangbang.nomination.history import history
from jiangbang.recommendation import acts, pages, queries, returning
from jiangbang.recommendation.access import candidacy_for
from jiangbang.recommendation.models import Return
from jiangbang.recommendation.scanning import SCAN_KINDS, pages_ready
from jiangbang.register.acts import Refused
from jiangbang.register.queries import entries


@login_required
@require_GET
@never_cache
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One nominee."""
    place, candidacy = candidacy_for(request, pk)
    answers, spec = answers_of(candidacy), place.edition.spec
    row = pages.Row(candidacy, queries.readiness(candidacy, answers), None)
    by_candidate, by_unit = declared_facts(candidacy, answers), queries.unit_facts(candidacy, answers)
    scans = attachments_of(candidacy, *SCAN_KINDS)
    returns = Return.objects.filter(dossier=candidacy.dossier).select_related(
        "person", "returned_by", "dossier", "revision__person", "revision__dossier__edition", "answer__person"
    )
    context = {
        "place": place,
        "row": row,
        "candidacy": candidacy,
        "edition": place.edition,
        "left": pages.left_of(row.stands, spec),
        "consents": pages.consents_missing(row.stands),
        "purposes": Consent.Purpose,
        "remark": remark_of(answers),
        "open": policy.is_open(candidacy),
        "asked": pages.asked_of(spec, by_candidate, by_unit),
        "scans": [(scan, pages_ready(scan, candidacy)) for scan in scans],
        "returns": [pages.returned(one, returning.changes_of(one), spec) for one in returns.order_by("-returned_at")],
        "history": history(entries(subject=candidacy.subject)[:8], spec),
        "today": place.edition.now().astimezone(place.edition.zone).date(),
        "opinion_length": handing.OPINION_LENGTH,
    }
    return render(request, "recommendation/person.html", context)


# Performs an act with what was sent, and says what was done.
Perform = Callable[[Candidacy, QueryDict, User], str]


def _done(request: HttpRequest, pk: UUID, perform: Perform) -> HttpResponse:
    """Let an act happen to one of the unit's candidacies; say what was done, or why not."""
    place, candidacy = candidacy_for(request, pk)
    try:
        messages.success(request, perform(candidacy, request.POST, place.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("unit_person", candidacy.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back; what was written is erased."""

    def perform(candidacy: Candidacy, _sent: QueryDict, by: User) -> str:
        candidacy_acts.withdraw(candidacy, by=by)
        return _("The candidacy is withdrawn; what was written is erased.")

    return _done(request, pk, perform)


@login_required
@require_POST
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the form back to the candidate, with what is to be changed."""

    def perform(candidacy: Candidacy, sent: QueryDict, by: User) -> str:
        handing.return_to_candidate(candidacy, sent.get("remark", ""), by=by)
        return _("The form is with the candidate again, with your remark.")

    return _done(request, pk, perform)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a submitted candidacy up again."""

    def perform(candidacy: Candidacy, _sent: QueryDict, by: User) -> str:
        acts.reopen(candidacy, by=by)
        return _("You may change it now. What was submitted counts until you submit again.")

    return _done(request, pk, perform)


@login_required
@require_POST
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The unit's opinion on one form."""

    def perform(candidacy: Candidacy, sent: QueryDict, by: User) -> str:
        acts.give_opinion([candidacy], sent.get("text", ""), sent.get("date", ""), by=by)
        return _("The opinion is saved.")

    return _done(request, pk, perform)


@login_required
@require_POST
def facts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The unit's own word on what the form does not carry."""

    def perform(candidacy: Candidacy, sent: QueryDict, by: User) -> str:
        typed = {key.removeprefix("fact."): value for key, value in sent.items() if key.startswith("fact.")}
        changed = acts.declare_for(candidacy, typed, by=by)
        return _("What you declare is saved.") if changed else _("Nothing was changed.")

    return _done(request, pk, perform)
