"""The register's signing key and the checkpoint kept outside the database.

The key lies in the home, never in the database, so that whoever can write rows cannot sign a head. The newest checkpoint is
also written to a file: rolling the whole database back to an older, rightly signed state shows against it.
"""

from __future__ import annotations

import fcntl
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from jiangbang.home import keep_secret, private_directory
from jiangbang.kernel import notes

ORIGIN = "jiangbang.register"


def signer() -> notes.Signer:
    """The signer of this installation; the key is made at first use."""
    return _signer(Path(settings.JIANGBANG_HOME))


@lru_cache(maxsize=8)
def _signer(home: Path) -> notes.Signer:
    seed = keep_secret(home / "keys" / "register.key", Ed25519PrivateKey.generate().private_bytes_raw())
    return notes.Signer(ORIGIN, seed)


def checkpoint_file() -> Path:
    """Where the newest checkpoint lies outside the database."""
    return Path(settings.JIANGBANG_HOME) / "register" / "checkpoint"


def keep_checkpoint(note: str) -> None:
    """Write the checkpoint to its file unless the file already holds a larger one. Whole or not at all."""
    path = checkpoint_file()
    private_directory(path.parent)
    with path.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = kept_checkpoint()
        if kept is not None and _size(kept) >= _size(note):
            return
        draft = path.with_name("checkpoint.draft")
        draft.write_text(note, encoding="utf-8")
        draft.replace(path)


def kept_checkpoint() -> str | None:
    """The checkpoint in the file, None where there is none yet."""
    try:
        return checkpoint_file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _size(note: str) -> int:
    return int(note.split("\n", 2)[1])
