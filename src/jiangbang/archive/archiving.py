"""An archive is ordered, made by the queue, and noted in the register with the hash of its list of files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.archive.models import Archive
from jiangbang.archive.package import Built
from jiangbang.archive.policy import may_archive
from jiangbang.home import private_directory
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused, act, record

MAKE: Final = "archive.make"


@act("archive.ordered")
def order_archive(edition: Edition, *, by: User) -> Archive:
    """Have the public archive of an edition made behind the scenes. Refused: `permission`; `ordered` already."""
    if not may_archive(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    try:
        with transaction.atomic():
            made = Archive.objects.create(edition=edition, ordered_by=by, ordered_at=timezone.now())
    except IntegrityError:
        raise Refused("ordered", _("An archive of this edition is being made already.")) from None
    enqueue(MAKE, key=f"archive:{made.pk}", archive=made.pk)
    record("archive.ordered", by=by, edition=edition.key, subject=made.subject, facts={})
    return made


@act("edition.archived")
def note_archive(archive: Archive, built: Built, *, by: User) -> None:
    """Note that an ordered archive was made: files, size, hash of its manifest. Refused: `permission`; `made` already."""
    found = Archive.objects.select_for_update(of=("self",)).select_related("edition").get(pk=archive.pk)
    _note(found.edition, built, found.subject, full=False, by=by)
    if found.state != Archive.State.ORDERED:
        raise Refused("made", _("This archive is made already."))
    found.state, found.made_at = Archive.State.MADE, timezone.now()
    found.files, found.size, found.manifest = built.files, built.size, built.manifest
    found.save(update_fields=["state", "made_at", "files", "size", "manifest"])


@act("edition.archived")
def note_taken_archive(edition: Edition, built: Built, *, full: bool, by: User) -> None:
    """Note that an archive was written outside the house; `full` holds personal fields. Refused: `permission`."""
    _note(edition, built, f"edition:{edition.pk}", full=full, by=by)


@act("archive.failed")
def note_failure(archive: Archive, fault: str, *, by: User) -> None:
    """Note that an ordered archive could not be made, and why."""
    found = Archive.objects.select_for_update(of=("self",)).select_related("edition").get(pk=archive.pk)
    found.state, found.fault = Archive.State.FAILED, fault[:300]
    found.save(update_fields=["state", "fault"])
    record("archive.failed", by=by, edition=found.edition.key, subject=found.subject, facts={})


def file_of(archive: Archive) -> Path:
    """Where an ordered archive lies."""
    return private_directory(Path(settings.JIANGBANG_HOME) / "archives") / f"{archive.pk}.zip"


def _note(edition: Edition, built: Built, subject: str, *, full: bool, by: User) -> None:
    if not may_archive(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    facts = {"count": built.files, "size": built.size, "sha256": built.manifest, **({"kind": "full"} if full else {})}
    record("edition.archived", by=by, edition=edition.key, subject=subject, facts=facts)
