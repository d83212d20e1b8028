"""What a submitted dossier's candidate proved, for the office: the files that stood when it was submitted, by the claim that they prove.

A file is looked at one by one, after the step-up, and each look is registered: certificates carry what the dossier's page masks.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.accounts.models import User
from jiangbang.candidacy.file_pages import file_response
from jiangbang.candidacy.models import Attachment
from jiangbang.candidacy.proofs import proofs_of
from jiangbang.nomination import policy
from jiangbang.nomination.access import dossier_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.reading_log import note_reads
from jiangbang.register.acts import Refused, act, record


def submitted_files(dossier: Dossier) -> QuerySet[Attachment]:
    """The files that stood when the accepted revision was submitted, oldest first: what came or went later is of the next one."""
    revision = dossier.accepted_revision or dossier.revision
    if revision is None:
        return Attachment.objects.none()
    at = revision.created_at
    stood = Q(added_at__lte=at) & (Q(replaced_at__isnull=True) | Q(replaced_at__gt=at))
    return (
        Attachment.objects.filter(stood, candidacy__dossier=dossier)
        .exclude(kind=Attachment.Kind.PHOTO)
        .order_by("added_at", "pk")
    )


@act("evidence.opened")
def open_evidence(dossier: Dossier, attachment: Attachment, *, by: User) -> None:
    """Register that somebody opens a file of a submitted dossier. Call before the bytes are sent. Refused: `permission`."""
    if not policy.may_reveal(by, dossier.edition):
        raise Refused("permission", _("You may not see sensitive values in this edition."))
    note_reads([dossier.pk], "evidence", by=by)
    facts = {"kind": attachment.kind, "claim": attachment.claim, "sha256": attachment.sha256}
    record("evidence.opened", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)


@login_required
@require_GET
@never_cache
def dossier_evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of files alone, for pages of packages below this one."""
    dossier = dossier_for(request, pk)
    context = {"dossier": dossier, "proofs": proofs_of(submitted_files(dossier), dossier.edition.spec)}
    return render(request, "candidacy/proofs.html", context)


@login_required
@require_GET
@never_cache
@step_up.required
def dossier_file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """One file as the candidate or the unit sent it."""
    dossier = dossier_for(request, pk, policy.may_reveal)
    found = submitted_files(dossier).filter(pk=file).first()
    if found is None:
        raise Http404
    open_evidence(dossier, found, by=person(request))
    return file_response(found)
