"""Where chief and expert begin."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.nomination.access import edition_for
from jiangbang.review import pages, policy
from jiangbang.review.access import own_entry, own_seat, rules_of
from jiangbang.review.models import Card, PoolEntry
from jiangbang.review.pool_pages import leaves
from jiangbang.review.profiles import profile_of
from jiangbang.review.scoring import own_cards


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """How far the review is, step by step."""
    edition = edition_for(request, policy.may_watch_review)
    rules = rules_of(edition)
    context = {
        "leaves": leaves("review_desk"),
        "rules": rules,
        "rubric": pages.rubric_lines(rules),
        "steps": pages.steps(edition),
    }
    return render(request, "review/desk.html", context)


@login_required
@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """An expert's own way through the review."""
    entry = own_entry(request)
    seat = own_seat(entry)
    cards = list(own_cards(seat).values_list("state", "asked_again_at")) if seat else []
    left = [again for state, again in cards if state == Card.State.OPEN]
    context = {
        "entry": entry,
        "edition": entry.edition,
        "profile": profile_of(entry.expert),
        "agreed": entry.state == PoolEntry.State.CONSENTED,
        "seat": seat,
        "cards_all": len(cards),
        "cards_left": len(left),
        "cards_again": sum(again is not None for again in left),
    }
    return render(request, "review/mine.html", context)
