"""The chief's page of the discussions, and the expert's remarks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.register.acts import Refused
from jiangbang.review import discussing, policy
from jiangbang.review.access import rules_of
from jiangbang.review.discussion_pages import talked_over
from jiangbang.review.models import Discussion
from jiangbang.review.pool_pages import leaves
from jiangbang.review.pool_views import perform
from jiangbang.review.score_views import own_card


@login_required
@require_GET
@never_cache
def discussions(request: HttpRequest) -> HttpResponse:
    """What is to be talked over by the edition's rule, and what is or was."""
    edition = edition_for(request, policy.may_watch_review)
    rules = rules_of(edition)
    rows = talked_over(edition, rules)
    context = {
        "leaves": leaves("review_discussions"),
        "from": rules.discuss_from,
        "wide": [{"reviewed": one, "gap": gap} for one, gap in discussing.wide_dossiers(edition).items()],
        "rows": rows,
        "running": sum(one.running for one in rows),
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/discussions.html", context)


@login_required
@require_POST
def open_all(request: HttpRequest) -> HttpResponse:
    """Open the discussion of everything that the rule names."""
    edition = edition_for(request, policy.may_lead_review)
    try:
        count = discussing.open_discussions(edition, by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review_discussions")
    said = ngettext("%(n)d dossier is talked over.", "%(n)d dossiers are talked over.", count)
    messages.success(request, said % {"n": count})
    return redirect("review_discussions")


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a discussion; unsigned second scores lapse."""
    edition = edition_for(request, policy.may_lead_review)
    found = Discussion.objects.filter(pk=pk, reviewed__edition=edition).first()
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(
        request,
        lambda: discussing.end_discussion(found, reason=reason, by=person(request)),
        _("The discussion is ended. Where no second card was signed the first one counts."),
    )
    return redirect("review_discussions")


@login_required
@require_POST
def remark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An expert says something to the others on the dossier."""
    card = own_card(request, pk)
    text = request.POST.get("text", "")
    perform(
        request,
        lambda: discussing.add_remark(card, text, by=person(request)),
        _("The others can read it now, without your name."),
    )
    return redirect(f"{reverse('review_cards')}#{card.reviewed.code}")
