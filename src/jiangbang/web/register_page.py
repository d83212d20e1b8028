"""The register as people read it: who did what when, and whether it is whole."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import may_read_register, roles_in
from jiangbang.nomination.code_labels import CODE_LABELS
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.nomination.pages import exact, label_of, unit_names
from jiangbang.nomination.policy import may_read_dossiers
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.export import export_register
from jiangbang.register.models import Entry
from jiangbang.register.queries import entries, head
from jiangbang.register.verification import verify_register
from jiangbang.review.models import Expert
from jiangbang.screening.lists_models import NameList
from jiangbang.screening.lists_words import kind_words
from jiangbang.web.register_words import FACT_LABELS, MOMENTS, UNSAID_FACTS, VALUE_LABELS, Labels

PAGE_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in words: its type, who, about what, and the facts that say something."""

    index: int
    at: datetime
    says: str
    actor: str
    subject: str
    href: str
    facts: tuple[tuple[str, Any], ...]
    leaf: str


def readable_edition(request: HttpRequest) -> Edition:
    """The chosen edition, for those who may read its register: 404 to outsiders, 403 to insiders without the right."""
    edition = chosen_edition(request)
    assert isinstance(request.user, User)
    if edition is None:
        raise Http404
    if not may_read_register(request.user, edition.key):
        if roles_in(request.user, edition.key):
            raise PermissionDenied
        raise Http404
    return edition


def said(rows: list[Entry], edition: Edition, *, names: bool) -> list[Said]:
    """Entries in words. Five queries at most, however many entries; people are named only to those who may read dossiers."""
    known = {f"user:{user.pk}": (str(user), "") for user in User.objects.filter(pk__in=_users(rows))}
    for number_key, number in Packet.objects.filter(pk__in=_keys(rows, "packet")).values_list("pk", "number"):
        known[f"packet:{number_key}"] = (number, reverse("packet_detail", args=[number_key]))
    if names:
        for pk, name in Dossier.objects.filter(pk__in=_keys(rows, "dossier")).values_list("pk", "name"):
            known[f"dossier:{pk}"] = (name, reverse("dossier_detail", args=[pk]))
        for pk, name in Intake.objects.filter(pk__in=_keys(rows, "intake")).values_list("pk", "file_name"):
            known[f"intake:{pk}"] = (name, reverse("packet_intake", args=[pk]))
        for mail in _keys(rows, "mail"):
            known[f"mail:{mail}"] = (gettext("a mail"), reverse("mail_detail", args=[mail]))
    for expert in Expert.objects.filter(pk__in=_keys(rows, "expert")):
        known[expert.subject] = (expert.code, "")
    units = unit_names(edition.spec)
    known |= {f"unit:{code}": (name, "") for code, name in units.items()}
    known[f"edition:{edition.key}"] = (edition.label, "")
    titles = {title.key: label_of(title) for title in edition.spec.titles}
    lists = _list_titles(rows)
    known |= {one: (title, reverse("screening_list", args=[one[5:]]) if names else "") for one, title in lists.items()}
    labels = {
        **VALUE_LABELS,
        "list_kind": kind_words(edition.spec),
        "list": lists,
        "replaced_by": lists,
        "unit": units,
        "title": titles,
        "field": {spec.key: label_of(spec) for spec in edition.spec.form},
    }
    return [_said(entry, known, labels) for entry in rows]


def _list_titles(rows: Iterable[Entry]) -> dict[str, str]:
    """The titles of lists that entries are about, or name in a fact, by how the register names them."""
    told = {str(entry.facts.get(fact, "")) for entry in rows for fact in ("list", "replaced_by")}
    keys = _keys(rows, "list") | {one.partition(":")[2] for one in told if one.startswith("list:")}
    found = NameList.objects.filter(pk__in=keys).values_list("pk", "title") if keys else ()
    return {f"list:{pk}": title for pk, title in found}


def _keys(rows: Iterable[Entry], kind: str) -> set[str]:
    return {entry.subject.partition(":")[2] for entry in rows if entry.subject.startswith(f"{kind}:")}


def _users(rows: Iterable[Entry]) -> set[str]:
    return _keys(rows, "user") | {entry.actor.removeprefix("user:") for entry in rows}


def _said(entry: Entry, known: dict[str, tuple[str, str]], labels: Labels) -> Said:
    _kind, _colon, key = entry.subject.partition(":")
    subject, href = known.get(entry.subject, (key if len(key) <= 12 else f"{key[:8]}…", ""))
    facts = tuple(
        (str(FACT_LABELS.get(name, name)), _flat(name, value, labels))
        for name, value in entry.facts.items()
        if name not in UNSAID_FACTS and value not in ("", [])
    )
    return Said(
        entry.index,
        entry.at,
        str(ENTRY_TYPES[entry.type].says) if entry.type in ENTRY_TYPES else entry.type,
        known.get(entry.actor, (entry.actor, ""))[0],
        subject,
        href,
        facts,
        bytes(entry.leaf_hash).hex(),
    )


def _flat(name: str, value: Any, labels: Labels) -> str:
    """A fact's value in words; figures in groups of three; what has no words of ours as it stands."""
    if isinstance(value, list):
        words = CODE_LABELS if name == "findings" else {}
        return gettext(", ").join(str(words.get(one, one)) for one in value)
    if name in MOMENTS:
        return exact(datetime.fromisoformat(str(value)), seconds=True)
    if name in labels:
        return str(labels[name].get(value, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def narrowed(query: Mapping[str, str]) -> QuerySet[Entry]:
    """Entries as the address narrows them, newest first."""
    kind = query.get("type", "")
    return entries().filter(type=kind) if kind in ENTRY_TYPES else entries()


def _page(request: HttpRequest, report: Any = None) -> HttpResponse:
    edition = readable_edition(request)
    kind = request.GET.get("type", "")
    page = keyset(
        narrowed(request.GET),
        ("-index",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE_ENTRIES,
    )
    from_types = [{"value": name, "label": one.says, "count": None} for name, one in ENTRY_TYPES.items()]
    assert isinstance(request.user, User)
    names = may_read_dossiers(request.user, edition)
    context = {
        "page": page,
        "entries": said(page.rows, edition, names=names),
        "head": head(),
        "report": report,
        "types": from_types,
        "type": kind,
        "public_url": settings.JIANGBANG_URL,
    }
    return render(request, "web/register.html", context)


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Who did what when, newest first, and the signed checkpoint."""
    return _page(request)


@login_required
@require_POST
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole tree and say in words whether the register is whole."""
    readable_edition(request)
    return _page(request, verify_register())


@login_required
@require_GET
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """The register as a zip that an outsider can check without this program."""
    readable_edition(request)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        export_register(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="register.zip"', "Cache-Control": "private, no-store"},
    )
