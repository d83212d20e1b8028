"""7z without libarchive, or with a method that the system's libarchive does not know (zstd, ARM64): py7zr, into memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from jiangbang.papers.archive import Entry, EntryType, Refused, encrypted, too_large, unreadable
from jiangbang.papers.findings import Finding

# py7zr unpacks a whole solid block before we see the first file
_TOTAL_MAX = 192 * 1024 * 1024
_DAMAGED = "压缩数据已损坏，或是少见的压缩方法"


class SevenZip:
    """A 7z archive read by py7zr."""

    kind = "7z"

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        file.seek(0)
        try:
            self._archive = py7zr.SevenZipFile(file)
        except Exception as error:
            raise Refused(self._why(error)) from error

    def entries(self) -> Sequence[Entry]:
        locked = self._archive.needs_password()
        return [
            Entry(position, item.filename, item.uncompressed or 0, None, _type(item), locked)
            for position, item in enumerate(self._archive.files)
        ]

    def read(self, wanted: Sequence[Entry], limit: int) -> Iterator[tuple[Entry, bytes | Refused]]:
        if sum(entry.size for entry in wanted) > _TOTAL_MAX:
            raise Refused(too_large(f"7z 文件解压后超过{_TOTAL_MAX // 1024 // 1024} MB"))
        originals = {
            entry.position: item.filename for entry in wanted for item in [self._archive.files[entry.position]]
        }
        taken = _Writers({originals[entry.position]: min(limit, entry.size) for entry in wanted})
        problem: Exception | None = None
        try:
            self._archive.reset()
            self._archive.extract(targets=list(originals.values()), factory=taken)
        except Exception as error:  # noqa: BLE001 - as above
            problem = error
        for entry in wanted:
            writer = taken.writers.get(originals[entry.position])
            if writer is None or len(writer.data) != entry.size:
                yield (
                    entry,
                    Refused(unreadable(entry.name, _DAMAGED) if problem is None else self._why(problem, entry.name)),
                )
            else:
                yield entry, bytes(writer.data)

    def _why(self, error: Exception, name: str | None = None) -> Finding:
        if isinstance(error, py7zr.exceptions.PasswordRequired):
            return encrypted(name or self._name)
        return unreadable(name or self._name, _DAMAGED)


def _type(item: object) -> EntryType:
    if getattr(item, "is_directory", False):
        return "directory"
    if getattr(item, "is_symlink", False) or getattr(item, "is_junction", False):
        return "link"
    return "other" if getattr(item, "is_socket", False) else "file"


class _Writer(Py7zIO):
    """Takes one file's content, never more than declared."""

    def __init__(self, limit: int) -> None:
        self.data = bytearray()
        self._limit = limit

    def write(self, s: bytes | bytearray) -> int:
        if len(self.data) + len(s) > self._limit:
            raise ValueError("longer than declared")
        self.data += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.data if size is None else self.data[:size])

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - the interface
        return offset

    def flush(self) -> None:
        return

    def size(self) -> int:
        return len(self.data)


class _Writers(WriterFactory):
    def __init__(self, limits: dict[str, int]) -> None:
        self._limits = limits
        self.writers: dict[str, _Writer] = {}

    def create(self, filename: str, mode: str | None = None) -> _Writer:  # noqa: ARG002 - the interface
        writer = self.writers[filename] = _Writer(self._limits.get(filename, 0))
        return writer
