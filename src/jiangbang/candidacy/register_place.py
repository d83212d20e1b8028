"""Where a dossier stands in the register, for whoever it belongs to: the candidate, the unit, the office.

The page says the entry's place among all, the file proves it: with the file and the register's published key anybody can check, today
or in ten years, that this entry was written then and that nothing about it was changed.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.candidacy import policy
from jiangbang.candidacy.models import Candidacy
from jiangbang.kernel.log_proof import SUFFIX, LogProof
from jiangbang.nomination.access import person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import exact
from jiangbang.nomination.policy import may_read_dossiers
from jiangbang.nomination.queries import dossier_with_all
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.keys import signer
from jiangbang.register.models import Entry
from jiangbang.register.proofs import Altered, entry_proof

# The entries that say that a dossier's papers were taken in; what the office did with it since is not shown here.
TAKEN_IN = ("dossier.accepted", "dossier.waiting")
# and what the unit knows and its candidate may not yet
HELD = "dossier.held"


@login_required
@require_GET
@never_cache
def dossier_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The entry, its place, the signed checkpoint, and how to check it oneself."""
    dossier, entry, back = _found(request, pk)
    context: dict[str, Any] = {"dossier": dossier, "entry": entry, "back": back, "key": str(signer().verifier)}
    try:
        proof = entry_proof(entry)
    except Altered:
        return render(request, "candidacy/no_place.html", context, status=409)
    context |= {"rows": _rows(dossier, entry, proof), "proof": proof, "name": file_name(entry)}
    context |= {"place": entry.index + 1, "size": proof.checkpoint.split("\n", 2)[1]}
    return render(request, "candidacy/place.html", context)


@login_required
@require_GET
@never_cache
def dossier_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proof as a file (C2SP tlog-proof) that carries the entry. 409 where the register gives none."""
    _dossier, entry, _back = _found(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(entry)}"'}
    try:
        return HttpResponse(str(entry_proof(entry)), content_type="text/plain; charset=utf-8", headers=headers)
    except Altered:
        return HttpResponse(_no_proof(), content_type="text/plain; charset=utf-8", status=409)


def file_name(entry: Entry) -> str:
    """The name of the file, by the entry's place."""
    return f"jiangbang-{entry.index}{SUFFIX}"


def _no_proof() -> str:
    return _("The register gives no proof: it was altered by hand. Tell the discipline office.")


def _found(request: HttpRequest, pk: UUID) -> tuple[Dossier, Entry, str]:
    """The dossier, the newest entry that took it in, and the page to go back to: 404 to outsiders, 403 to others' units and candidates."""
    dossier, user = dossier_with_all(str(pk)), person(request)
    if dossier is None:
        raise Http404
    back, types = _admitted(user, dossier)
    entry = Entry.objects.filter(subject=dossier.subject, type__in=types).order_by("-index").first()
    if entry is None:
        raise Http404
    return dossier, entry, back


def _admitted(user: User, dossier: Dossier) -> tuple[str, tuple[str, ...]]:
    if may_read_dossiers(user, dossier.edition):
        return reverse("dossier_detail", args=[dossier.pk]), (*TAKEN_IN, HELD)
    if dossier.unit_code in scopes_in(user, dossier.edition.key, Role.UNIT):
        return reverse("unit_desk"), (*TAKEN_IN, HELD)
    for candidacy in Candidacy.objects.filter(dossier=dossier).select_related("edition").defer("edition__document"):
        if policy.is_candidate(user, candidacy):
            return reverse("candidacy_form", args=[candidacy.pk]), TAKEN_IN
    if roles_in(user, dossier.edition.key):
        raise PermissionDenied
    raise Http404


def _rows(dossier: Dossier, entry: Entry, proof: LogProof) -> list[dict[str, str]]:
    rows = [
        (_("Candidate"), dossier.name, "text"),
        (_("What"), str(ENTRY_TYPES[entry.type].says), "text"),
        (_("When"), exact(entry.at, seconds=True), "text"),
        (_("Hash of that entry"), bytes(entry.leaf_hash).hex(), "hash"),
        (_("Commitment to what was submitted"), entry.facts.get("commitment", ""), "hash"),
        (_("Key of the register"), str(signer().verifier), "hash"),
    ]
    return [{"label": label, "value": value, "kind": kind} for label, value, kind in rows if value] + [
        {
            "label": _("Proof"),
            "value": _("%(count)s hashes, %(size)s bytes") % {"count": len(proof.path), "size": f"{len(str(proof)):,}"},
            "kind": "text",
        }
    ]
