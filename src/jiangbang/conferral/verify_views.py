"""The public page that checks certificates: by QR code, by the PDF, by what stands in the code, by the number."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from jiangbang.conferral.award_models import Award
from jiangbang.conferral.issuers import issuer_keys
from jiangbang.conferral.revoking import revoked_numbers
from jiangbang.kernel.statement import Finding, Verdict, check_token, keys_document, revoked_document, token_in
from jiangbang.papers.findings import Language
from jiangbang.papers.signature import MAX_PDF, check_pdf
from jiangbang.papers.verdicts import REASONS, sentence_of, word_of


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The page. A browser that can checks by itself and sends nothing; else it posts the code or the file, which is not kept."""
    number = request.POST.get("number", "").strip().replace("\0", "")[:100]
    finding = _asked(request) if request.method == "POST" and not number else None
    context: dict[str, Any] = {
        "verdicts": [_worded(Finding(verdict)) for verdict in Verdict],
        "reasons": {
            reason: sentence_of(Finding(Verdict.ALTERED, reason=reason), _language()) for reason in sorted(REASONS)
        },
        "found": _worded(finding) if finding else None,
        "number": number,
        "award": Award.objects.select_related("edition").filter(number=number).first() if number else None,
        "most": MAX_PDF // 1_000_000,
    }
    return render(request, "conferral/verify.html", context)


@require_GET
@cache_control(public=True, max_age=300)
def verify_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """The issuer's public keys, for this page and for whoever checks elsewhere."""
    response = JsonResponse(keys_document(issuer_keys()), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_GET
@cache_control(public=True, no_cache=True)
def verify_revoked(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The numbers of certificates that no longer count, as of now."""
    document = revoked_document(revoked_numbers(), timezone.localtime().isoformat(timespec="seconds"))
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _asked(request: HttpRequest) -> Finding:
    """What is to be thought of what was sent."""
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile) and file.size:
        return check_pdf(file.read(MAX_PDF + 1), issuer_keys(), revoked_numbers())
    return check_token(token_in(request.POST.get("code", "")[:10_000]), issuer_keys(), revoked_numbers())


def _worded(finding: Finding) -> dict[str, Any]:
    """A finding with its words in the language of the page."""
    return {
        "verdict": finding.verdict.value,
        "word": word_of(finding.verdict, _language()),
        "sentence": sentence_of(finding, _language()),
        "statement": finding.statement,
        "vouched": finding.verdict in (Verdict.GENUINE, Verdict.REVOKED),
    }


def _language() -> Language:
    return "zh" if (get_language() or "").startswith("zh") else "en"
