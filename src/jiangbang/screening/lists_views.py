"""The pages of lists: bring one, look at it, put it in force, take it out; and what waits for a person's decision."""

from __future__ import annotations

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
from jiangbang.nomination import policy as nomination_policy
from jiangbang.nomination.access import Predicate, dossier_for, edition_for, person
from jiangbang.nomination.exports import ListExport, list_response
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.performing import perform
from jiangbang.papers.name_list import MAX_BYTES
from jiangbang.papers.tables import Column
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.screening import lists, lists_pages, lists_queries, policy, titles
from jiangbang.screening.lists_comparing import decide_match, outdated
from jiangbang.screening.lists_models import NameList
from jiangbang.screening.lists_pages import RowLine
from jiangbang.screening.lists_words import kind_words, refusal_sentence


@login_required
@require_GET
@never_cache
def list_of_lists(request: HttpRequest) -> HttpResponse:
    """What the edition looks for, the lists that say who has it, and where to bring another."""
    edition = edition_for(request, policy.may_see_screening)
    known = list(lists_queries.lists_of(edition)[:200])
    in_force = [one for one in known if one.state == NameList.State.IN_FORCE]
    may_keep = policy.may_keep_lists(person(request), edition)
    covered = titles.are_covered(edition)
    words = kind_words(edition.spec)
    context = {
        "edition": edition,
        "lists": [(one, words.get(one.kind, one.kind)) for one in known],
        "kinds": lists_pages.kind_lines(edition.spec, in_force, lists_queries.figures(edition)),
        "choices": words,
        "waiting": lists_queries.waiting(edition).count(),
        "behind": len(outdated(edition)),
        "against": lists_queries.against_conclusions(edition, titles.excluding(edition.spec)),
        "may_keep": may_keep,
        "covered": covered,
        "missing": [titles.excluding(edition.spec)[key] for key in titles.without_list(edition)],
        "on_none": titles.found_on_none(edition).count() if covered else 0,
    }
    return render(request, "screening/lists_all.html", context)


@login_required
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Read a file as a list, and lead to it, to be looked at. What cannot be read is said, and nothing is kept."""
    edition = edition_for(request, policy.may_keep_lists)
    upload = request.FILES.get("list")
    replaces = _replaced(request, edition)
    page = redirect("screening_list", replaces.pk) if replaces else redirect("screening_lists")
    try:
        if upload is None:
            raise Refused("empty", _("No file was chosen. Choose the list, then press the button."))
        if (upload.size or 0) > MAX_BYTES:
            raise Refused("too_large", refusal_sentence("too_large"))
        brought = lists.bring_list(
            edition,
            upload.read(),
            file_name=upload.name or "list",
            kind=replaces.kind if replaces else request.POST.get("kind", ""),
            title=request.POST.get("title", "").replace("\0", ""),
            replaces=replaces,
            by=person(request),
        )
        page = redirect("screening_list", brought.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except OSError:
        messages.error(request, _("The storage is full; nothing was kept. Tell the operator."))
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(headers={"X-Location": page.url})
    return page


def _replaced(request: HttpRequest, edition: Edition) -> NameList | None:
    try:
        return lists_queries.list_of(edition, UUID(request.POST.get("replaces", "")))
    except ValueError:
        return None


def _list_for(request: HttpRequest, pk: UUID, may: Predicate) -> NameList:
    found = lists_queries.list_of(edition_for(request, may), pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
@never_cache
def one_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A list: what was found in the file, its rows, and what may be done with it."""
    found = _list_for(request, pk, policy.may_see_screening)
    spec, query = found.edition.spec, request.GET
    narrowed = bool(query.get("q", "").strip()) or query.get("only", "") in lists_queries.ROW_FILTERS
    page = keyset(
        lists_queries.rows_of(found, query),
        ("pk",),
        after=query.get("after", ""),
        before=query.get("before", ""),
        total=None if narrowed or len(found.kinds) > 1 else found.row_count,
    )
    context = {
        "list": found,
        "edition": found.edition,
        "kind": kind_words(spec).get(found.kind, found.kind),
        "page": page,
        "rows": lists_pages.row_lines(page.rows, spec),
        "columns": lists_pages.columns_found(found),
        "problems": lists_pages.problems_found(found),
        "of_people": any(row.employer for row in page.rows),
        "narrowed": narrowed,
        "text": query.get("q", ""),
        "only": query.get("only", ""),
        "filters": [
            {"value": "wrong", "label": _("with something wrong"), "count": found.problem_count},
            {"value": "unusable", "label": _("not usable"), "count": found.row_count - found.usable_count},
        ],
        "may_keep": policy.may_keep_lists(person(request), found.edition),
        "may_export": nomination_policy.may_export(person(request), found.edition),
    }
    return render(request, "screening/lists_one.html", context)


