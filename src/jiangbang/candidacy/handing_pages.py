"""Handing over: to the employer and back, the employer's own page, the form as a paper, and leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.candidacy import acts, handing, policy, queries
from jiangbang.candidacy.access import candidacy_for
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.proofs import proofs_of
from jiangbang.candidacy.views import frame_of
from jiangbang.nomination import evidence
from jiangbang.nomination.access import person
from jiangbang.nomination.downloads import DOCX, attachment
from jiangbang.nomination.pages import unit_name
from jiangbang.nomination.performing import perform
from jiangbang.papers.nomination_form import write_form
from jiangbang.register.acts import Refused


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form as it will stand on paper."""
    candidacy = candidacy_for(request, pk, policy.may_read_paper)
    return render(request, "candidacy/paper.html", {"candidacy": candidacy, **paper_of(candidacy)})


def paper_of(candidacy: Candidacy) -> dict[str, Any]:
    """What the paper says: the record with its labels in the order of the form."""
    record, form = queries.record_of(candidacy), candidacy.edition.spec.form
    lines = {
        spec.key: {
            "key": spec.key,
            "label": spec.label,
            "kind": spec.kind,
            "value": written(spec.kind, record[spec.key]),
        }
        for spec in form
        if spec.on_form and spec.kind not in ("opinions", "image")
    }
    opinions = next((spec for spec in form if spec.kind == "opinions"), None)
    said = record[opinions.key] if opinions else None
    given = said if isinstance(said, dict) else {}
    who = ("employer", "unit", "leading_group")
    short = [line for line in lines.values() if line["kind"] not in ("items", "long_text")]
    return {
        "title": form.title,
        "short": short,
        "long": [line for line in lines.values() if line not in short],
        "opinions": [
            {"label": label, "said": given.get(key)}
            for key, label in zip(who, opinions.aliases if opinions else (), strict=False)
        ],
        "has_photo": any(spec.kind == "image" and record[spec.key] for spec in form),
    }


def written(kind: str, value: Any) -> Any:
    """A value as the paper has it; the paper is Chinese in every language."""
    if value is None:
        return ""
    if kind == "gender":
        return {"male": "男", "female": "女"}.get(value, value)
    if kind == "month" and len(str(value)) == 7:
        return str(value).replace("-", ".")
    return value


@login_required
@require_GET
@never_cache
def docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form in the official layout, to be printed and sealed."""
    candidacy = candidacy_for(request, pk, policy.may_read_paper)
    photos = queries.attachments_of(candidacy, Attachment.Kind.PHOTO)
    photo = evidence.read_bytes(photos[0].sha256) if photos else None
    body = write_form(queries.record_of(candidacy), candidacy.edition.spec.form, photo=photo)
    word = _("form")
    return attachment(body, f"{candidacy.name}+{word}.docx", DOCX)


@login_required
@require_POST
@sensitive_post_parameters()
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the form to the employer, by link or on paper."""
    candidacy = candidacy_for(request, pk, policy.may_edit)
    address = request.POST.get("address", "").strip() if request.POST.get("way") != "paper" else ""
    try:
        if request.POST.get("way") == "link" and not address:
            raise Refused("no_address", _("Give the e-mail address of whoever confirms for the employer."))
        handing.hand_to_employer(candidacy, by=person(request), name=request.POST.get("name", ""), address=address)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Handed over. The link is on its way to the employer.")
            if address
            else _("Handed over. Print the form, have it sealed, and upload it here."),
        )
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_POST
def confirm_scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sealed form has been uploaded: hand it on to the unit."""
    candidacy = candidacy_for(request, pk, policy.may_edit)
    opinion, by = request.POST.get("opinion", ""), person(request)
    said = _("Handed on to the recommending unit.")
    perform(request, lambda: handing.confirm_by_scan(candidacy, opinion, by=by), said)
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_POST
def call_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the form back to change it."""
    candidacy = candidacy_for(request, pk, policy.is_candidate)
    said = _("The form is with you again. Hand it over once more when you have changed it.")
    perform(request, lambda: handing.call_back(candidacy, by=person(request)), said)
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the candidacy."""
    candidacy = candidacy_for(request, pk, policy.is_candidate)
    said = _("Your candidacy has been withdrawn and what you wrote has been erased.")
    perform(request, lambda: acts.withdraw(candidacy, by=person(request)), said)
    return redirect("candidacy_form", candidacy.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def employer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The employer's page: read the paper, write the opinion, confirm in the name of the firm or return it."""
    candidacy = candidacy_for(request, pk, policy.may_confirm)
    opinion, remark = request.POST.get("opinion", ""), request.POST.get("remark", "")
    if request.method == "POST":
        try:
            _answer(request, candidacy, opinion, remark)
            return redirect("candidacy_employer", candidacy.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    shown = policy.may_read_paper(person(request), candidacy)
    context = {
        "candidacy": candidacy,
        "edition": candidacy.edition,
        "unit": unit_name(candidacy.unit),
        "waits": candidacy.state == Candidacy.State.WITH_EMPLOYER,
        "confirmed": candidacy.confirmed_at,
        "opinion": opinion,
        "remark": remark,
        "limit": handing.OPINION_LENGTH,
        "proofs": proofs_of(queries.attachments_of(candidacy, Attachment.Kind.EVIDENCE), candidacy.edition.spec),
        **({**paper_of(candidacy), **frame_of(request, candidacy, answers_of(candidacy))} if shown else {}),
        "shown": shown,
    }
    return render(request, "candidacy/employer.html", context)


def _answer(request: HttpRequest, candidacy: Candidacy, opinion: str, remark: str) -> None:
    if request.POST.get("answer") == "return":
        handing.return_by_employer(candidacy, remark, by=person(request))
        messages.success(request, _("Returned to the candidate with your remark."))
        return
    if request.POST.get("entitled") != "yes":
        raise Refused("not_entitled", _("Tick that you may speak for the employer."))
    handing.confirm_as_employer(candidacy, opinion, by=person(request))
    messages.success(request, _("Confirmed. The form has gone on to the recommending unit. Thank you."))
