"""The package itself: a zip whose files are listed with their hashes, and the list signed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from jiangbang.kernel.notes import sign_note
from jiangbang.register.keys import signer

FORMAT: Final = "jiangbang.archive/v1"
# Pictures, PDF and zips are packed already.
_TEXT: Final = frozenset({".json", ".jsonl", ".csv", ".html", ".txt", ".py", ".css"})
# The same content gives the same bytes, whenever it is made.
_DAY: Final = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Built:
    """What was made: how many files, bytes of the package, SHA-256 of its manifest."""

    files: int
    size: int
    manifest: str


class Package:
    """Writes an archive file by file; memory for one piece at a time. Leave it by its end for the signed manifest."""

    def __init__(self, path: Path, edition: str, progress: Progress | None = None) -> None:
        self._path, self._edition, self._progress = path, edition, progress
        self._zip = zipfile.ZipFile(path, "w", allowZip64=True)
        self._files: list[dict[str, Any]] = []

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """One file, whole or in pieces."""
        found, size = hashlib.sha256(), 0
        with self._zip.open(_entry(name), "w", force_zip64=True) as file:
            for piece in (content,) if isinstance(content, bytes) else content:
                file.write(piece)
                found.update(piece)
                size += len(piece)
        self._files.append({"path": name, "size": size, "sha256": found.hexdigest()})
        if self._progress is not None:
            self._progress(len(self._files))

    def table(self, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
        """A table twice: as JSON, and as CSV that a spreadsheet opens."""
        self.add(f"data/{name}.json", as_json([{column: row.get(column) for column in columns} for row in rows]))
        self.add(f"data/{name}.csv", _as_csv(rows, columns))

    @property
    def files(self) -> list[dict[str, Any]]:
        """What was written so far: path, size, SHA-256."""
        return list(self._files)

    def close(self, **about: Any) -> Built:
        """Write the manifest and its signed note, and end the package."""
        listed = sorted(self._files, key=lambda one: str(one["path"]))
        manifest = as_json({"format": FORMAT, "edition": self._edition, **about, "files": listed})
        sha256 = hashlib.sha256(manifest).hexdigest()
        note = sign_note(f"{FORMAT}\n{self._edition}\n{len(listed)}\n{sha256}\n", signer())
        for name, content in (("manifest.json", manifest), ("manifest.note", note.encode())):
            self._zip.writestr(_entry(name), content)
        self._zip.close()
        return Built(len(listed), self._path.stat().st_size, sha256)


def as_json(value: Any) -> bytes:
    """Readable JSON, the same value in the same bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """RFC 4180 with a mark for Excel; no cell can be taken for a formula."""
    lines = [",".join(columns)]
    lines += [",".join(_cell(row.get(column)) for column in columns) for row in rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in ',"\r\n') else text


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED if Path(name).suffix in _TEXT else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry
