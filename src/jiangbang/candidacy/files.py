"""What may happen to the files of a draft: a photo is placed, evidence and sealed scans are added and removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy import attaching, policy, queries
from jiangbang.candidacy.acts import Saved, held_for_editing, locked, note_edit, refuse_editing, refuse_sensitive
from jiangbang.candidacy.clock import refuse_late
from jiangbang.candidacy.drafts import answer_of, write_answer
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.typed import FACT_PREFIX, asked_facts
from jiangbang.nomination import evidence
from jiangbang.papers.uploads import Seen
from jiangbang.register.acts import Refused, act, record


def image_field(candidacy: Candidacy) -> str:
    """The key of the form's photo."""
    return next(spec.key for spec in candidacy.edition.spec.form if spec.kind == "image")


def place_photo(candidacy: Candidacy, upload: UploadedFile[Any], *, by: User) -> Saved:
    """Look at a picture in a child process, keep its bytes, and make it the photo. The one before is kept until the form is handed over.

    Refused: as for editing; `empty`; `too_large`; `wrong_kind`; `no_consent`. Raises OSError (disk full).
    """
    refuse_editing(candidacy, by=by)
    refuse_sensitive(candidacy, image_field(candidacy))
    seen, data = attaching.looked_at(upload, attaching.PICTURES)
    return _place(candidacy, upload.name or "", seen, evidence.keep_bytes(data), len(data), by=by)


@act("draft.file_added", "draft.edited")
def _place(candidacy: Candidacy, name: str, seen: Seen, sha256: str, size: int, *, by: User) -> Saved:
    candidacy = held_for_editing(candidacy, by=by)
    key = image_field(candidacy)
    refuse_sensitive(candidacy, key)
    stands = candidacy.attachments.filter(kind=Attachment.Kind.PHOTO, replaced_at__isnull=True)
    stands.update(replaced_at=timezone.now())
    attaching.keep(candidacy, Attachment.Kind.PHOTO, "", name, seen, sha256, size, by=by)
    answer = write_answer(candidacy, key, seen.photo, by=by)
    note_edit(candidacy, key, seen.photo, by=by)
    _record(candidacy, "draft.file_added", by=by, kind="photo", sha256=sha256, size=size)
    return Saved(key, seen.photo, answer.version, answer.edited_at, True)


def add_evidence(candidacy: Candidacy, claim: str, upload: UploadedFile[Any], *, by: User) -> Attachment:
    """Keep a file that proves a claim.

    Refused: as for editing; `unknown_claim`; `too_many`; `empty`; `too_large`; `wrong_kind`. Raises OSError (disk full).
    """
    refuse_editing(candidacy, by=by)
    seen, data = attaching.looked_at(upload, attaching.EVIDENCE)
    return _add(candidacy, claim, upload.name or "", seen, evidence.keep_bytes(data), len(data), by=by)


@act("draft.file_added")
def _add(candidacy: Candidacy, claim: str, name: str, seen: Seen, sha256: str, size: int, *, by: User) -> Attachment:
    candidacy = held_for_editing(candidacy, by=by)
    if not is_claim(candidacy, claim):
        raise Refused(
            "unknown_claim", _("There is nothing in the form that this file could prove. Write the entry first.")
        )
    held = queries.attachments_of(candidacy, Attachment.Kind.EVIDENCE)
    if sum(one.claim == claim for one in held) >= attaching.PER_CLAIM or len(held) >= attaching.PER_CANDIDACY:
        raise Refused(
            "too_many",
            _("At most %(limit)s files for one entry, %(all)s in all. Remove one first.")
            % {"limit": attaching.PER_CLAIM, "all": attaching.PER_CANDIDACY},
        )
    kept = attaching.keep(candidacy, Attachment.Kind.EVIDENCE, claim, name, seen, sha256, size, by=by)
    _record(candidacy, "draft.file_added", by=by, kind="evidence", claim=claim, sha256=sha256, size=size)
    return kept


def is_claim(candidacy: Candidacy, claim: str) -> bool:
    """Whether the claim is something that the form or the questions ask and that may be proved by files."""
    spec = candidacy.edition.spec
    if claim.startswith(FACT_PREFIX):
        return claim.removeprefix(FACT_PREFIX) in {fact.key for fact in asked_facts(spec)}
    key, _dot, item = claim.partition(".")
    field = next((field for field in spec.form if field.key == key and field.evidence), None)
    if field is None or (field.kind == "items") != bool(item):
        return False
    if not item:
        return True
    answer = answer_of(candidacy, key)
    return answer is not None and item in {one["id"] for one in answer.value or ()}


def add_scan(candidacy: Candidacy, upload: UploadedFile[Any], *, by: User) -> Attachment:
    """Keep the form with the employer's seal, page by page.

    Refused: `permission`; `not_with_employer`; `late`; `too_many`; `empty`; `too_large`; `wrong_kind`. Raises OSError (disk full).
    """
    _refuse_scan(candidacy, by=by)
    seen, data = attaching.looked_at(upload, attaching.SCANS)
    return _add_scan(candidacy, upload.name or "", seen, evidence.keep_bytes(data), len(data), by=by)


@act("draft.file_added")
def _add_scan(candidacy: Candidacy, name: str, seen: Seen, sha256: str, size: int, *, by: User) -> Attachment:
    candidacy = locked(candidacy)
    _refuse_scan(candidacy, by=by)
    kind = Attachment.Kind.EMPLOYER_SCAN
    if len(queries.attachments_of(candidacy, kind)) >= attaching.PER_CLAIM:
        raise Refused("too_many", _("At most %(limit)s pages. Remove one first.") % {"limit": attaching.PER_CLAIM})
    kept = attaching.keep(candidacy, kind, "", name, seen, sha256, size, by=by)
    _record(candidacy, "draft.file_added", by=by, kind=kind.value, sha256=sha256, size=size)
    return kept


def _refuse_scan(candidacy: Candidacy, *, by: User) -> None:
    if not policy.may_edit(by, candidacy):
        raise Refused("permission", _("You may not write in this form."))
    if candidacy.state != Candidacy.State.WITH_EMPLOYER:
        raise Refused("not_with_employer", _("This form does not lie with the employer now."))
    refuse_late(candidacy.edition, candidacy.mend_until)


@act("draft.file_removed")
def remove_file(candidacy: Candidacy, pk: UUID, *, by: User) -> None:
    """Take a piece of evidence or a scanned page away again.

    Refused: as for editing (evidence), as for adding (scans); `absent`.
    """
    candidacy = locked(candidacy)
    found = candidacy.attachments.filter(pk=pk, kind__in=("evidence", "employer_scan")).first()
    if found is None or not policy.may_edit(by, candidacy):
        raise Refused("absent", _("This file is not there any more."))
    if found.kind == Attachment.Kind.EVIDENCE:
        refuse_editing(candidacy, by=by)
    else:
        _refuse_scan(candidacy, by=by)
    attaching.drop(candidacy, candidacy.attachments.filter(pk=pk))
    _record(candidacy, "draft.file_removed", by=by, kind=found.kind, claim=found.claim, sha256=found.sha256)


def _record(candidacy: Candidacy, entry: str, *, by: User, **facts: Any) -> None:
    record(
        entry,
        by=by,
        edition=candidacy.edition.key,
        subject=candidacy.subject,
        facts={key: value for key, value in facts.items() if value != ""},
    )
