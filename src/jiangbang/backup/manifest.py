"""What a copy says of itself, and whether it is still what it says.

    COPIES/pool/ab/abcdef…            each stored file once, under the hash of its bytes, shared by all copies of the folder
    COPIES/20261126T120000Z/
        manifest.json                 what the copy holds, with the register's signed head
        database.sqlite3 | .dump      the database as it stood at one moment
        files.tsv                     hash, size and name of every stored file

The stored files and the personal values in the database are encrypted; the keys are not in a copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

FORMAT: Final = "jiangbang-copy/1"
MANIFEST, LISTING, POOL = "manifest.json", "files.tsv", "pool"
CHUNK: Final = 1024 * 1024
Progress = Callable[[int, int, str], object]


class CopyError(Exception):
    """A copy cannot be taken, read or put back. The message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A copy's own account. `engine` is `sqlite` or `postgresql`; `head` the register's checkpoint when the database was copied."""

    made_at: str
    version: str
    engine: str
    database: str
    database_sha256: str
    database_bytes: int
    files: int
    files_bytes: int
    listing_sha256: str
    register_size: int
    head: str
    format: str = FORMAT

    def write(self, folder: Path) -> None:
        """Write it as the last file of the copy: a folder without it is no copy."""
        draft = folder / f"{MANIFEST}.part"
        draft.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.replace(folder / MANIFEST)


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored file: the hash and size of its bytes as they are stored, its name in the storage, when the storage got it."""

    sha256: str
    size: int
    name: str
    modified: str = ""


def read_manifest(folder: Path) -> Manifest:
    """The copy's account. Raises CopyError."""
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise CopyError(
            f"{folder} is no copy: it has no {MANIFEST}; give the dated folder that jiangbang backup made"
        ) from None
    except ValueError:
        raise CopyError(f"{folder / MANIFEST} is damaged; use another copy") from None
    if raw.get("format") != FORMAT:
        raise CopyError(
            f"{folder / MANIFEST} is of another format ({raw.get('format')}); use the software that made it"
        )
    return Manifest(**raw)


def read_listing(folder: Path) -> Iterator[Listed]:
    """The stored files of a copy, one after the other. Raises CopyError."""
    with (folder / LISTING).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            parts = line.rstrip("\n").split("\t")
            if len(parts) != 4 or not parts[1].isdigit():
                raise CopyError(f"{folder / LISTING}, line {number} is damaged; use another copy")
            yield Listed(parts[0], int(parts[1]), parts[2], parts[3])


def line_of(listed: Listed) -> str:
    """How a file stands in the listing."""
    return f"{listed.sha256}\t{listed.size}\t{listed.name}\t{listed.modified}\n"


def pooled(copies: Path, sha256: str) -> Path:
    """Where the copies of this folder keep these bytes."""
    return copies / POOL / sha256[:2] / sha256


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def check_copy(folder: Path, *, progress: Progress | None = None) -> list[str]:
    """What is wrong with a copy, a sentence each; nothing where it is whole. Reads every byte. Raises CopyError where there is none."""
    manifest = read_manifest(folder)
    wrong = []
    for name, sha256 in ((manifest.database, manifest.database_sha256), (LISTING, manifest.listing_sha256)):
        if not (folder / name).is_file():
            wrong.append(f"{name} is missing")
        elif hash_of(folder / name) != sha256:
            wrong.append(f"{name} is not what was copied")
    if wrong:
        return wrong
    for number, listed in enumerate(read_listing(folder), 1):
        path = pooled(folder.parent, listed.sha256)
        if not path.is_file():
            wrong.append(f"{listed.name} is missing ({path})")
        elif hash_of(path) != listed.sha256:
            wrong.append(f"{listed.name} is not what was copied ({path})")
        if progress:
            progress(number, manifest.files, listed.name)
    return wrong
