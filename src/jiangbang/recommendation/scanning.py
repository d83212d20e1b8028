"""Scans of sealed forms: kept as they came, shown page by page upright and straight, turned by hand where the camera was wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy import attaching
from jiangbang.candidacy.acts import locked
from jiangbang.candidacy.drafts import UNIT_OPINION, answer_of, write_answer
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.queries import attachments_of
from jiangbang.nomination import evidence
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import StoredFile, register_facts
from jiangbang.papers.scan import MAX_BYTES, MAX_PAGES, ScanFault, ScanRefused, scan_pages
from jiangbang.papers.scan import ScanPage as ReadPage
from jiangbang.papers.uploads import Seen
from jiangbang.recommendation.acts import refuse_frozen, refuse_others
from jiangbang.recommendation.models import ScanPage
from jiangbang.register.acts import Refused, act, record

UNIT_SCAN = Attachment.Kind.UNIT_SCAN
SCAN_KINDS = (Attachment.Kind.EMPLOYER_SCAN, Attachment.Kind.UNIT_SCAN)
# States in which the unit may still bring the sealed form.
_MAY_BRING = (Candidacy.State.WITH_UNIT,)


def scan_sentence(reason: ScanFault, name: str) -> str:
    """Why no page of a file can be shown, and what to do."""
    sentences: dict[ScanFault, str] = {
        "empty": _("%(name)s is empty. Nothing was added."),
        "too_large": _("%(name)s is too large. Take the photo with fewer pixels, or scan with 200 dots per inch."),
        "too_many_pages": _("%(name)s has more than %(pages)s pages. A sealed form has two; bring only those."),
        "kind": _(
            "%(name)s is neither a photo (JPEG, PNG, TIFF) nor a PDF. An iPhone's HEIC: choose “most compatible”."
        ),
        "encrypted": _("%(name)s has a password. Save it without one, then bring it again."),
        "damaged": _("%(name)s is damaged or was sent in part. Take or scan it again."),
        "time": _("%(name)s took too long to read. Take or scan it again, smaller."),
    }
    return sentences[reason] % {"name": name, "pages": MAX_PAGES}


def bring_scan(candidacy: Candidacy, uploads: Sequence[UploadedFile[Any]], *, by: User) -> list[Attachment]:
    """Read the sealed form in a child process, keep the originals, and put them in the place of those brought before.

    Several photos are the pages of one form, in the order given. Refused: `permission`; `late`; `not_with_unit`; `no_file`; `scan` for a
    file of which no page can be shown. Raises OSError (disk full).
    """
    refuse_bringing(candidacy, by=by)
    if not uploads:
        raise Refused("no_file", _("No file was chosen. Choose the scan or the photos of the sealed form."))
    read = [_read(upload) for upload in uploads[:MAX_PAGES]]
    return _keep_scan(candidacy, read, by=by)


def refuse_bringing(candidacy: Candidacy, *, by: User) -> None:
    """Refused: `permission`, `late`, `not_with_unit`."""
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    refuse_frozen(candidacy)
    if candidacy.state not in _MAY_BRING:
        raise Refused("not_with_unit", _("This form does not lie with the unit now."))


Read = tuple[str, bytes, list[ReadPage]]


def _read(upload: UploadedFile[Any]) -> Read:
    """Name, bytes and pages of what was sent."""
    name = upload.name or "scan"
    if (upload.size or 0) > MAX_BYTES:
        raise Refused("scan", scan_sentence("too_large", name))
    data = upload.read()
    try:
        return name, data, pages_of_bytes(data)
    except ScanRefused as refused:
        raise Refused("scan", scan_sentence(refused.reason, name)) from None


def pages_of_bytes(data: bytes, *, turn: int = 0) -> list[ReadPage]:
    """The pages of a scan, read in the child. Raises ScanRefused."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return list(scan_pages(file.fileno(), turn=turn))


