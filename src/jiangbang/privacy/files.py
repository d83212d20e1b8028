"""Files of an erased person: forgotten with their rows, and deleted once that is certain."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction

from jiangbang.archive.archiving import file_of
from jiangbang.archive.models import Archive
from jiangbang.candidacy.models import Attachment
from jiangbang.nomination.evidence import storage_name
from jiangbang.nomination.models import ErasedFile, Revision, StoredFile
from jiangbang.review.models import BlindCopy


def forget_files(hashes: Iterable[str], *, whole: bool = False) -> int:
    """Forget these files for good; how many there were. Their bytes go after the commit. Four queries.

    Call when the person's own rows are gone: what another person's row shows stays, unless they go as a `whole`.
    """
    wanted = {one for one in hashes if one}
    wanted -= set() if whole else _shown(wanted)
    known = wanted & set(StoredFile.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    StoredFile.objects.filter(pk__in=wanted).delete()
    ErasedFile.objects.bulk_create([ErasedFile(sha256=one) for one in known], ignore_conflicts=True)
    for sha256 in sorted(wanted):
        transaction.on_commit(functools.partial(_delete, sha256))
    return len(known)


def _shown(hashes: set[str]) -> set[str]:
    rows = (
        Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True),
        Revision.objects.filter(photo_sha256__in=hashes).values_list("photo_sha256", flat=True),
        BlindCopy.objects.filter(sha256__in=hashes).values_list("sha256", flat=True),
    )
    return {one for found in rows for one in found}


def _delete(sha256: str) -> None:
    # asked again: the same bytes may have come in since
    if not StoredFile.objects.filter(pk=sha256).exists():
        default_storage.delete(storage_name(sha256))


def forget_archives(archives: Iterable[Archive], sentence: str) -> int:
    """Delete the packages of these archives, which name somebody who is erased; their rows say so. How many."""
    found = list(archives)
    for one in found:
        one.state, one.fault, one.made_at = Archive.State.FAILED, sentence, None
        one.files, one.size, one.manifest = 0, 0, ""
        one.save()
        transaction.on_commit(functools.partial(file_of(one).unlink, missing_ok=True))
    return len(found)
