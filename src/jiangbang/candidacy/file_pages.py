"""Photo, evidence and scans of a candidacy: sent, shown, removed. Bytes are decrypted for whoever may read the draft."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.candidacy import files, policy, queries
from jiangbang.candidacy.access import candidacy_for
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination import evidence
from jiangbang.nomination.access import person
from jiangbang.nomination.pages import told
from jiangbang.register.acts import Refused

# Shown in the browser; everything else is downloaded.
_INLINE = frozenset({"image/jpeg", "image/png", "application/pdf"})
_SEALED_OFF = "default-src 'none'; img-src 'self'; object-src 'self'; sandbox"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: the photo that counts. POST: another one."""
    if request.method == "POST":
        return _place(request, candidacy_for(request, pk, policy.may_edit))
    candidacy = candidacy_for(request, pk, policy.may_read_paper)
    found = queries.attachments_of(candidacy, Attachment.Kind.PHOTO)
    if not found:
        raise Http404
    return file_response(found[0])


def _place(request: HttpRequest, candidacy: Candidacy) -> HttpResponse:
    fetched = request.headers.get("X-Requested-With") == "fetch"
    try:
        saved = files.place_photo(candidacy, _sent(request), by=person(request))
    except Refused as refusal:
        if fetched:
            return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return redirect("candidacy_form", candidacy.pk)
    except OSError:
        return _full(request, candidacy, fetched)
    if not fetched:
        return redirect("candidacy_form", candidacy.pk)
    record, spec = queries.record_of(candidacy), candidacy.edition.spec
    findings = [
        {"severity": one.severity, "message": one.message}
        for one in told(queries.form_findings(record, spec))
        if one.field == saved.key
    ]
    time = f"{timezone.localtime(saved.at):%H:%M}"
    return JsonResponse({"version": saved.version, "time": time, "findings": {saved.key: findings}})


def _sent(request: HttpRequest) -> UploadedFile[Any]:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("nothing", _("No file was chosen."))
    return upload


def _full(request: HttpRequest, candidacy: Candidacy, fetched: bool) -> HttpResponse:
    sentence = _("The storage is full; nothing was received. Tell the operator.")
    if fetched:
        return JsonResponse({"code": "storage", "message": sentence}, status=507)
    messages.error(request, sentence)
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_POST
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Files that prove a claim, or pages with the employer's seal (`claim` is `scan`). Answers with the claim's list to the script."""
    candidacy = candidacy_for(request, pk, policy.may_edit)
    claim, by = request.POST.get("claim", ""), person(request)
    refused = ""
    try:
        for upload in request.FILES.getlist("file") or [_sent(request)]:
            if claim == "scan":
                files.add_scan(candidacy, upload, by=by)
            else:
                files.add_evidence(candidacy, claim, upload, by=by)
    except Refused as refusal:
        refused = str(refusal)
    except OSError:
        refused = _("The storage is full; nothing was received. Tell the operator.")
    return _answered(request, candidacy, claim, refused)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """Take a file away."""
    candidacy = candidacy_for(request, pk, policy.may_edit)
    found = candidacy.attachments.filter(pk=file).first()
    refused = ""
    try:
        files.remove_file(candidacy, file, by=person(request))
    except Refused as refusal:
        refused = str(refusal)
    claim = found.claim if found is not None and found.kind == Attachment.Kind.EVIDENCE else "scan"
    return _answered(request, candidacy, claim, refused)


def _answered(request: HttpRequest, candidacy: Candidacy, claim: str, refused: str) -> HttpResponse:
    """The claim's list of files for htmx; else back to the form."""
    if request.headers.get("HX-Request") == "true" and claim != "scan":
        held = queries.evidence_by_claim(candidacy).get(claim, [])
        context = {"candidacy": candidacy, "claim": claim, "files": held, "refused": refused, "unfolded": True}
        return render(request, "candidacy/evidence.html", context)
    if refused:
        messages.error(request, refused)
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_GET
@never_cache
def file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """One file as it was sent."""
    candidacy = candidacy_for(request, pk, policy.may_read_paper)
    found = candidacy.attachments.filter(pk=file, replaced_at__isnull=True).first()
    if found is None:
        raise Http404
    return file_response(found)


def file_response(found: Attachment) -> HttpResponse:
    """A stranger's bytes: never sniffed, never run, never kept by a cache."""
    way = "inline" if found.media_type in _INLINE else "attachment"
    return HttpResponse(
        evidence.read_bytes(found.sha256),
        content_type=found.media_type,
        headers={
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(found.file_name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": _SEALED_OFF,
            "Cache-Control": "private, no-store",
        },
    )
