"""Papers that leave the house: official layouts, originals, photos, lists. Each that carries personal data is registered first."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import acts, evidence, pages, policy
from jiangbang.nomination.access import dossier_for, edition_for, packet_for, person
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.listing import Listing, all_rows
from jiangbang.nomination.models import Dossier, Revision, StoredFile
from jiangbang.nomination.queries import packet_revisions
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
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
    records = [full_record(revision) for revision in revisions]
    return write_roster(records, edition.spec.form, unit=unit.name, kind=kind)


@login_required
@require_GET
def packet_roster(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The roster of a packet's people in the official layout."""
    packet = packet_for(request, pk, policy.may_export)
    by_row = packet_revisions(packet).order_by(F("roster_row").asc(nulls_last=True), "pk")
    body = _roster(by_row.select_related("dossier__edition", "person"), packet.edition, packet.unit, kind)
    acts.note_download(f"packet:{packet.pk}", f"roster.{kind}", edition=packet.edition, by=person(request))
    word = _("roster")
    name = f"{packet.unit.short_name}+{word}+{packet.number}.{kind}"
    return attachment(body, name, ROSTER_TYPES[kind])  # type: ignore[index]  # checked in _roster


@login_required
@require_GET
def unit_roster(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The roster of all accepted people of a unit, from their accepted revisions, in the order of acceptance."""
    edition = edition_for(request, policy.may_export)
    unit = next((unit for unit in edition.spec.units if unit.code == code), None)
    if unit is None:
        raise Http404
    accepted = Revision.objects.filter(
        dossier__edition=edition, dossier__unit_code=code, dossier__state=Dossier.State.ACCEPTED
    ).filter(pk__in=Dossier.objects.filter(edition=edition, unit_code=code).values("accepted_revision"))
    body = _roster(
        accepted.select_related("dossier__edition", "person").order_by("packet__sequence", "roster_row", "source"),
        edition,
        unit,
        kind,
    )
    acts.note_download(f"unit:{code}", f"roster.{kind}", edition=edition, by=person(request))
    word = _("roster")
    return attachment(body, f"{unit.short_name}+{word}.{kind}", ROSTER_TYPES[kind])  # type: ignore[index]


@login_required
@require_GET
def packet_original(request: HttpRequest, pk: int) -> FileResponse:
    """The packet as it came in, byte for byte."""
    packet = packet_for(request, pk, policy.may_export)
    acts.note_download(
        f"packet:{packet.pk}", "original", edition=packet.edition, by=person(request), sha256=packet.sha256
    )
    response = FileResponse(_stream(packet.sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(packet.file_name, safe='')}"
    response.headers["Content-Length"] = str(packet.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _stream(sha256: str) -> Iterator[bytes]:
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
def dossier_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form written again in the official layout."""
    dossier = dossier_for(request, pk, policy.may_export)
    revision = dossier.revision
    if revision is None:
        raise Http404
    photo = evidence.read_bytes(revision.photo_sha256) if revision.photo_sha256 else None
    record, form = full_record(revision), dossier.edition.spec.form
    try:
        body = write_form(record, form, photo=photo)
    except ValueError:
        # a picture that Word could hold and we cannot place (a metafile): the form goes out without it, and the page says so
        body = write_form(record, form, photo=None)
        messages.warning(request, _("The photo is of a kind that cannot be placed; the form was written without it."))
    acts.note_download(dossier.subject, "form.docx", edition=dossier.edition, by=person(request))
    word = _("form")
    return attachment(body, f"{dossier.name or dossier.pk}+{word}.docx", DOCX)


@login_required
@require_GET
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
    acts.note_download(dossier.subject, "original", edition=dossier.edition, by=person(request))
    return attachment(body, PurePosixPath(revision.source).name, "application/octet-stream")


class _Echo:
    """A file that gives back what is written to it, so that rows are sent as they are made."""

    def write(self, value: str) -> str:
        return value


def plain_cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@login_required
@require_GET
def dossiers_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as filtered, open fields only, as CSV with a byte-order mark (Excel reads Chinese by it). Memory stays flat."""
    edition = edition_for(request, policy.may_export)
    acts.note_download(f"edition:{edition.key}", "dossiers.csv", edition=edition, by=person(request))
    rows = all_rows(edition, Listing.from_query(request.GET)).iterator(chunk_size=2000)
    response = StreamingHttpResponse(
        _csv_lines(rows, pages.unit_names(edition.spec)), content_type="text/csv; charset=utf-8"
    )
    name = quote(_("dossiers"))
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.csv"
    return response


def _csv_lines(rows: Iterable[dict[str, Any]], units: dict[str, str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    states = dict(Dossier.State.choices)
    yield "\ufeff" + writer.writerow(
        [_("Name"), _("Employer and position"), _("Unit"), _("Industry class"), _("State"), _("To mend"), _("Changed")]
    )
    for row in rows:
        cells = (
            row["name"],
            row["employer"],
            units.get(row["unit_code"], row["unit_code"]),
            row["industry_class"],
            states[row["state"]],
            row["block_count"],
            pages.exact(row["updated_at"]),
        )
        yield writer.writerow([plain_cell(cell) for cell in cells])
