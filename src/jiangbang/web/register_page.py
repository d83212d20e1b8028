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

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import may_read_register, roles_in
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.consultation.models import Question
from jiangbang.decision.models import MemberRecusal, Round
from jiangbang.nomination.code_labels import CODE_LABELS, FILE_LABELS, REFUSAL_LABELS
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
from jiangbang.review.models import Expert, Recusal
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.lists_models import NameList
from jiangbang.screening.lists_words import kind_words

PAGE_ENTRIES = 50
# Facts that say nothing to a reader of the list; they stand in the export.
# fmt: off
UNSAID_FACTS = frozenset({
    "commitment", "photo", "sha256", "programme_sha256", "previous_sha256", "evidence", "rests_on", "claim", "declaration", "scores",
    "other", "first",
})
# fmt: on
# Facts that are moments, kept in UTC.
MOMENTS = frozenset({"deadline", "previous", "arrived", "due"})
# Who spoke, in facts that say so by a word.
SPEAKERS = {
    "candidate": _("candidate"),
    "unit": _("recommending unit"),
    "office": _("the office"),
    "employer": _("employer"),
    "link": _("a link"),
    "scan": _("a sealed scan"),
    "expert": _("the expert"),
    "recommender": _("whoever recommended"),
    "own": _("the member"),
}
# Facts whose values are words of ours.
Labels = Mapping[str, Mapping[Any, Any]]
YES_NO = {True: _("yes"), False: _("no")}
YES_OR_NO = ("optimal", "substitute", "added", "late", "upheld", "called", "worked", "sealed", "on_paper", "redacted")
VALUE_LABELS: Labels = {
    **dict.fromkeys(YES_OR_NO, YES_NO),
    "verdict": dict(Packet.Verdict.choices),
    "role": dict(Role.choices),
    "reason": {**REFUSAL_LABELS, "recusal": _("recusal"), "released": _("released")},
    "mode": dict(Round.Mode.choices),
    "method": {"calibrated": _("calibrated"), "mean": _("mean"), "trimmed": _("trimmed mean")},
    "code": REFUSAL_LABELS,
    "file": FILE_LABELS,
    "anonymous": {True: _("yes")},
    "vague": {True: _("yes")},
    "part": {"handler": _("handler"), "decider": _("decider")},
    "what": {"identity": _("who objects"), "file": _("a file")},
    "value": {"met": _("met"), "not_met": _("not met"), "open": _("open"), "waived": _("waived")},
    "answer": {"eligible": _("eligible"), "not_eligible": _("not eligible")},
    "state": {**dict(Candidacy.State.choices), **dict(Recusal.State.choices)},
    "kind": {**dict(Recusal.Kind.choices), **dict(MemberRecusal.Kind.choices), **dict(Attachment.Kind.choices)},
    "origin": dict(Recusal.Origin.choices),
    "as": SPEAKERS,
    "source": SPEAKERS,
    "sender": SPEAKERS,
    "way": SPEAKERS,
    "likeness": dict(DuplicatePair.Kind.choices),
    "decision": {**dict(DuplicatePair.Decision.choices), **dict(Question.Decision.choices)},
    "channel": {
        "web": _("the web"),
        "cli": _("the command line"),
        "mail": _("the mailbox"),
        "answer": _("an answer"),
        "letter": _("a letter"),
        "telephone": _("telephone"),
        "paper": _("paper"),
    },
}
FACT_LABELS = {
    "username": _("account"),
    "role": _("role"),
    "scope": _("held for"),
    "expires": _("valid until"),
    "changed": _("changed"),
    "size": _("bytes"),
    "unit": _("unit"),
    "channel": _("by way of"),
    "reason": _("reason"),
    "deadline": _("deadline"),
    "code": _("reason"),
    "number": _("number"),
    "verdict": _("verdict"),
    "members": _("files"),
    "accepted": _("accepted"),
    "waiting": _("to be mended"),
    "held": _("held back"),
    "title": _("title"),
    "on_paper": _("handed over on paper"),
    "late": _("late"),
    "late_reason": _("reason"),
    "late_by": _("accepted late by"),
    "previous": _("before"),
    "arrived": _("came at"),
    "packet": _("packet"),
    "revision": _("revision"),
    "findings": _("findings"),
    "by": _("by"),
    "packets": _("packets"),
    "template": _("template"),
    "language": _("language"),
    "attachments": _("files"),
    "times": _("times"),
    "version": _("version"),
    "called": _("call is public"),
    "worked": _("worked"),
    "year": _("year"),
    "date": _("day"),
    "units": _("units"),
    "count": _("count"),
    "job": _("work"),
    "key": _("key"),
    "valid_from": _("valid from"),
    "issued": _("day of issue"),
    "resolution": _("by resolution"),
    "valid_until": _("valid until"),
    "field": _("field"),
    "file": _("file"),
    "dossier": _("dossier"),
    "dossiers": _("dossiers"),
    "screener": _("screener"),
    "clause": _("clause"),
    "clauses": _("clauses"),
    "value": _("ruled"),
    "answer": _("conclusion"),
    "keys": _("what"),
    "source": _("said by"),
    "as": _("as"),
    "kind": _("kind"),
    "purpose": _("purpose"),
    "purposes": _("purposes"),
    "state": _("state before"),
    "sender": _("sent back by"),
    "way": _("by way of"),
    "sealed": _("sealed"),
    "items": _("things to mend"),
    "due": _("until"),
    "people": _("people"),
    "pages": _("pages"),
    "replaces": _("replaces"),
    "likeness": _("likeness"),
    "decision": _("decision"),
    "score": _("in thousandths"),
    "returned_revision": _("revision that was returned"),
    "panel": _("panel"),
    "body": _("body"),
    "substitute": _("substitute"),
    "mode": _("way of voting"),
    "seats": _("seats"),
    "candidates": _("people standing"),
    "group": _("members of the group"),
    "present": _("people present"),
    "cast": _("ballots in"),
    "elected": _("people elected"),
    "tied": _("people with equal votes"),
    "reserve": _("reserve list"),
    "place": _("place"),
    "origin": _("origin"),
    "optimal": _("proven best"),
    "points": _("points apart"),
    "redacted": _("blacked out"),
    "at_most": _("no pair likelier than, in percent"),
    "seed": _("seed of the lot"),
    "list_kind": _("for"),
    "rows": _("rows"),
    "wrong_rows": _("rows with something wrong"),
    "replaced_by": _("replaced by"),
    "found": _("found for sure"),
    "near": _("likely"),
    "gone": _("no longer on a list"),
    "list": _("list"),
    "row": _("row"),
    "alike": _("alike, of 100"),
    "method": _("method"),
    "rank": _("rank"),
    "added": _("put on"),
    "deviations": _("deviations"),
    "case": _("case"),
    "day": _("last day"),
    "first_day": _("first day"),
    "last_day": _("last day"),
    "part": _("as"),
    "what": _("looked at"),
    "anonymous": _("anonymous"),
    "vague": _("names no fact"),
    "upheld": _("upheld"),
    "department": _("department"),
    "category": _("category"),
    "was": _("before"),
    "concerns": _("concerns"),
}


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
