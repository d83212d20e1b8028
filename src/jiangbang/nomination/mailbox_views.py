"""The pages of the mailbox: what came, and what a person says about what waits."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.nomination import acts, mailbox_acts, mailbox_page, pages, policy
from jiangbang.nomination.access import edition_for, mail_for, person
from jiangbang.nomination.downloads import stream_of
from jiangbang.nomination.performing import perform
from jiangbang.register.acts import Refused


@login_required
@require_GET
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    """The last look into the mailbox, and what came."""
    context = mailbox_page.list_context(edition_for(request), request.GET)
    return render(request, "nomination/mailbox.html", context)


@login_required
@require_GET
@never_cache
def mail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One mail: who sent it, what is in it, what became of it; and the question, where it waits."""
    found = mail_for(request, pk)
    may = policy.may_receive_packets(person(request), found.edition)
    return render(request, "nomination/mail.html", {**mailbox_page.mail_context(found), "may_receive": may})


@login_required
@require_POST
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which unit a mail comes from."""
    found = mail_for(request, pk, policy.may_receive_packets)
    try:
        done = mailbox_acts.assign_mail(found, unit_code=request.POST.get("unit", ""), by=person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        unit = pages.unit_name(done.edition.spec.unit(done.unit_code))
        messages.success(request, _("The mail is received for %(unit)s.") % {"unit": unit})
    return redirect("mail_detail", found.pk)


@login_required
@require_POST
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a mail is no packet; the next one that waits comes up by the list."""
    found = mail_for(request, pk, policy.may_receive_packets)
    if perform(request, lambda: mailbox_acts.set_mail_aside(found, by=person(request)), _("The mail was set aside.")):
        return redirect("mail_list")
    return redirect("mail_detail", found.pk)


@login_required
@require_GET
@step_up.required
def original(request: HttpRequest, pk: UUID) -> FileResponse:
    """The message as it came, byte for byte."""
    found = mail_for(request, pk, policy.may_export)
    acts.note_download(found.subject_key, "mail.eml", edition=found.edition, by=person(request), sha256=found.sha256)
    response = FileResponse(stream_of(found.sha256), content_type="application/octet-stream")
    name = f"{found.arrived_at:%Y%m%d-%H%M%S}-{str(found.pk)[:8]}.eml"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
