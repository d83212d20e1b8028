"""The pages of the screening stage. A view looks up, asks and shows; what changes, changes in an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.candidacy.proofs import proofs_of
from jiangbang.candidacy.submitted import submitted_files
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import pages as nomination_pages
from jiangbang.nomination import policy as nomination_policy
from jiangbang.nomination.access import dossier_for, edition_for, person
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.nomination.performing import perform
from jiangbang.nomination.queries import finding_counts
from jiangbang.recommendation import policy as recommendation_policy
from jiangbang.register.acts import Refused
from jiangbang.screening import (
    acts,
    duplicates_pages,
    duplicates_queries,
    lists_pages,
    lists_queries,
    lists_words,
    pages,
    policy,
    queries,
)
from jiangbang.screening.bulk import conclude_eligible
from jiangbang.screening.models import ClauseRuling, Screening
from jiangbang.screening.paper import paper_of
from jiangbang.screening.queries import Wanted
from jiangbang.screening.standings import standings_of


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The dossiers to be screened: filtered, page by page, with the progress of all."""
    edition = edition_for(request, policy.may_see_screening)
    wanted = Wanted.from_query(request.GET)
    found = queries.queue(edition, wanted).select_related("dossier", "screener")
    counts = queries.progress(edition)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset(
        found, ("pk",), after=after, before=before, total=None if wanted != Wanted() else sum(counts.values())
    )
    context = {
        "edition": edition,
        "wanted": wanted,
        "narrowed": wanted != Wanted(),
        "page": page,
        "rows": pages.queue_rows(page.rows, edition.spec, wanted),
        "counts": counts,
        "total": sum(counts.values()),
        "done": counts["eligible"] + counts["not_eligible"],
        "not_begun": queries.not_begun(edition),
        "undecided": duplicates_queries.undecided(edition),
        "states": pages.state_choices(counts),
        "answers": pages.answer_choices(),
        "units": nomination_pages.unit_names(edition.spec),
        "clauses": pages.clause_choices(edition.spec),
        "marks": lists_words.mark_choices(edition.spec),
        "findings": pages.finding_choices(finding_counts(edition)),
        "screeners": queries.screeners(edition),
        "may_screen": policy.may_screen(person(request), edition),
        "may_assign": policy.may_assign_screeners(person(request), edition),
    }
    return render(request, "screening/queue.html", context)


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Take every accepted dossier into screening."""
    edition = edition_for(request, policy.may_assign_screeners)
    count = acts.begin_screening(edition, by=person(request))
    sentence = ngettext("%(n)d dossier was taken into screening.", "%(n)d dossiers were taken into screening.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("screening_queue")


@login_required
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen dossiers to a screener."""
    edition = edition_for(request, policy.may_assign_screeners)
    chosen_one = request.POST.get("screener", "")
    screener = User.objects.filter(pk=int(chosen_one)).first() if chosen_one.isdecimal() else None
    chosen = [pk for pk in request.POST.getlist("dossier") if _is_uuid(pk)]
    if screener is None or not chosen:
        messages.error(request, _("Choose dossiers and the screener who is to have them."))
    else:
        perform(
            request,
            lambda: acts.assign_screener(edition, chosen, screener=screener, by=person(request)),
            _("%(name)s has them now.") % {"name": screener},
        )
    return redirect(_with_filter("screening_queue", request))


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Conclude those of the chosen dossiers that are eligible in every respect."""
    edition = edition_for(request, policy.may_screen)
    chosen = [pk for pk in request.POST.getlist("dossier") if _is_uuid(pk)]
    try:
        done = conclude_eligible(edition, chosen, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.add_message(request, messages.SUCCESS if done.concluded else messages.INFO, pages.bulk_sentence(done))
    return redirect(_with_filter("screening_queue", request))


@login_required
@require_GET
@never_cache
def dossier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One dossier under screening: the form, the clauses, what was ruled."""
    found = dossier_for(request, pk, policy.may_see_screening)
    screening = Screening.objects.select_related("concluded_by", "confirmed_by", "screener").filter(pk=found.pk).first()
    if screening is None:
        messages.info(request, _("This person is not in screening."))
        return redirect("screening_queue")
    return render(request, "screening/dossier.html", _context(request, found, screening))


