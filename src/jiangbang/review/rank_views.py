"""The chief's page of the ranking, the shortlist, and the public files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.register.acts import Refused
from jiangbang.review import policy, rank_pages, ranking
from jiangbang.review.access import rules_of
from jiangbang.review.discussing import wide_dossiers
from jiangbang.review.models import Card, Ranking, Reviewed, Seat
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.profiles import profile_of


def newest(edition: Edition) -> Ranking | None:
    """The ranking that is looked at: the one that was taken, else the newest."""
    rows = Ranking.objects.filter(edition=edition).select_related("computed_by", "published_by", "taken_by")
    return rows.filter(taken_at__isnull=False).first() or rows.order_by("-number").first()


def published_ranking(edition: Edition) -> Ranking | None:
    """The ranking that the public sees: the newest published one."""
    return Ranking.objects.filter(edition=edition, published_at__isnull=False).order_by("-number").first()


@login_required
@require_GET
@never_cache
def ranked(request: HttpRequest) -> HttpResponse:
    """The order with its uncertainty; for the chief also what to look at."""
    edition = edition_for(request, policy.may_watch_review)
    found, rules = newest(edition), rules_of(edition)
    may_lead = policy.may_lead_review(person(request), edition)
    cards = Card.objects.filter(reviewed__edition=edition)
    context: dict[str, Any] = {
        "leaves": leaves("review_ranking"),
        "edition": edition,
        "ranking": found,
        "open": cards.filter(state=Card.State.OPEN).count(),
        "signed": cards.filter(state=Card.State.SIGNED).count(),
        "wide": len(wide_dossiers(edition)),
        "may_lead": may_lead,
    }
    if found is not None:
        context |= _told(found, edition, rules, may_lead)
    return render(request, "review/ranking.html", context)


def _told(found: Ranking, edition: Edition, rules: Any, may_lead: bool) -> dict[str, Any]:
    sheet = ranking.sheet_of(found.scores_csv, rules)
    lines = ranking.lines_of(found)
    names = dict(Reviewed.objects.filter(edition=edition).values_list("code", "dossier__name"))
    scores = rank_pages.scores_by_dossier(sheet)
    shortlist = list(found.shortlist.select_related("reviewed", "ranking").order_by("rank")) if found.taken_at else []
    experts = {
        seat.mark: profile_of(seat.entry.expert).name
        for seat in Seat.objects.filter(draw__edition=edition).select_related("entry__expert")
    }
    return {
        "rows": [
            {
                "line": line,
                "name": names.get(line.dossier, "—"),
                "scores": scores.get(line.dossier, []),
                "cut": line.rank in (found.titles, found.titles + found.nominees),
                "percent": round(100 * line.p_title),
                "within": round(100 * line.p_nominee),
            }
            for line in lines
        ],
        "figure": rank_pages.intervals(lines, found.titles),
        "spread": rank_pages.spread(sheet),
        "spread_columns": [_("Points"), _("Cards")],
        "talked": rank_pages.talked_over(found),
        "check": rank_pages.cross_check(sheet, lines, found.titles),
        "hints": rank_pages.hint_sentences(sheet, experts) if may_lead else [],
        "command": ranking.command_of(found, rules),
        "method": rank_pages.method_label(found.method),
        "deviations": [
            {"one": one, "name": names.get(one.reviewed.code, "—"), "reason": ranking.reason_of(one)}
            for one in shortlist
            if one.deviates
        ],
        "last_place": ranking.last_place(found),
        "listed": sum(not one.off for one in shortlist),
    }


@login_required
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Compute a ranking from what was signed."""
    edition = edition_for(request, policy.may_lead_review)
    perform(request, lambda: ranking.compute_ranking(edition, by=person(request)), _("The ranking is computed."))
    return redirect("review_ranking")


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the newest ranking."""
    edition = edition_for(request, policy.may_lead_review)
    found = newest(edition)
    if found is not None:
        done = _("Scores and ranking are published.")
        perform(request, lambda: ranking.publish_ranking(found, by=person(request)), done)
    return redirect("review_ranking")


@login_required
@require_POST
def shortlist(request: HttpRequest) -> HttpResponse:
    """Take the shortlist from the published ranking."""
    edition = edition_for(request, policy.may_lead_review)
    found = newest(edition)
    if found is None:
        return redirect("review_ranking")
    codes, reasons = (
        [text.replace("\0", "").strip() for text in request.POST.getlist(name)] for name in ("code", "reason")
    )
    changes = {code.upper(): reason for code, reason in zip(codes, reasons, strict=False) if code}
    try:
        count = ranking.take_shortlist(found, changes=changes, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)d dossier stands on the shortlist.", "%(n)d dossiers stand on the shortlist.", count)
        messages.success(request, said % {"n": count})
    return redirect("review_ranking")


@require_GET
def proof_file(_request: HttpRequest, programme: str, slug: str, name: str) -> HttpResponse:
    """One of the published files, to rank again from. Public."""
    edition = find_edition(f"{programme}/{slug}")
    found = published_ranking(edition) if edition else None
    if found is None:
        raise Http404
    files = {"scores.csv": found.scores_csv, "ranking.csv": found.result_csv, "checkpoint.txt": found.checkpoint}
    files |= {"first_scores.csv": found.first_csv} if found.first_csv else {}
    if name not in files:
        raise Http404
    kind = "text/csv; charset=utf-8" if name.endswith("csv") else "text/plain; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(files[name].encode(), content_type=kind, headers=headers)
