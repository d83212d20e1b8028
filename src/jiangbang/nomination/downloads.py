"""Papers that leave the house: official layouts, originals, photos, lists. Each that carries personal data is registered first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import acts, evidence, policy
from jiangbang.nomination.access import dossier_for, edition_for, packet_for, person
from jiangbang.nomination.dossiers import full_record, sealed_values
from jiangbang.nomination.models import Dossier, Revision, StoredFile
from jiangbang.nomination.queries import packet_revisions
from jiangbang.nomination.reading_log import note_reads
from jiangbang.papers.archive import Refused as CannotRead
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.packet import MemberMissing, extract_member
from jiangbang.papers.roster_writer import RosterKind, write_roster
from jiangbang.programme.models import Edition

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROSTER_TYPES: dict[RosterKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": DOCX,
}
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})


def attachment(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes as a download whose name may be Chinese (RFC 6266), never sniffed and never kept by a cache."""
    return HttpResponse(
        body,
        content_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _roster(revisions: Iterable[Revision], edition: Edition, unit: UnitSpec, kind: str) -> bytes:
    if kind not in ROSTER_TYPES:
        raise Http404
    # nothing of an erased person is left that a roster could say
    records = [full_record(revision) for revision in revisions if revision.person.wrapped_key]
    return write_roster(records, edition.spec.form, unit=unit.name, kind=kind)


@login_required
@require_GET
@step_up.required
def packet_roster(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The roster of a packet's people in the official layout."""
    packet = packet_for(request, pk, policy.may_export)
    by_row = packet_revisions(packet).order_by(F("roster_row").asc(nulls_last=True), "pk")
    shown = list(by_row.select_related("dossier__edition", "person"))
    body = _roster(shown, packet.edition, packet.unit, kind)
    note_reads([one.dossier_id for one in shown], "roster", by=person(request))
    acts.note_download(f"packet:{packet.pk}", f"roster.{kind}", edition=packet.edition, by=person(request))
    word = _("roster")
    name = f"{packet.unit.short_name}+{word}+{packet.number}.{kind}"
    return attachment(body, name, ROSTER_TYPES[kind])  # type: ignore[index]  # checked in _roster


@login_required
@require_GET
@step_up.required
def unit_roster(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The roster of all accepted people of a unit, from their accepted revisions, in the order of acceptance."""
    edition = edition_for(request, policy.may_export)
    unit = next((unit for unit in edition.spec.units if unit.code == code), None)
    if unit is None:
        raise Http404
    accepted = Revision.objects.filter(
        dossier__edition=edition, dossier__unit_code=code, dossier__state=Dossier.State.ACCEPTED
    ).filter(pk__in=Dossier.objects.filter(edition=edition, unit_code=code).values("accepted_revision"))
    rows = accepted.select_related("dossier__edition", "person").order_by("packet__sequence", "roster_row", "source")
    shown = list(rows)
    body = _roster(shown, edition, unit, kind)
    note_reads([one.dossier_id for one in shown], "roster", by=person(request))
    acts.note_download(f"unit:{code}", f"roster.{kind}", edition=edition, by=person(request))
    word = _("roster")
    return attachment(body, f"{unit.short_name}+{word}.{kind}", ROSTER_TYPES[kind])  # type: ignore[index]


@login_required
@require_GET
@step_up.required
def packet_original(request: HttpRequest, pk: int) -> FileResponse:
    """The packet as it came in, byte for byte."""
    packet = packet_for(request, pk, policy.may_export)
    evidence.require(packet.sha256)
    note_reads(set(packet.revisions.values_list("dossier", flat=True)), "original", by=person(request))
    acts.note_download(
        f"packet:{packet.pk}", "original", edition=packet.edition, by=person(request), sha256=packet.sha256
    )
    response = FileResponse(stream_of(packet.sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(packet.file_name, safe='')}"
    response.headers["Content-Length"] = str(packet.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def stream_of(sha256: str) -> Iterator[bytes]:
    """The plain bytes of a stored file, piece by piece."""
    with evidence.open_plain(sha256) as plain:
        while block := plain.read(evidence.CHUNK):
            yield block


@login_required
@require_GET
@never_cache
def dossier_photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The photo of the newest revision, for the dossier's own page; the register keeps who looked, once a day."""
    dossier = dossier_for(request, pk, policy.may_reveal)
    sha256 = dossier.revision.photo_sha256 if dossier.revision else ""
    stored = StoredFile.objects.filter(pk=sha256).first() if sha256 else None
    if stored is None or stored.media_type not in PHOTO_TYPES:
        raise Http404
    body = evidence.read_bytes(sha256)
    acts.note_photo_look(dossier, by=person(request))
    return HttpResponse(
        body,
        content_type=stored.media_type,
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"},
    )


@login_required
@require_GET
@step_up.required
def dossier_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form written again in the official layout."""
    dossier = dossier_for(request, pk, policy.may_export)
    revision = dossier.revision
    if revision is None:
        raise Http404
    photo = evidence.read_bytes(revision.photo_sha256) if revision.photo_sha256 else None
    sealed_values(revision)  # Erased where nothing is left to write
    record, form = full_record(revision), dossier.edition.spec.form
    try:
        body = write_form(record, form, photo=photo)
    except ValueError:
        # a picture that Word could hold and we cannot place (a metafile): the form goes out without it, and the page says so
        body = write_form(record, form, photo=None)
        messages.warning(request, _("The photo is of a kind that cannot be placed; the form was written without it."))
    note_reads([dossier.pk], "form", by=person(request))
    acts.note_download(dossier.subject, "form.docx", edition=dossier.edition, by=person(request))
    word = _("form")
    return attachment(body, f"{dossier.name or dossier.pk}+{word}.docx", DOCX)


@login_required
@require_GET
@step_up.required
def dossier_original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form as the unit sent it, taken out of its packet in a child process; byte for byte."""
    dossier = dossier_for(request, pk, policy.may_export)
    revision = dossier.revision
    if revision is None or not revision.source:
        raise Http404
    packet = revision.packet
    if revision.source == packet.file_name:
        return redirect("packet_original", packet.pk)
    try:
        with evidence.plain_copy(packet.sha256, suffix=PurePosixPath(packet.file_name).suffix) as path:
            body = extract_member(path, revision.source)
    except (MemberMissing, CannotRead):
        messages.error(request, _("The form could not be taken out of its packet. Download the packet as received."))
        return redirect("dossier_detail", dossier.pk)
    note_reads([dossier.pk], "original", by=person(request))
    acts.note_download(dossier.subject, "original", edition=dossier.edition, by=person(request))
    return attachment(body, PurePosixPath(revision.source).name, "application/octet-stream")
