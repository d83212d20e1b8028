"""The wordings of an edition's messages: read, changed with a live preview, tried on oneself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.accounts.models import User
from jiangbang.outbox import queries
from jiangbang.outbox.acts import check_text, edit_template, post_message
from jiangbang.outbox.models import Language, Wording
from jiangbang.outbox.policy import may_edit_templates
from jiangbang.outbox.templates import HIDDEN, Template, Text, all_templates, filled
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.web.people_page import admitted


@dataclass(frozen=True, slots=True)
class Row:
    """A template as the list shows it."""

    href: str
    purpose: str
    key: str
    subject: str
    changed: str


@login_required
@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """Every kind of message, and which of them this edition words itself."""
    _person, edition = admitted(request, may_edit_templates)
    last: dict[str, dict[str, Wording]] = {}
    for wording in Wording.objects.filter(edition=edition.key).order_by("version"):
        last.setdefault(wording.template, {})[wording.language] = wording
    rows = [_row(kind, last.get(kind.key, {})) for kind in all_templates()]
    return render(request, "web/template_list.html", {"rows": rows})


def _row(kind: Template, own: dict[str, Wording]) -> Row:
    subject = own["zh"].subject if "zh" in own else kind.defaults["zh"].subject
    changed = _(", ").join(
        _("%(language)s version %(number)d") % {"language": Language(key).label, "number": own[key].version}
        for key in sorted(own)
    )
    return Row(reverse("outbox_template", args=[kind.key]), str(kind.purpose), kind.key, subject, changed)


def kind_for(request: HttpRequest, key: str) -> tuple[User, Edition, Template]:
    """The template, for whoever may word messages: 404 where there is none."""
    person, edition = admitted(request, may_edit_templates)
    kind = next((one for one in all_templates() if one.key == key), None)
    if kind is None:
        raise Http404
    return person, edition, kind


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def template(request: HttpRequest, key: str) -> HttpResponse:
    """Change one wording. What was typed stays when it is refused."""
    person, edition, kind = kind_for(request, key)
    language = language_in(request)
    if request.method == "GET":
        return _page(request, edition, kind, language, queries.current_text(edition.key, kind, language))
    text = typed(request)
    try:
        edit_template(key, edition=edition.key, language=language, text=text, by=person)
    except Refused as refusal:
        return _page(request, edition, kind, language, text, refusal=str(refusal))
    messages.success(request, _("Kept. The next messages of this kind are worded so."))
    return redirect(f"{request.path}?language={language}")


def language_in(request: HttpRequest) -> str:
    """The language that the address or the form names."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    return asked if asked in Language.values else Language.ZH.value


def typed(request: HttpRequest) -> Text:
    """Subject and body as they came."""
    return Text(request.POST.get("subject", "").replace("\0", ""), request.POST.get("body", "").replace("\0", ""))


def _page(
    request: HttpRequest, edition: Edition, kind: Template, language: str, text: Text, refusal: str = ""
) -> HttpResponse:
    address = reverse("outbox_template", args=[kind.key])
    context = {
        "kind": kind,
        "language": language,
        "text": text,
        "default": kind.defaults[language],
        "refusal": refusal,
        "tabs": [
            {"label": label, "href": f"{address}?language={value}", "current": value == language}
            for value, label in Language.choices
        ],
        "versions": _versions(edition, kind, language),
        **preview_of(kind, text),
    }
    return render(request, "web/template.html", context)


def _versions(edition: Edition, kind: Template, language: str) -> list[tuple[Wording, str]]:
    kept = Wording.objects.filter(edition=edition.key, template=kind.key, language=language).order_by("-version")[:20]
    found = list(kept)
    people = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=[w.edited_by[5:] for w in found])}
    return [(wording, people.get(wording.edited_by, wording.edited_by)) for wording in found]


def preview_of(kind: Template, text: Text) -> dict[str, Any]:
    """How the wording reads with the examples, or why it cannot be sent."""
    try:
        check_text(kind, Text(text.subject.strip(), text.body))
    except Refused as refusal:
        return {"preview": None, "trouble": str(refusal)}
    examples = {**kind.examples, **dict.fromkeys(kind.secrets, HIDDEN)}
    return {"preview": filled(kind, text, examples), "trouble": ""}


@login_required
@require_POST
@never_cache
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The preview alone, while somebody types."""
    _person, _edition, kind = kind_for(request, key)
    return render(request, "web/template_preview.html", preview_of(kind, typed(request)))


@login_required
@require_POST
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """Send the kept wording, filled with the examples, to an address that is typed in."""
    person, edition, kind = kind_for(request, key)
    language = language_in(request)
    try:
        post_message(
            key,
            to=request.POST.get("address", ""),
            name=str(person),
            edition=edition.key,
            context=kind.examples,
            by=person,
            language=language,
        )
        messages.success(request, _("A sample is on its way; the outbox shows what becomes of it."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('outbox_template', args=[key])}?language={language}")
    return redirect("outbox")
