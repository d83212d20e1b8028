"""A rehearsed archive: the edition as one package, checked by the script that lies in it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from jiangbang.accounts.models import User
from jiangbang.archive.archiving import note_taken_archive
from jiangbang.archive.building import build_archive
from jiangbang.home import private_directory
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.stages import CannotRehearseError


def rehearse_archive(edition: Edition, *, by: User, say: Callable[[str], object]) -> Path:
    """Write the archive with every dossier and packet into the home, and let its own script check it, as a stranger would.

    Raises CannotRehearseError where the script finds it altered.
    """
    path = private_directory(Path(settings.JIANGBANG_HOME) / "archives") / f"{edition.slug}.zip"
    built = build_archive(edition, path, full=True)
    note_taken_archive(edition, built, full=True, by=by)
    with zipfile.ZipFile(path) as archive:
        script = Path(archive.extract("verify.py", path.parent))
    done = subprocess.run(  # noqa: S603 — our own script, from the archive that was just written
        [sys.executable, "-I", script, path], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode != 0:
        raise CannotRehearseError(f"the archive does not verify: {done.stdout}{done.stderr}")
    say(f"{built.files} files, {built.size / 1e6:.1f} MB are archived; the script inside finds them whole.")
    return path