@act("scan.added")
def _keep_scan(candidacy: Candidacy, read: Sequence[Read], *, by: User) -> list[Attachment]:
    candidacy = locked(candidacy)
    refuse_bringing(candidacy, by=by)
    before = attachments_of(candidacy, UNIT_SCAN)
    # what a new scan takes the place of is kept: it may have been looked at
    candidacy.attachments.filter(pk__in=[one.pk for one in before]).update(replaced_at=timezone.now())
    kept = []
    for name, data, pages in read:
        sha256 = evidence.keep_bytes(data)
        kind = _media_type(data)
        StoredFile.objects.get_or_create(pk=sha256, defaults={"size": len(data), "media_type": kind})
        seen = Seen("scan", kind, None)
        one = attaching.keep(candidacy, UNIT_SCAN, "", name, seen, sha256, len(data), by=by)
        keep_pages(one, candidacy, pages)
        kept.append(one)
        facts = {"kind": UNIT_SCAN.value, "sha256": sha256, "pages": len(pages), "replaces": len(before) or None}
        record(
            "scan.added", by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=register_facts(facts)
        )
    _mark_sealed(candidacy, by=by)
    return kept


def _media_type(data: bytes) -> str:
    return "application/pdf" if b"%PDF-" in data[:1024] else "image/jpeg" if data[:2] == b"\xff\xd8" else "image/other"


def _mark_sealed(candidacy: Candidacy, *, by: User) -> None:
    """An opinion that was written before the sealed form came is a sealed one now."""
    answer = answer_of(candidacy, UNIT_OPINION)
    if answer is not None and answer.value and not answer.value.get("sealed"):
        write_answer(candidacy, UNIT_OPINION, {**answer.value, "sealed": True}, by=by)


def keep_pages(attachment: Attachment, candidacy: Candidacy, pages: Iterable[ReadPage], *, turn: int = 0) -> None:
    """The rows of a scan's pages, in the place of those there were."""
    subject = subject_of(candidacy.person)
    ScanPage.objects.filter(attachment=attachment).delete()
    ScanPage.objects.bulk_create(
        ScanPage(
            attachment=attachment,
            number=page.number,
            turn=turn,
            angle=page.angle,
            width=page.width,
            height=page.height,
            sealed=subject.seal(page.data, _aad(attachment, page.number)),
        )
        for page in pages
    )


def page_picture(page: ScanPage, candidacy: Candidacy) -> bytes:
    """The page as a JPEG. Raises VaultError when the person's key was destroyed."""
    return subject_of(candidacy.person).unseal(bytes(page.sealed), _aad(page.attachment, page.number))


def pages_ready(attachment: Attachment, candidacy: Candidacy) -> list[ScanPage]:
    """The pages of a scan; those of one that was brought elsewhere (by the candidate, for the employer) are made now.

    No page where the file cannot be shown.
    """
    found = list(attachment.scan_pages.order_by("number"))
    if found:
        return found
    try:
        pages = pages_of_bytes(evidence.read_bytes(attachment.sha256))
    except ScanRefused:
        return []
    keep_pages(attachment, candidacy, pages)
    return list(attachment.scan_pages.order_by("number"))


def turn_scan(attachment: Attachment, candidacy: Candidacy, quarters: int, *, by: User) -> None:
    """Show all pages of a scan turned further by quarters, clockwise. The original is not touched: so this is no act.

    Refused: `permission`; `scan`.
    """
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    first = attachment.scan_pages.first()
    turn = ((first.turn if first else 0) + quarters) % 4
    try:
        pages = pages_of_bytes(evidence.read_bytes(attachment.sha256), turn=turn)
    except ScanRefused as refused:
        raise Refused("scan", scan_sentence(refused.reason, attachment.file_name)) from None
    keep_pages(attachment, candidacy, pages, turn=turn)


def _aad(attachment: Attachment, number: int) -> bytes:
    return b"scan:" + attachment.pk.bytes + b":%d" % number


def match_files(names: Iterable[str], people: Sequence[Candidacy]) -> dict[str, Candidacy | None]:
    """For each file name the one person whose name stands in it; None where nobody's does, or several people's.

    A name within another (王伟, 王伟强) counts for the longer one.
    """
    found: dict[str, Candidacy | None] = {}
    for name in names:
        inside = [one for one in people if one.name and one.name in name]
        longest = max((len(one.name) for one in inside), default=0)
        meant = [one for one in inside if len(one.name) == longest]
        found[name] = meant[0] if len(meant) == 1 else None
    return found
