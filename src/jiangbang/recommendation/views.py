"""The unit's desk, the order of its nominees, and the opinion for all. A view looks up, asks and shows; acts change."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.candidacy.models import Candidacy
from jiangbang.nomination.pages import unit_name
from jiangbang.recommendation import acts, pages, queries
from jiangbang.recommendation.access import Workplace, workplace
from jiangbang.recommendation.packing import packet_file_name
from jiangbang.register.acts import Refused

RECENT_PACKETS = 5


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What is due, how far everybody is, what was returned, and what to do next."""
    place = workplace(request)
    edition, unit = place.edition, place.unit
    people = queries.with_drafts(queries.standing_candidacies(edition, unit.code))
    progress, returns = queries.progress_of(people, edition, unit), queries.open_returns(edition, unit.code)
    rows = pages.rows_of(people, returns)
    wanted = request.GET.get("state", "")
    context = {
        "place": place,
        "edition": edition,
        "unit": unit_name(unit),
        "deadline": edition.deadline.at,
        "open": edition.deadline.standing(edition.now()) == "open",
        "progress": progress,
        "steps": pages.progress_steps(progress),
        "rows": [row for row in rows if not wanted or row.candidacy.state == wanted],
        "wanted": dict(Candidacy.State.choices).get(wanted, ""),
        "ready": sum(row.ready for row in rows),
        "opinions_missing": sum(row.candidacy.state == "with_unit" and not row.stands.opinion for row in rows),
        "returned": [pages.returned(one, [], edition.spec) for one in returns.values()],
        "packets": queries.packets_of(edition, unit.code)[:RECENT_PACKETS],
        "intakes": queries.open_intakes_of(edition, unit.code)[:RECENT_PACKETS],
        "filed": queries.filed_dossiers(edition, unit.code)[:50],
        "packet_name": packet_file_name(edition.spec, unit),
        "today": edition.now().astimezone(edition.zone).date(),
    }
    return render(request, "recommendation/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order(request: HttpRequest) -> HttpResponse:
    """The nominees in the unit's order: drag them, or move them with keys and buttons, then save."""
    place = workplace(request)
    mine: list[str] = []
    if request.method == "POST":
        ranked = _moved(request.POST.getlist("person"), request.POST.get("move", ""))
        try:
            _save_order(request, place, ranked)
        except acts.OrderConflict as conflict:
            messages.error(request, str(conflict))
            mine = ranked
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The order is saved."))
            return redirect("unit_order")
    people = list(queries.standing_candidacies(place.edition, place.unit.code))
    names = {str(one.pk): one.name for one in people}
    context = {
        "place": place,
        "people": people,
        "order": queries.order_version(place.edition, place.unit.code),
        "mine": [names[pk] for pk in mine if pk in names],
    }
    return render(request, "recommendation/order.html", context, status=409 if mine else 200)


def _save_order(request: HttpRequest, place: Workplace, ranked: list[str]) -> None:
    version = request.POST.get("version", "")
    try:
        people = [UUID(pk) for pk in ranked]
    except ValueError:
        raise Refused("unknown_nominee", _("The list has changed. Load the page again, then arrange it.")) from None
    expected = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1
    acts.order_nominees(place.edition, place.unit, people, expected=expected, by=place.user)


def _moved(ranked: list[str], move: str) -> list[str]:
    """The list with one person moved by one place, as the buttons ask that work without scripts: `up:<id>`, `down:<id>`."""
    step, _colon, pk = move.partition(":")
    if pk in ranked and step in ("up", "down"):
        at = ranked.index(pk)
        to = max(0, min(len(ranked) - 1, at + (1 if step == "down" else -1)))
        ranked.insert(to, ranked.pop(at))
    return ranked


@login_required
@require_POST
def opinions(request: HttpRequest) -> HttpResponse:
    """One opinion for everybody whose form lies with the unit and has none."""
    place = workplace(request)
    people = queries.with_drafts(queries.standing_candidacies(place.edition, place.unit.code).filter(state="with_unit"))
    lacking = [row.candidacy for row in pages.rows_of(people, {}) if not row.stands.opinion]
    text, day = request.POST.get("text", ""), request.POST.get("date", "")
    try:
        count = acts.give_opinion(lacking, text, day, by=place.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("The opinion stands on %(n)s form.", "The opinion stands on %(n)s forms.", count)
        messages.success(request, said % {"n": count})
    return redirect("unit_desk")
