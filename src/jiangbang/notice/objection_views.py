"""The public's pages about objections: the form, the receipt, and what became of one's own case. No sign-in."""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jiangbang.accounts import throttle
from jiangbang.accounts.network import client_network
from jiangbang.kernel.objections import ObjectionSpec, read_objections
from jiangbang.notice import captcha
from jiangbang.notice.objection_case import Identity, opens, said
from jiangbang.notice.objection_files import MEGABYTE, looked_at
from jiangbang.notice.objection_filing import LEAST_FACTS, MOST_FACTS, Statement, file_objection, public_account
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_numbers import numbers_of
from jiangbang.notice.objection_queries import objectable
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.register.acts import Refused
from jiangbang.vaults import vault

# Tries to open a case with number and secret, from one network and for one number, before waits begin.
FOLLOW_TRIES: Final = 10
TEXTS: Final = ("entry", "source", "name", "unit", "contact", "address", "facts")


# Nobody is signed in here, so there is no authority that a forged request could borrow; the puzzle stands in its place. Reading a body of
# any length to look for a token would be a door for floods.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def form(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The form, and what was taken: the receipt with number and secret, shown once."""
    edition = _edition(programme, slug)
    spec = read_objections(edition.spec.document)
    if request.method != "POST":
        chosen = request.GET.get("entry", "")
        return _form(request, edition, spec, {"entry": chosen, "source": "person"})
    largest = spec.files * spec.megabytes * MEGABYTE + MEGABYTE
    if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
        return _form(request, edition, spec, {}, _("The files are too large together. Nothing was sent."), status=413)
    told = {key: request.POST.get(key, "").replace("\0", "") for key in TEXTS}
    try:
        objection, secret = _file(request, edition, spec, told)
    except Refused as refusal:
        return _form(request, edition, spec, told, str(refusal), status=422)
    context = {"edition": edition, "rows": _receipt(objection), "objection": objection, "secret": secret}
    return render(request, "notice/objection_receipt.html", context)


def _file(request: HttpRequest, edition: Edition, spec: ObjectionSpec, told: dict[str, str]) -> tuple[Objection, str]:
    entry = next((one for one in objectable(edition) if str(one.pk) == told["entry"]), None)
    if entry is None:
        raise Refused("entry", _("Choose the person whom the objection is about."))
    identity = Identity(told["name"].strip(), told["unit"].strip(), told["contact"].strip(), told["address"].strip())
    if told["source"] == "person":
        identity = Identity(identity.name, "", identity.contact, identity.address)
    captcha.spend(request.POST.get("altcha", ""))
    counted = _counter("objections", client_network(request), free=settings.JIANGBANG_OBJECTIONS_FREE)
    if throttle.take((counted,)):
        raise Refused("throttled", _("Many objections came from your network just now. Please send yours again later."))
    files = looked_at(request.FILES.getlist("files"), spec)
    return file_objection(entry, Statement(told["source"], identity, told["facts"], files), by=public_account())


def _counter(kind: str, *parts: str, free: int) -> throttle.Counter:
    return throttle.Counter(vault().blind_index("\0".join((kind, *parts)), "notice.tries"), free)


def _form(
    request: HttpRequest,
    edition: Edition,
    spec: ObjectionSpec,
    told: dict[str, str],
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "edition": edition,
        "entries": objectable(edition),
        "told": told,
        "wrong": wrong,
        "spec": spec,
        "largest": spec.megabytes * MEGABYTE,
        "least": LEAST_FACTS,
        "most": MOST_FACTS,
        "puzzle": json.dumps(captcha.new_puzzle()),
        "numbers": numbers_of(edition),
        "office": next(
            (one for one in edition.spec.document.get("organisation", ()) if one.get("role") == "organiser"), {}
        ),
    }
    return render(request, "notice/objection_form.html", context, status=status)


def _receipt(objection: Objection) -> list[dict[str, object]]:
    return [
        {"label": _("About"), "value": objection.entry.dossier.name},
        {
            "label": _("Received"),
            "value": objection.received_at.astimezone(objection.edition.zone).strftime("%Y-%m-%d %H:%M:%S"),
        },
        {"label": _("As"), "value": objection.get_source_display()},
        {"label": _("Files"), "value": str(objection.files.count())},
        {"label": _("Answer due by"), "value": objection.due_on.isoformat()},
    ]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """What became of one's own case, by number and secret."""
    edition = _edition(programme, slug)
    number = request.POST.get("number", "").replace("\0", "").strip()[:60]
    context: dict[str, Any] = {"edition": edition, "number": number}
    if request.method == "POST":
        counted = (
            _counter("follow", client_network(request), free=FOLLOW_TRIES),
            _counter("case", edition.key, number, free=FOLLOW_TRIES),
        )
        found = Objection.objects.select_related("entry__dossier").filter(edition=edition, number=number).first()
        if throttle.take(counted):
            context["wrong"] = _("Too many tries. Please try again later.")
        elif found is None or not opens(found, request.POST.get("secret", "")):
            context["wrong"] = _("Number and secret do not belong together. Look at your receipt.")
        else:
            throttle.give_back(counted)
            context |= {"objection": found, "answer": said(found, "answer"), "steps": _steps(found)}
    return render(request, "notice/objection_follow.html", context)


def _steps(found: Objection) -> list[tuple[str, str, object]]:
    """Each step as an objector sees it: its state, its words, its moment."""
    refused = found.state == Objection.State.REFUSED
    decided = found.decided_at or (found.assessed_at if refused else None)
    steps: list[tuple[str, object]] = [
        (_("Received"), found.received_at),
        (_("Not admitted") if refused else _("Assessment"), found.assessed_at),
    ]
    if not refused:
        steps += [(_("Decision of the case"), decided)]
    steps += [(_("Answer to you"), found.answered_at)]
    waiting = next((at for at, (_label, moment) in enumerate(steps) if moment is None), len(steps))
    return [
        ("done" if moment else "now" if at == waiting else "later", label, moment)
        for at, (label, moment) in enumerate(steps)
    ]


def _edition(programme: str, slug: str) -> Edition:
    found = find_edition(f"{programme}/{slug}")
    if found is None:
        raise Http404
    return found
