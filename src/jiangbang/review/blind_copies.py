"""What may happen to evidence before experts: released by the office once nobody can be recognised on it, withdrawn again.

No expert is shown a candidate's file. Its name, its properties and its text layer identify as much as the picture does; what is released is
drawn anew, page by page, in the process that reads foreign bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Attachment
from jiangbang.candidacy.proofs import claim_labels
from jiangbang.candidacy.submitted import submitted_files
from jiangbang.candidacy.typed import FACT_PREFIX
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Dossier, StoredFile
from jiangbang.papers.scan import MAX_BYTES, ScanRefused
from jiangbang.recommendation.scanning import pages_of_bytes, scan_sentence
from jiangbang.register.acts import Refused, act, record
from jiangbang.review import policy
from jiangbang.review.models import BlindCopy

JPEG: Final = "image/jpeg"
# Papers of one dossier that experts look at.
MOST_COPIES: Final = 20
# They bear the names and seals of employer and unit: never shown, whatever is blacked out.
NEVER: Final = frozenset({Attachment.Kind.EMPLOYER_SCAN.value, Attachment.Kind.UNIT_SCAN.value})


def claims(spec: EditionSpec) -> Mapping[str, str]:
    """What a copy may prove, in words."""
    return {key: label for key, label in claim_labels(spec).items() if key not in NEVER}


def originals(dossier: Dossier) -> QuerySet[Attachment]:
    """The files of a dossier that may be released as they are: evidence, not the sealed forms."""
    return submitted_files(dossier).exclude(kind__in=NEVER)


def claim_of(attachment: Attachment) -> str:
    """What a file proves: a question, or a field whichever of its entries; empty for another paper."""
    return attachment.claim if attachment.claim.startswith(FACT_PREFIX) else attachment.claim.partition(".")[0]


def shown(dossiers: Sequence[UUID]) -> dict[UUID, list[BlindCopy]]:
    """The copies that experts see, by dossier, oldest first. One query."""
    found: dict[UUID, list[BlindCopy]] = {}
    rows = BlindCopy.objects.filter(dossier__in=dossiers, withdrawn_at=None).order_by("released_at", "pk")
    for one in rows:
        found.setdefault(one.dossier_id, []).append(one)
    return found


def counts(dossiers: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many pieces of evidence each dossier was sent with, and how many its experts see. Two queries."""
    files = Attachment.objects.filter(candidacy__dossier__in=dossiers, replaced_at=None, kind=Attachment.Kind.EVIDENCE)
    sent = Counter(files.values_list("candidacy__dossier", flat=True))
    copies = Counter(
        BlindCopy.objects.filter(dossier__in=dossiers, withdrawn_at=None).values_list("dossier", flat=True)
    )
    return {pk: {"sent": sent[pk], "shown": copies[pk]} for pk in dossiers}


def release_original(dossier: Dossier, attachment: Attachment, *, by: User) -> BlindCopy:
    """Let experts see a candidate's file as it is, because it shows nobody's identity.

    Refused: as `release_redacted`; `absent` for a file that is not of this dossier, or that is a sealed form.
    """
    _lead(by, dossier)
    if not originals(dossier).filter(pk=attachment.pk).exists():
        raise Refused("absent", _("This file is not there any more."))
    data = evidence.read_bytes(attachment.sha256)
    return _release(
        dossier, claim_of(attachment), attachment.sha256, _pages(data, attachment.file_name), redacted=False, by=by
    )


def release_redacted(dossier: Dossier, claim: str, upload: UploadedFile[Any], *, by: User) -> BlindCopy:
    """Let experts see a copy on which the office has blacked out what identifies.

    Refused: `permission`; `claim`; `scan` when no page can be read (PDF, JPEG, PNG, TIFF); `released` when they see the file already;
    `too_many`. Raises OSError (disk full).
    """
    _lead(by, dossier)
    if claim and claim not in claims(dossier.edition.spec):
        raise Refused("claim", _("Choose what the paper proves."))
    name = upload.name or "scan"
    if (upload.size or 0) > MAX_BYTES:
        raise Refused("scan", scan_sentence("too_large", name))
    data = upload.read()
    return _release(dossier, claim, evidence.keep_bytes(data), _pages(data, name), redacted=True, by=by)


def _pages(data: bytes, name: str) -> list[str]:
    """The pages drawn anew and kept; their hashes."""
    try:
        pictures = [page.data for page in pages_of_bytes(data)]
    except ScanRefused as refused:
        raise Refused("scan", scan_sentence(refused.reason, name)) from None
    kept = []
    for picture in pictures:
        sha256 = evidence.keep_bytes(picture)
        StoredFile.objects.get_or_create(pk=sha256, defaults={"size": len(picture), "media_type": JPEG})
        kept.append(sha256)
    return kept


@act("evidence.released")
def _release(dossier: Dossier, claim: str, sha256: str, pages: Sequence[str], *, redacted: bool, by: User) -> BlindCopy:
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
    _lead(by, dossier)
    standing = BlindCopy.objects.filter(dossier=dossier, withdrawn_at=None)
    if standing.filter(sha256=sha256).exists():
        raise Refused("released", _("The experts see this file already."))
    if standing.count() >= MOST_COPIES:
        raise Refused("too_many", _("At most 20 papers of one dossier. Withdraw one first."))
    made = BlindCopy.objects.create(
        dossier=dossier,
        claim=claim,
        sha256=sha256,
        redacted=redacted,
        pages=list(pages),
        released_by=by,
        released_at=timezone.now(),
    )
    facts = {"claim": claim, "sha256": sha256, "pages": len(pages), "redacted": redacted}
    record("evidence.released", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)
    return made


@act("evidence.withdrawn")
def withdraw_copy(copy: BlindCopy, *, by: User) -> None:
    """No expert sees the copy any more; that it was shown stays. Refused: `permission`; `withdrawn`."""
    rows = BlindCopy.objects.select_for_update(of=("self",)).select_related("dossier__edition")
    copy = rows.get(pk=copy.pk)
    _lead(by, copy.dossier)
    if copy.withdrawn_at is not None:
        raise Refused("withdrawn", _("This paper has been withdrawn already."))
    copy.withdrawn_by, copy.withdrawn_at = by, timezone.now()
    copy.save(update_fields=["withdrawn_by", "withdrawn_at"])
    facts = {"sha256": copy.sha256}
    record("evidence.withdrawn", by=by, edition=copy.dossier.edition.key, subject=copy.dossier.subject, facts=facts)


def _lead(by: User, dossier: Dossier) -> None:
    if not policy.may_lead_review(by, dossier.edition):
        raise Refused("permission", _("You may not show evidence to the experts of this edition."))
