"""Putting a copy back into an installation that holds nothing yet, and looking whether all of it is there."""

from __future__ import annotations

from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

from jiangbang.backup.databases import is_empty, put_back
from jiangbang.backup.manifest import CopyError, Manifest, Progress, hash_of, pooled, read_listing, read_manifest
from jiangbang.nomination.evidence import storage_name
from jiangbang.nomination.models import StoredFile


def put_copy_back(folder: Path, *, progress: Progress | None = None) -> Manifest:
    """Fill an empty installation from a copy: the files first, the database last, so that a run that was stopped is begun again.

    Raises CopyError: when the copy is of another engine, is not whole, or the database holds something already.
    """
    manifest = read_manifest(folder)
    if manifest.engine != connection.vendor:
        raise CopyError(
            f"the copy is of {manifest.engine}, this installation works on {connection.vendor}; set DATABASE_URL accordingly"
        )
    if not is_empty():
        raise CopyError("the database holds something already; a copy is put back into an empty one only")
    if hash_of(folder / manifest.database) != manifest.database_sha256:
        raise CopyError(f"{folder / manifest.database} is not what was copied; use another copy")
    try:
        for number, listed in enumerate(read_listing(folder), 1):
            _put_file(pooled(folder.parent, listed.sha256), listed.sha256, listed.name)
            if progress:
                progress(number, manifest.files, listed.name)
        put_back(folder / manifest.database)
    except OSError as error:
        raise CopyError(f"the copy could not be put back: {error.strerror or error}; begin again") from None
    return manifest


def _put_file(source: Path, sha256: str, name: str) -> None:
    if not source.is_file() or hash_of(source) != sha256:
        raise CopyError(f"{name} is missing in the copy or damaged ({source}); use another copy")
    if default_storage.exists(name):
        if default_storage.size(name) == source.stat().st_size:
            return
        default_storage.delete(name)
    with source.open("rb") as plain:
        default_storage.save(name, File(plain))


def missing_files() -> list[str]:
    """Stored files that a row of the database names and the storage lacks."""
    rows = StoredFile.objects.values_list("sha256", flat=True).iterator(chunk_size=2000)
    return [sha256 for sha256 in rows if not default_storage.exists(storage_name(sha256))]
