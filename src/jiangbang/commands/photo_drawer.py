"""Photos of forms read lately on the command line, so that `form write` finds what `form read` saw.

A record names its photo by hash only. The bytes are kept encrypted in the home for a week.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
from pathlib import Path

from jiangbang.home import keep_secret, private_directory
from jiangbang.kernel.vault import Vault, VaultError

KEEP_SECONDS = 7 * 24 * 3600


def keep(sha256: str, data: bytes) -> None:
    """Keep a photo; older ones than a week go. A home that cannot be written keeps nothing, silently: this is a convenience."""
    try:
        drawer = private_directory(_drawer())
        for old in drawer.iterdir():
            if old.stat().st_mtime < time.time() - KEEP_SECONDS:
                old.unlink(missing_ok=True)
        draft = drawer / f".{sha256}.{os.getpid()}"
        draft.write_bytes(_vault().seal(data, sha256.encode()))
        draft.replace(drawer / sha256)
    except OSError:
        return


def find(sha256: str) -> bytes | None:
    """The photo with this hash, None when it is not (or no longer) kept."""
    if not sha256.isalnum():
        return None
    try:
        return _vault().unseal((_drawer() / sha256).read_bytes(), sha256.encode())
    except (OSError, VaultError):
        return None


def _drawer() -> Path:
    return Path(os.environ.get("JIANGBANG_HOME", "var")) / "photos"


def _vault() -> Vault:
    key = base64.b64decode(
        keep_secret(_drawer().parent / "keys" / "photos.key", base64.b64encode(secrets.token_bytes(32)))
    )
    # nothing is looked up by a blind index here, and the vault wants its key to be another
    return Vault({"k1": key}, "k1", hashlib.sha256(b"index" + key).digest())