def _context(request: HttpRequest, found: Dossier, screening: Screening) -> dict[str, Any]:
    spec, by = found.edition.spec, person(request)
    revision = found.accepted_revision or found.revision
    assert revision is not None
    stands = standings_of([found])[found.pk]
    record = full_record(revision)
    wanted, leaf = Wanted.from_query(request.GET), leaf_of(request)
    sheet = nomination_pages.sheet(revision, record, spec)
    leaves = pages.leaves(wanted, leaf)
    return {
        "dossier": found,
        "edition": found.edition,
        "revision": revision,
        "screening": screening,
        "unit": nomination_pages.unit_name(spec.unit(found.unit_code)),
        "sheet": sheet,
        "paper": paper_of(sheet, spec.form) if leaf else None,
        "leaves": leaves,
        "other_leaf": leaves[0 if leaf else 1].href,
        "groups": pages.clause_groups(found, stands, spec),
        "answer": stands.eligibility,
        "proofs": proofs_of(submitted_files(found), spec),
        "facts": pages.fact_lines(spec, stands.facts),
        "likenesses": duplicates_pages.hints(duplicates_queries.pairs_of(found), found),
        "notes": pages.note_lines(queries.notes(found), found),
        "lists": lists_pages.leaf(
            found,
            record,
            stands.facts,
            lists_queries.matches_of(found),
            lists_queries.in_force(found.edition),
            compared=lists_queries.was_compared(found),
        ),
        "may_screen": policy.may_screen(by, found.edition),
        "may_waive": policy.may_waive(by, found.edition),
        "may_return": recommendation_policy.may_return(by, found.edition),
        "may_reopen": policy.may_assign_screeners(by, found.edition),
        "may_reveal": nomination_policy.may_reveal(by, found.edition),
        "may_export": nomination_policy.may_export(by, found.edition),
        "query": urlencode(wanted.as_query() | leaf),
        "before": queries.before_in_queue(found.edition, wanted, found.pk),
        "concluded": screening.state in (Screening.State.ELIGIBLE, Screening.State.NOT_ELIGIBLE),
    }


@login_required
@require_GET
def next_dossier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On to the next dossier of the same queue."""
    found = dossier_for(request, pk, policy.may_see_screening)
    following = queries.next_in_queue(found.edition, Wanted.from_query(request.GET), found.pk)
    if following is None:
        messages.success(request, _("The queue is empty: nobody else is left in it."))
        return redirect(_with_filter("screening_queue", request))
    return redirect(_with_filter("screening_dossier", request, following))


@login_required
@require_POST
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rule on one clause."""
    found = dossier_for(request, pk, policy.may_screen)
    said = {key: request.POST.get(key, "").replace("\0", "") for key in ("clause", "value", "reason")}
    return _on(
        request,
        found,
        lambda: acts.rule_on_clause(
            found, said["clause"], value=said["value"], reason=said["reason"][:2000], by=person(request)
        ),
    )


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID, ruling: int) -> HttpResponse:
    """The second person's word on a ruling."""
    found = dossier_for(request, pk, policy.may_screen)
    row = ClauseRuling.objects.select_related("dossier").filter(pk=ruling, dossier=found).first()
    if row is None:
        messages.error(request, _("There is no such ruling."))
        return redirect(_with_filter("screening_dossier", request, found.pk))
    return _on(request, found, lambda: acts.confirm_ruling(row, by=person(request)))


@login_required
@require_POST
def conclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Conclude, and go on to the next dossier."""
    found = dossier_for(request, pk, policy.may_screen)
    if not perform(request, lambda: acts.conclude_screening(found, by=person(request)), ""):
        return redirect(_with_filter("screening_dossier", request, found.pk))
    return redirect(_with_filter("screening_next", request, found.pk))


@login_required
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up a concluded screening again."""
    found = dossier_for(request, pk, policy.may_assign_screeners)
    reason = request.POST.get("reason", "").replace("\0", "")[:2000]
    return _on(request, found, lambda: acts.reopen_screening(found, reason=reason, by=person(request)))


@login_required
@require_POST
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave a note for colleagues."""
    found = dossier_for(request, pk, policy.may_screen)
    text = request.POST.get("text", "").replace("\0", "")[:4000]
    return _on(request, found, lambda: acts.write_note(found, text, by=person(request)))


@login_required
@require_POST
def establish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Establish facts that the form does not carry."""
    found = dossier_for(request, pk, policy.may_screen)
    facts = {}
    for fact in found.edition.spec.facts:
        if fact.from_field is None and f"fact-{fact.key}" in request.POST:
            try:
                facts[fact.key] = pages.typed_fact(fact, request.POST[f"fact-{fact.key}"].replace("\0", ""))
            except ValueError:
                messages.error(
                    request, _("“%(label)s” takes a whole number.") % {"label": nomination_pages.label_of(fact)}
                )
                return redirect(_with_filter("screening_dossier", request, found.pk))
    return _on(
        request,
        found,
        lambda: nomination_acts.declare_facts(found, facts, source=DeclaredFact.Source.OFFICE, by=person(request)),
    )


def _on(request: HttpRequest, found: Dossier, act: Callable[[], object]) -> HttpResponse:
    """Perform the act and show the dossier again, at the clause that was worked on."""
    perform(request, act, "")
    clause = request.POST.get("clause", "")
    address = _with_filter("screening_dossier", request, found.pk)
    return redirect(f"{address}#clause-{clause}" if clause.isalnum() else address)


def _with_filter(name: str, request: HttpRequest, *args: object) -> str:
    """The address, with the queue's filter of the request's own address."""
    narrowed = urlencode(Wanted.from_query(request.GET).as_query() | leaf_of(request))
    address = reverse(name, args=args)
    return f"{address}?{narrowed}" if narrowed else address


def leaf_of(request: HttpRequest) -> dict[str, str]:
    """The leaf of the split view that is asked for, as it stands in an address; empty for the fields."""
    return {"leaf": "paper"} if request.GET.get("leaf") == "paper" else {}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
