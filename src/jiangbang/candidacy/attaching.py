"""Photo, evidence and scans of a draft: what may be attached, and how it is let go."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Packet, Revision, StoredFile
from jiangbang.papers.sandbox import ChildDied
from jiangbang.papers.uploads import DOCX, Seen, look_at
from jiangbang.register.acts import Refused

MEGABYTE: Final = 1_000_000
# A telephone's picture has 3 to 8 MB, a scanned certificate less than 2.
LARGEST: Final = 10 * MEGABYTE
# Files for one claim, and for a whole candidacy: three pages of a certificate and room to spare.
PER_CLAIM: Final = 5
PER_CANDIDACY: Final = 40
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
EVIDENCE: Final = PICTURES | {"application/pdf", DOCX}
SCANS: Final = PICTURES | {"application/pdf"}


def looked_at(upload: UploadedFile[Any], allowed: frozenset[str]) -> tuple[Seen, bytes]:
    """What was sent, and its bytes. Refused: `empty`, `too_large`, `wrong_kind` (by content, whatever the name says)."""
    name, size = upload.name or "", upload.size or 0
    if size == 0:
        raise Refused("empty", _("%(name)s is empty. Nothing was added.") % {"name": name})
    if size > LARGEST:
        raise Refused(
            "too_large",
            _("%(name)s is larger than %(limit)s MB. Take a smaller picture, or reduce the PDF.")
            % {"name": name, "limit": LARGEST // MEGABYTE},
        )
    data = upload.read()
    with tempfile.TemporaryFile() as copy:
        copy.write(data)
        copy.flush()
        try:
            seen = look_at(copy, limit=LARGEST)
        except ChildDied:
            seen = Seen("unknown", None, None)
    if seen.media_type not in allowed:
        raise Refused("wrong_kind", _wrong_kind(name, allowed))
    return seen, data


def _wrong_kind(name: str, allowed: frozenset[str]) -> str:
    if allowed == PICTURES:
        return _("%(name)s is no whole JPEG or PNG picture. Choose another photo.") % {"name": name}
    if DOCX in allowed:
        return _("%(name)s is damaged, or is no PDF, JPEG, PNG or Word file (.docx). Nothing was added.") % {
            "name": name
        }
    return _("%(name)s is damaged, or is no PDF, JPEG or PNG. Nothing was added.") % {"name": name}


def keep(
    candidacy: Candidacy, kind: str, claim: str, upload_name: str, seen: Seen, sha256: str, size: int, *, by: User
) -> Attachment:
    """The row of a file whose bytes lie in the evidence storage."""
    assert seen.media_type is not None
    StoredFile.objects.get_or_create(pk=sha256, defaults={"size": size, "media_type": seen.media_type})
    return Attachment.objects.create(
        candidacy=candidacy,
        kind=kind,
        claim=claim,
        sha256=sha256,
        # a browser may send a whole path
        file_name=PurePath(upload_name.replace("\\", "/").replace("\0", "")).name[-255:] or kind,
        media_type=seen.media_type,
        size=size,
        added_by=by,
        added_at=timezone.now(),
    )


def drop(candidacy: Candidacy, attachments: QuerySet[Attachment]) -> None:
    """Let files count no longer. Those that a submitted revision rests on stay behind it; all others are deleted."""
    dossier = candidacy.dossier
    if dossier is not None and dossier.revision is not None:
        rested = Q(added_at__lte=dossier.revision.created_at)
        attachments.filter(rested, replaced_at__isnull=True).update(replaced_at=timezone.now())
        attachments = attachments.exclude(rested)
    forget(attachments)


def forget(attachments: QuerySet[Attachment]) -> None:
    """Delete these attachments and, once that is certain, their bytes where nothing else has the same."""
    hashes = set(attachments.values_list("sha256", flat=True))
    attachments.delete()
    for sha256 in hashes:
        if not _needed(sha256):
            StoredFile.objects.filter(pk=sha256).delete()
            transaction.on_commit(_deletion(sha256))


def _deletion(sha256: str) -> Callable[[], None]:
    """Asked again after the commit: the same bytes may have come in since."""

    def delete() -> None:
        if not StoredFile.objects.filter(pk=sha256).exists():
            default_storage.delete(evidence.storage_name(sha256))

    return delete


def _needed(sha256: str) -> bool:
    return (
        Attachment.objects.filter(sha256=sha256).exists()
        or Revision.objects.filter(photo_sha256=sha256).exists()
        or Packet.objects.filter(sha256=sha256).exists()
    )
