"""Gathers the static files under their hashed names, and only when one of them has changed: it takes some seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MANIFEST: Final = "staticfiles.json"
# what was gathered last time
SEAL: Final = "sources.sha256"


def collect_static() -> bool:
    """Bring `STATIC_ROOT` up to date. Returns whether anything had to be done.

    A file counts as changed when its name, its size or its time of change differs. The seal is written last, so that a start that was
    killed in between gathers again.
    """
    root = Path(settings.STATIC_ROOT)
    seal, now = root / SEAL, fingerprint()
    if (root / MANIFEST).is_file() and seal.is_file() and seal.read_text("ascii") == now:
        return False
    seal.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    seal.write_text(now, "ascii")
    return True


def fingerprint() -> str:
    """SHA-256 over the place, size and time of change of every static file that can be found, in hexadecimal."""
    return hashlib.sha256("\n".join(sorted(_sources())).encode()).hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            path = Path(storage.path(name))
            status = path.stat()
            yield f"{name}\t{path}\t{status.st_size}\t{status.st_mtime_ns}"
