"""The office's pages of publicity: who agrees, posters, the press kit; what was published."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.performing import perform
from jiangbang.papers.fonts import lacking
from jiangbang.papers.poster import FORMATS, preview_poster, write_poster, write_poster_list
from jiangbang.programme.models import Edition
from jiangbang.publicity.consents import record_consent, withdraw_consent
from jiangbang.publicity.coverage import channels_of, enter_coverage, remove_coverage
from jiangbang.publicity.models import Coverage
from jiangbang.publicity.playlist import playlist
from jiangbang.publicity.policy import may_publicise
from jiangbang.publicity.posters import list_of, poster_of, press_kit
from jiangbang.publicity.queries import Shown, coverage_of, people_of, sums_of
from jiangbang.register.acts import Refused

_TYPES = {"pdf": "application/pdf", "png": "image/png"}


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Everybody who holds a title, with the agreement to be shown and the sheets made of it."""
    edition = edition_for(request, may_publicise)
    people = people_of(edition)
    context: dict[str, Any] = {
        "people": [(one, label_of(one.title)) for one in people],
        "agreed": sum(one.consent is not None for one in people),
        "formats": FORMATS.values(),
        "unprintable": _unprintable(people),
    }
    return render(request, "publicity/desk.html", context)


@login_required
@require_POST
def consent(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Note that somebody agrees to be shown, or does not any more."""
    edition, by = edition_for(request, may_publicise), person(request)
    dossier = _shown(edition, pk).dossier
    if what == "withdraw":
        done = _("Noted: the person is on no poster from now on. What is printed or posted already must be taken down.")
        perform(request, lambda: withdraw_consent(dossier, by=by), done)
    else:
        paper, photo = request.POST.get("paper", "").replace("\0", ""), "photo" in request.POST
        perform(request, lambda: record_consent(dossier, paper=paper, photo=photo, by=by), _("The agreement is noted."))
    return redirect("publicity_desk")


@login_required
@require_GET
@never_cache
def poster(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """The poster of one who agreed, in a format; `preview.png` for the page."""
    edition = edition_for(request, may_publicise)
    shown = _shown(edition, pk)
    if shown.consent is None:
        raise Http404
    made = poster_of(edition, shown)
    if name == "preview.png":
        return HttpResponse(preview_poster(made), content_type="image/png")
    form = _format(name)
    return _file(write_poster(made, form), name)


@login_required
@require_GET
@never_cache
def poster_list(request: HttpRequest, name: str) -> HttpResponse:
    """The poster of all who agreed, in a format."""
    edition = edition_for(request, may_publicise)
    form = _format(name)
    return _file(write_poster_list(list_of(edition, people_of(edition)), form), f"all-{name}")


@login_required
@require_GET
@never_cache
def kit(request: HttpRequest) -> HttpResponseBase:
    """The press kit as a zip archive."""
    edition = edition_for(request, may_publicise)
    headers = {"Content-Disposition": f'attachment; filename="press-kit-{edition.slug}.zip"'}
    return StreamingHttpResponse(
        press_kit(edition, people_of(edition)), content_type="application/zip", headers=headers
    )


@login_required
@require_GET
@never_cache
def screen(request: HttpRequest) -> HttpResponseBase:
    """The slides of an outdoor screen as a zip archive."""
    edition = edition_for(request, may_publicise)
    headers = {"Content-Disposition": f'attachment; filename="screen-{edition.slug}.zip"'}
    return StreamingHttpResponse(playlist(edition, people_of(edition)), content_type="application/zip", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def coverage(request: HttpRequest) -> HttpResponse:
    """GET: the log with its sums. POST: one more publication."""
    edition, by = edition_for(request, may_publicise), person(request)
    if request.method == "POST":
        sent = {key: request.POST.get(key, "").replace("\0", "").strip() for key in request.POST}
        if perform(request, lambda: _enter(edition, sent, by), _("Entered.")):
            return redirect("publicity_coverage")
        return _coverage_page(request, edition, sent, status=422)
    return _coverage_page(request, edition, {})


@login_required
@require_POST
def coverage_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong row out of the log."""
    edition, by = edition_for(request, may_publicise), person(request)
    found = Coverage.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(request, lambda: remove_coverage(found, reason=reason, by=by), _("Taken out of the log."))
    return redirect("publicity_coverage")


def _coverage_page(request: HttpRequest, edition: Edition, sent: dict[str, str], status: int = 200) -> HttpResponse:
    sums = sums_of(edition)
    context = {
        "rows": coverage_of(edition),
        "removed": coverage_of(edition, removed=True),
        "channels": channels_of(edition),
        "sums": sums,
        "pieces": sum(one.pieces for one in sums),
        "reach": sum(one.reach for one in sums),
        "unknown": sum(one.unknown for one in sums),
        "chart_columns": [_("channel"), _("publications")],
        "chart_rows": [[one.channel, one.pieces] for one in sums],
        "sent": sent,
        "today": edition.now().astimezone(edition.zone).date(),
    }
    return render(request, "publicity/coverage.html", context, status=status)


def _enter(edition: Edition, sent: dict[str, str], by: Any) -> None:
    reach = sent.get("reach", "")
    if reach and not (reach.isascii() and reach.isdecimal() and len(reach) < 12):
        raise Refused("reach", _("The reach is a number of people."))
    texts = {key: sent.get(key, "") for key in ("channel", "media", "headline", "link")}
    enter_coverage(edition, **texts, day=_day(sent.get("day", "")), reach=int(reach) if reach else None, by=by)


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused("day", _("Give the day as year, month and day."))
    return found


def _shown(edition: Edition, pk: UUID) -> Shown:
    found = next((one for one in people_of(edition) if one.dossier.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _format(name: str) -> Any:
    key, _dot, suffix = name.rpartition(".")
    form = FORMATS.get(key)
    if form is None or form.suffix != suffix:
        raise Http404
    return form


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_TYPES[name.rpartition(".")[2]], headers=headers)


def _unprintable(people: list[Shown]) -> list[tuple[str, str]]:
    """Whose name or unit has characters that no font of ours has, with those characters."""
    found = [(one.award.name, lacking(one.award.name + one.award.employer)) for one in people]
    return [(name, "、".join(f"{one} (U+{ord(one):04X})" for one in missing)) for name, missing in found if missing]
