"""The office's editor of a story, and the stories as everybody reads them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.performing import perform
from jiangbang.notice.site_texts import html_of
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.publicity.models import StoryVersion
from jiangbang.publicity.policy import may_publicise
from jiangbang.publicity.queries import published_stories
from jiangbang.publicity.stories import LONGEST, publish_story, review_story, take_story_down, write_story


@login_required
@require_GET
@never_cache
def story(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The newest version to write on, and all versions with who did what."""
    edition = edition_for(request, may_publicise)
    return _editor(request, _award(edition, pk))


@login_required
@require_POST
def story_save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a new version."""
    edition, by = edition_for(request, may_publicise), person(request)
    award = _award(edition, pk)
    typed = {key: request.POST.get(key, "").replace("\0", "") for key in ("headline", "text")}
    done = _("Written. Another person reviews it before it is published.")
    if perform(request, lambda: write_story(award, **typed, by=by), done):
        return redirect("publicity_story", pk)
    return _editor(request, award, typed, status=422)


@login_required
@require_POST
def story_change(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Find a version good, publish it, or take the story down."""
    edition, by = edition_for(request, may_publicise), person(request)
    award, sent = _award(edition, pk), request.POST.get("number", "")
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "review": (lambda: review_story(award, number, by=by), _("Reviewed: it may be published.")),
        "publish": (lambda: publish_story(award, number, by=by), _("Everybody can read the story.")),
        "take-down": (lambda: take_story_down(award, by=by), _("The story is taken down.")),
    }
    if what not in acts:
        raise Http404
    perform(request, *acts[what])
    return redirect("publicity_story", pk)


@require_safe
def stories(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The published stories of an edition, without sign-in: nobody's who does not agree, or does not hold the title, any more."""
    edition = find_edition(f"{programme}/{slug}")
    if edition is None:
        raise Http404
    titles = {title.key: label_of(title) for title in edition.spec.titles}
    shown = [(one, titles.get(one.award.title, ""), html_of(one.text)) for one in published_stories(edition)]
    return render(request, "publicity/stories.html", {"edition": edition, "shown": shown})


def _award(edition: Edition, pk: UUID) -> Award:
    found = Award.objects.select_related("edition").filter(edition=edition, dossier_id=pk).first()
    if found is None:
        raise Http404
    return found


def _editor(request: HttpRequest, award: Award, typed: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    versions = list(
        StoryVersion.objects.filter(award=award)
        .select_related("written_by", "reviewed_by", "published_by", "taken_down_by")
        .order_by("-number")
    )
    context = {
        "award": award,
        "typed": versions[0] if typed is None and versions else typed,
        "versions": versions,
        "last": versions[0] if versions else None,
        "as_read": html_of(versions[0].text) if versions else "",
        "up": any(one.state == "published" for one in versions),
        "mine": person(request).pk,
        "longest": LONGEST,
    }
    return render(request, "publicity/story.html", context, status=status)
