"""Evidence files: stored by content hash, encrypted at rest, written whole before anything points to them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from jiangbang.nomination.models import ErasedFile
from jiangbang.vaults import vault

CHUNK = 1024 * 1024


def keep_bytes(data: bytes) -> str:
    """Store bytes; returns their hex SHA-256. Storing the same bytes again does nothing. Raises OSError (disk full)."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(storage_name(sha256)):
        _keep(io.BytesIO(data), sha256)
    return sha256


def together() -> AbstractContextManager[None]:
    """What is kept within the block is made durable at its end, all at once; a block that fails keeps nothing.

    A storage that cannot do this keeps each file as it comes.
    """
    able = getattr(default_storage, "together", None)
    return able() if able is not None else contextlib.nullcontext()


def keep_file(path: Path, sha256: str) -> None:
    """Store a file whose SHA-256 is known. Memory does not grow with its size. Raises OSError (disk full)."""
    if not default_storage.exists(storage_name(sha256)):
        with path.open("rb") as plain:
            _keep(plain, sha256)


def _keep(plain: IO[bytes], sha256: str) -> None:
    with tempfile.SpooledTemporaryFile(max_size=4 * CHUNK) as sealed:
        vault().seal_stream(plain, sealed, _aad(sha256))
        sealed.seek(0)
        name = storage_name(sha256)
        # Two writers of the same bytes write the same thing: whichever the storage keeps is right.
        kept = default_storage.save(name, File(sealed))
        if kept != name:
            default_storage.delete(kept)


def read_bytes(sha256: str) -> bytes:
    """The plain bytes. Raises FileNotFoundError; VaultError when somebody altered the file."""
    with open_plain(sha256) as plain:
        return plain.read()


class FileErased(FileNotFoundError):
    """Bytes that were erased on purpose: the house knows of no such file any more."""


def require(sha256: str) -> None:
    """Raises FileErased where these bytes were erased; a file that is lost though the house should have it is another matter."""
    if not default_storage.exists(storage_name(sha256)) and ErasedFile.objects.filter(pk=sha256).exists():
        raise FileErased(sha256)


@contextlib.contextmanager
def open_plain(sha256: str) -> Iterator[IO[bytes]]:
    """The plain bytes as a stream. Raises FileErased, FileNotFoundError."""
    require(sha256)
    with default_storage.open(storage_name(sha256), "rb") as sealed:
        yield vault().open_reader(sealed, _aad(sha256))


@contextlib.contextmanager
def plain_copy(sha256: str, suffix: str = "") -> Iterator[Path]:
    """A private temporary file with the plain bytes, for a reader that needs a file; gone afterwards."""
    descriptor, name = tempfile.mkstemp(suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as copy, open_plain(sha256) as plain:
            while block := plain.read(CHUNK):
                copy.write(block)
        yield path
    finally:
        path.unlink(missing_ok=True)


def storage_name(sha256: str) -> str:
    """Where the storage keeps these bytes."""
    return f"evidence/{sha256[:2]}/{sha256}"


def _aad(sha256: str) -> bytes:
    return b"evidence:" + sha256.encode()