@login_required
@require_GET
@step_up.required
def rows_export(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """The list's rows as narrowed, with what is wrong with each: to be sent back to whoever published it."""
    found = _list_for(request, pk, nomination_policy.may_export)
    rows = lists_queries.rows_of(found, request.GET).order_by("pk").iterator(chunk_size=2000)
    lines = (line for row in rows for line in lists_pages.row_lines([row], found.edition.spec))
    listed = ListExport("list_rows", found.title, row_columns(), lines)
    return list_response(listed, kind, edition=found.edition, by=person(request))


def row_columns() -> list[Column[RowLine]]:
    return [
        Column(_("Row"), lambda row: row.number, 8),
        Column(_("Name"), lambda row: row.name, 36),
        Column(_("Employer"), lambda row: row.employer, 36),
        Column(_("Credit code"), lambda row: row.code, 22),
        Column(_("Used for"), lambda row: row.kind, 24),
        Column(_("Year"), lambda row: row.year, 8),
        Column(_("Batch"), lambda row: row.batch, 12),
        Column(_("What is wrong"), lambda row: "；".join(row.problems), 48),
        Column(_("Dossiers"), lambda row: row.met, 8),
    ]


@login_required
@require_POST
def put_in_force(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Import a draft."""
    found = _list_for(request, pk, policy.may_keep_lists)
    done = _("The list is in force. The dossiers are being compared with it.")
    perform(request, lambda: lists.import_list(found, by=person(request)), done)
    return redirect("screening_list", found.pk)


@login_required
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drop a draft."""
    found = _list_for(request, pk, policy.may_keep_lists)
    done = _("“%(title)s” was discarded.") % {"title": found.title}
    perform(request, lambda: lists.discard_list(found, by=person(request)), done)
    return redirect("screening_lists")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a list out of force."""
    found = _list_for(request, pk, policy.may_keep_lists)
    reason = request.POST.get("reason", "").replace("\0", "")[:500]
    done = _("The list is withdrawn. What was found on it no longer counts.")
    perform(request, lambda: lists.withdraw_list(found, reason=reason, by=person(request)), done)
    return redirect("screening_list", found.pk)


@login_required
@require_POST
def establish_none(request: HttpRequest) -> HttpResponse:
    """Establish "no title held" for everybody whom no list names."""
    edition = edition_for(request, policy.may_keep_lists)
    try:
        count = titles.establish_none(edition, by=person(request))
        sentence = ngettext("Established for %(n)d person.", "Established for %(n)d people.", count) % {"n": count}
        messages.success(request, sentence)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("screening_lists")


@login_required
@require_GET
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """The rows that may mean somebody, for a person to decide."""
    edition = edition_for(request, policy.may_see_screening)
    words = kind_words(edition.spec)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in words else ""
    page = keyset(
        lists_queries.waiting(edition, kind),
        ("-score", "id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=25,
    )
    near = {key: counts[1] for key, counts in lists_queries.figures(edition).items() if counts[1]}
    context = {
        "edition": edition,
        "page": page,
        "matches": [
            (line, words.get(line.kind, line.kind)) for line in lists_pages.match_lines(page.rows, edition.spec)
        ],
        "kind": kind,
        "choices": [{"value": key, "label": words[key], "count": near[key]} for key in words if key in near],
        "may_screen": policy.may_screen(person(request), edition),
    }
    return render(request, "screening/lists_waiting.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID, match: int) -> HttpResponse:
    """Say whether a row means this dossier's employer or person; back to where it was decided."""
    dossier = dossier_for(request, pk, policy.may_screen)
    found = lists_queries.match_of(dossier, match)
    if found is None:
        raise Http404
    same = request.POST.get("same", "")
    reason = request.POST.get("reason", "").replace("\0", "")[:2000]
    if same in ("yes", "no"):
        perform(request, lambda: decide_match(found, same=same == "yes", reason=reason, by=person(request)), "")
    if request.POST.get("from") == "waiting":
        return redirect("screening_matches")
    return redirect(reverse("screening_dossier", args=[dossier.pk]) + "#lists")
