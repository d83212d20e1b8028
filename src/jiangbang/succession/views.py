"""The office's page of the next edition."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of, language
from jiangbang.nomination.performing import perform
from jiangbang.programme.acts import document_hash
from jiangbang.programme.chosen import SESSION_KEY
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.succession import copying, policy
from jiangbang.succession.carrying import carried, carry_over
from jiangbang.succession.differences import differences
from jiangbang.succession.inviting import invite_holders, may_stand_again
from jiangbang.succession.results import earlier_editions, held_titles, take_results, taken_list


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What comes from the edition before, and making the one after; with a short name in the address its differences."""
    edition = edition_for(request, policy.may_succeed)
    before = next(iter(earlier_editions(edition)), None)
    context: dict[str, Any] = {"edition": edition, "before": before, "later": _later(edition)}
    if before is not None:
        taken, titles = taken_list(edition), held_titles(edition)
        context |= {
            "carried": carried(before, edition) if policy.may_succeed(person(request), before) else [],
            "taken": taken,
            "titles": len(titles),
            "standing": may_stand_again(edition),
        }
    context |= _planned(edition, request.GET)
    return render(request, "succession/desk.html", context, status=422 if context.get("refusal") else 200)


@login_required
@require_GET
@never_cache
def folder(request: HttpRequest) -> HttpResponse:
    """The planned edition as TOML files, to be edited by hand."""
    edition = edition_for(request, policy.may_succeed)
    try:
        document = copying.next_document(edition, _plan(edition, request.GET))
    except Refused as refusal:
        raise Http404 from refusal
    headers = {"Content-Disposition": f'attachment; filename="{document["edition"]["slug"]}.zip"'}
    content = copying.as_folder(document, edition.programme)
    return HttpResponse(content, content_type="application/zip", headers=headers)


@login_required
@require_POST
@step_up.required
def copy(request: HttpRequest) -> HttpResponse:
    """Make the next edition, and work in it from now on."""
    edition, by, made = edition_for(request, policy.may_succeed), person(request), []
    try:
        plan = _plan(edition, request.POST)
    except Refused as refusal:
        raise Http404 from refusal
    done = _("The next edition is made; you work in it now. Take over what is listed here.")
    seen = request.POST.get("seen", "")
    if perform(request, lambda: made.append(copying.copy_edition(edition, plan, seen=seen, by=by)), done):
        request.session[SESSION_KEY] = made[0].key
    return redirect("next_edition")


@login_required
@require_POST
def take(request: HttpRequest, what: str) -> HttpResponse:
    """Take over results, people or words from the edition before; invite whoever may stand again."""
    edition, by = edition_for(request, policy.may_succeed), person(request)
    before = next(iter(earlier_editions(edition)), None)
    if before is None:
        raise Http404
    count: list[int] = []
    if what == "results":
        perform(request, lambda: count.append(take_results(edition, by=by)))
    elif what == "invite":
        perform(request, lambda: count.append(invite_holders(edition, by=by)))
    else:
        perform(request, lambda: count.append(carry_over(before, edition, what, by=by)))
    if count:
        perform(request, lambda: None, ngettext("Done: %(n)d.", "Done: %(n)d.", count[0]) % {"n": count[0]})
    return redirect("next_edition")


def _later(edition: Edition) -> list[Edition]:
    rows = Edition.objects.filter(programme=edition.programme).exclude(pk=edition.pk)
    return [one for one in rows if edition.slug in one.document["edition"].get("previous", ())]


def _planned(edition: Edition, sent: QueryDict) -> dict[str, Any]:
    """The form, and where a short name was sent what would be different."""
    weeks = _number(sent.get("weeks", ""), copying.WEEKS)
    moved = copying.moved_dates(edition.document["edition"], weeks)
    document = edition.document["edition"]
    stages = [*document.get("stage", ()), *document.get("side_stage", ())]
    told: dict[str, Any] = {
        "sent": {"slug": "", "name": "", "name_en": "", **{key: sent.get(key, "") for key in sent}},
        "weeks": weeks,
        "seats": [
            (title, label_of(title), sent.get(f"seats-{title.key}", title.seats)) for title in edition.spec.titles
        ],
        "stages": [(one["key"], _stage_label(one), *_days(sent, one["key"], moved[one["key"]])) for one in stages],
    }
    if "slug" not in sent:
        return told
    try:
        made = copying.next_document(edition, _plan(edition, sent))
        copying.check_document(made)
    except Refused as refusal:
        return {**told, "refusal": str(refusal)}
    return {
        **told,
        "different": differences(edition.document, made),
        "seen": document_hash(made),
        "hidden": [(key, sent.get(key, "")) for key in sent],
        "query": sent.urlencode(),
    }


def _stage_label(stage: dict[str, Any]) -> str:
    return str((stage.get("label_en") if language() == "en" else "") or stage["label"])


def _plan(edition: Edition, sent: QueryDict) -> copying.Plan:
    weeks = _number(sent.get("weeks", ""), copying.WEEKS)
    moved = copying.moved_dates(edition.document["edition"], weeks)
    texts = {key: sent.get(key, "").replace("\0", "").strip() for key in ("slug", "name", "name_en")}
    seats = {
        title.key: _number(sent.get(f"seats-{title.key}", ""), title.seats)
        for title in edition.spec.titles
        if title.seats is not None
    }
    dates = {key: _days(sent, key, days) for key, days in moved.items()}
    return copying.Plan(**texts, weeks=weeks, seats=seats, dates=dates)


def _days(sent: QueryDict, key: str, moved: tuple[date, date]) -> tuple[date, date]:
    found = []
    for part, day in zip(("opens", "closes"), moved, strict=True):
        try:
            found.append(date.fromisoformat(sent.get(f"{part}-{key}", "") or day.isoformat()))
        except ValueError:
            found.append(day)
    return found[0], found[1]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else otherwise
