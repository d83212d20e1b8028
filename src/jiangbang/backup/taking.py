"""Taking a copy of an installation while it works.

The database is copied first and the stored files after it: a file is stored before any row points at it, so every row of the copy finds
its file. Files are kept once for all copies of a folder; one that an earlier copy saw with the same size and time is not read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db import connection

from jiangbang.backup.databases import copy_database
from jiangbang.backup.manifest import (
    CHUNK,
    LISTING,
    MANIFEST,
    CopyError,
    Listed,
    Manifest,
    Progress,
    hash_of,
    line_of,
    pooled,
    read_listing,
)
from jiangbang.home import private_directory
from jiangbang.register.models import Head

# Folders of the storage that hold nothing to keep.
PASSING = frozenset({"drafts"})
# In the home: where the last copy lies.
LAST_COPY = "last-copy.json"


def take_copy(copies: Path, *, progress: Progress | None = None) -> Path:
    """Take a copy into a dated folder of `copies`. Returns the folder. Raises CopyError; then no copy was made.

    The folder bears its own name only when it is whole; what a killed run left is swept away by the next.
    """
    private_directory(copies)
    _sweep(copies)
    draft = copies / f"part-{os.getpid()}-{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    try:
        made_at = datetime.now(UTC)
        # before the database: the copy's register is at least this long
        head = Head.objects.filter(pk=1).first()
        name = copy_database(draft)
        count, size = _copy_files(copies, draft, progress)
        Manifest(
            made_at=made_at.isoformat(timespec="seconds"),
            version=version("jiangbang"),
            engine=connection.vendor,
            database=name,
            database_sha256=hash_of(draft / name),
            database_bytes=(draft / name).stat().st_size,
            files=count,
            files_bytes=size,
            listing_sha256=hash_of(draft / LISTING),
            register_size=head.size if head else 0,
            head=head.checkpoint if head else "",
        ).write(draft)
        return _noted(_named(draft, copies, made_at), made_at)
    except OSError as error:
        raise CopyError(f"the copy could not be written: {error.strerror or error}; nothing was copied") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _named(draft: Path, copies: Path, made_at: datetime) -> Path:
    folder = copies / f"{made_at:%Y%m%dT%H%M%SZ}"
    if folder.exists():
        folder = copies / f"{folder.name}-{secrets.token_hex(2)}"
    draft.rename(folder)
    return folder


def _noted(copy: Path, made_at: datetime) -> Path:
    """Write into the home where the last copy lies and when it was taken: `jiangbang doctor` asks."""
    note = Path(settings.JIANGBANG_HOME) / LAST_COPY
    note.write_text(json.dumps({"copy": str(copy.absolute()), "at": made_at.isoformat(timespec="seconds")}), "utf-8")
    return copy


def _sweep(copies: Path) -> None:
    """What killed runs left; a run that is alive keeps its own."""
    for left in copies.glob("part-*-*"):
        number = left.name.split("-")[1]
        if not number.isdigit() or not Path(f"/proc/{number}").exists():
            shutil.rmtree(left, ignore_errors=True)


def newest_copy(copies: Path) -> Path | None:
    """The newest whole copy of a folder."""
    whole = sorted(path.parent for path in copies.glob(f"2*/{MANIFEST}"))
    return whole[-1] if whole else None


def _copy_files(copies: Path, draft: Path, progress: Progress | None) -> tuple[int, int]:
    """Pool what is not pooled yet and list everything. Returns how many files and bytes."""
    before = newest_copy(copies)
    known = {one.name: one for one in read_listing(before)} if before else {}
    names = sorted(stored_names(default_storage))
    size = 0
    with (draft / LISTING).open("w", encoding="utf-8") as listing:
        for number, name in enumerate(names, 1):
            listed = _pool(copies, name, known.get(name))
            listing.write(line_of(listed))
            size += listed.size
            if progress:
                progress(number, len(names), name)
        listing.flush()
        os.fsync(listing.fileno())
    return len(names), size


def _pool(copies: Path, name: str, known: Listed | None) -> Listed:
    modified = default_storage.get_modified_time(name).isoformat()
    if known and (known.size, known.modified) == (default_storage.size(name), modified):
        kept = pooled(copies, known.sha256)
        if kept.is_file() and kept.stat().st_size == known.size:
            return known
    digest, size = hashlib.sha256(), 0
    draft = private_directory(copies / "pool") / f"part-{os.getpid()}"
    with default_storage.open(name, "rb") as source, draft.open("wb") as target:
        while block := source.read(CHUNK):
            digest.update(block)
            size += len(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    kept = pooled(copies, digest.hexdigest())
    private_directory(kept.parent)
    draft.replace(kept)
    return Listed(digest.hexdigest(), size, name, modified)


def stored_names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file of a storage, by the name that the storage gives it."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for inner in folders:
        if folder or inner not in PASSING:
            yield from stored_names(storage, f"{folder}/{inner}" if folder else inner)
