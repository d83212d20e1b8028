"""The page of one who holds a title: the bare fact for everybody; portrait, motto and story only while the person agrees."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from jiangbang.conferral.award_models import Award
from jiangbang.nomination import evidence
from jiangbang.notice.site_texts import html_of
from jiangbang.papers.scan import ScanRefused, redraw_portrait
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.publicity.models import PublicityConsent
from jiangbang.publicity.queries import consent_of, published_story

# A withdrawal counts at once: whoever keeps the page asks each time whether it still stands.
_ASKED_EACH_TIME = "public, no-cache"


@conditional_page
@require_safe
def holder(request: HttpRequest, programme: str, slug: str, title: str, position: int) -> HttpResponse:
    """Who holds this title of the edition, by its place on the roll; revoked or unknown is 404. At most five queries."""
    edition, award = _held(programme, slug, title, position)
    consent = consent_of(award)
    story = published_story(award) if consent is not None else None
    place = (programme, slug, title, position)
    context = {
        "edition": edition,
        "award": award,
        "title": award.title_label,
        "day": award.conferred_at.astimezone(edition.zone).date(),
        "shown": consent is not None,
        "photo": reverse("roll_photo", args=place) if consent is not None and _photo_of(award, consent) else "",
        "motto": _motto(award) if consent is not None else "",
        "story": story,
        "html": html_of(story.text) if story is not None else "",
    }
    response = render(request, "publicity/holder.html", context)
    response["Cache-Control"] = _ASKED_EACH_TIME
    return response


@conditional_page
@require_safe
def photo(_request: HttpRequest, programme: str, slug: str, title: str, position: int) -> HttpResponse:
    """The portrait of one who agrees to its being shown, drawn anew; else 404."""
    _edition, award = _held(programme, slug, title, position)
    consent = consent_of(award)
    sha256 = _photo_of(award, consent) if consent is not None else ""
    if not sha256:
        raise Http404
    try:
        drawn = _redrawn(sha256)
    except (ScanRefused, FileNotFoundError):
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/jpeg", headers={"Cache-Control": _ASKED_EACH_TIME})


# Foreign bytes are decoded in a child, which takes a tenth of a second; a picture with this hash never changes. Some 100 KB each.
@lru_cache(maxsize=128)
def _redrawn(sha256: str) -> bytes:
    return redraw_portrait(evidence.read_bytes(sha256))


def _held(programme: str, slug: str, title: str, position: int) -> tuple[Edition, Award]:
    edition = find_edition(f"{programme}/{slug}")
    if edition is None:
        raise Http404
    held = Award.objects.select_related("dossier__accepted_revision").filter(edition=edition, state=Award.State.HELD)
    found = held.filter(title=title, position=position).first()
    if found is None:
        raise Http404
    found.edition = edition
    return edition, found


def _photo_of(award: Award, consent: PublicityConsent) -> str:
    revision = award.dossier.accepted_revision
    return revision.photo_sha256 if consent.photo and revision is not None else ""


def _motto(award: Award) -> str:
    revision = award.dossier.accepted_revision
    return " ".join(str(revision.open.get("motto") or "").split()) if revision is not None else ""
