"""The home directory: what the embedded installation keeps outside its database (keys, files, incoming packets)."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def private_directory(path: Path) -> Path:
    """Make `path` (and what lies above it) if it is missing; what is made is readable by its owner only."""
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        # one by one: mkdir(parents=True) would give the folders above the mode of the umask
        missing.mkdir(exist_ok=True, mode=0o700)
    return path


def keep_secret(path: Path, make: bytes) -> bytes:
    """The bytes kept in `path`; where the file is missing, `make` is kept there and returned.

    Two processes that start at once agree: the file is linked into place whole, and the loser reads the winner's.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    private_directory(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(make)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        return path.read_bytes()
    finally:
        draft.unlink(missing_ok=True)


def text_secret(path: Path) -> str:
    """A random text of 64 characters kept in `path`, made at first use."""
    return keep_secret(path, secrets.token_urlsafe(48).encode()).decode()
