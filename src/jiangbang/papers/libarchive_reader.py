"""rar, 7z and tar through the system's libarchive, whose C code runs only in a child that has given up its rights.

The directory is listed first and judged; a second pass reads the wanted contents. What libarchive cannot do (old solid rar, rar in
several volumes) is said so that the caller can try another reader.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from libarchive import ffi
from libarchive.exception import ArchiveError

from jiangbang.papers.archive import Entry, EntryType, Refused, decode_names, encrypted, too_large, unreadable
from jiangbang.papers.findings import Finding

FORMATS = {
    "7z": ("7zip",),
    "rar": ("rar", "rar5"),
    "tar": ("tar",),
    "tar.gz": ("tar",),
    "tar.bz2": ("tar",),
    "tar.xz": ("tar",),
}
_FILTERS = {"tar.gz": "gzip", "tar.bz2": "bzip2", "tar.xz": "xz"}
_BLOCK = 64 * 1024
# sockets, devices and pipes are "other"; what names no type is taken for a file, as Windows archivers mean it
_TYPES: dict[int, EntryType] = {
    0o040000: "directory",
    0o120000: "link",
    0o140000: "other",
    0o060000: "other",
    0o020000: "other",
    0o010000: "other",
}
# a directory longer than this is refused by number anyway; stops listing an endless one
_LIST_MAX = 100_000

_is_encrypted = ffi.libarchive.archive_entry_is_encrypted
_is_encrypted.argtypes, _is_encrypted.restype = [ctypes.c_void_p], ctypes.c_int
_has_encrypted = ffi.libarchive.archive_read_has_encrypted_entries
_has_encrypted.argtypes, _has_encrypted.restype = [ctypes.c_void_p], ctypes.c_int


class LibArchive:
    """One archive that libarchive can read. `kind` is a key of FORMATS."""

    def __init__(self, file: BinaryIO, name: str, kind: str, limit: int) -> None:
        self.kind = kind
        self._file = file
        self._name = name
        self._limit = limit

    def entries(self) -> Sequence[Entry]:
        found: list[tuple[str | bytes, Entry]] = []
        seen = 0
        for position, (handle, entry) in enumerate(self._walk()):
            name, read = self._entry(position, handle, entry)
            found.append((name, read))
            seen += read.size
            if position >= _LIST_MAX:
                raise Refused(too_large(f"文件超过{_LIST_MAX}个"))
            if self.kind.startswith("tar") and seen > self._limit:
                raise Refused(too_large("解压后的总大小超过限制"))
        guessed = iter(decode_names([name for name, _ in found if isinstance(name, bytes)]))
        return [_named(read, next(guessed) if isinstance(name, bytes) else name) for name, read in found]

    def read(self, wanted: Sequence[Entry], limit: int) -> Iterator[tuple[Entry, bytes | Refused]]:
        by_position = {entry.position: entry for entry in wanted}
        last = max(by_position, default=-1)
        for position, (handle, _) in enumerate(self._walk()):
            if position in by_position:
                asked = by_position[position]
                yield asked, self._content(handle, asked, min(limit, asked.size))
            if position >= last:
                return
        missing = [entry for entry in wanted if entry.position > position]
        for entry in missing:
            yield entry, Refused(unreadable(entry.name, "压缩数据已损坏"))

    def _walk(self) -> Iterator[tuple[Any, Any]]:
        """Archive and entry pointers, one header after the other. Raises Refused."""
        archive = ffi.read_new()
        try:
            for name in FORMATS[self.kind]:
                ffi.get_read_format_function(name)(archive)
            if self.kind in _FILTERS:
                ffi.get_read_filter_function(_FILTERS[self.kind])(archive)
            held = self._open(archive)
            entry = ctypes.c_void_p()
            while ffi.read_next_header(archive, ctypes.byref(entry)) != ffi.ARCHIVE_EOF:
                yield archive, entry.value
            del held
        except ArchiveError as error:
            raise Refused(self._reason(archive, error)) from error
        finally:
            ffi.read_free(archive)

    def _open(self, archive: Any) -> object:
        """Start reading; what is returned must live as long as the archive is read."""
        self._file.seek(0)
        try:
            descriptor = self._file.fileno()
        except OSError:
            data = self._file.read()
            ffi.read_open_memory(archive, data, len(data))
            return data
        os.lseek(descriptor, 0, os.SEEK_SET)
        ffi.read_open_fd(archive, descriptor, _BLOCK)
        return None

    def _entry(self, position: int, archive: Any, entry: Any) -> tuple[str | bytes, Entry]:
        raw = ffi.entry_pathname(entry)
        wide = ffi.entry_pathname_w(entry)
        name = wide if wide is not None else (raw or b"")
        kind = _TYPES.get(ffi.entry_filetype(entry), "file")
        if ffi.entry_hardlink_w(entry) is not None or ffi.entry_hardlink(entry) is not None:
            kind = "link"
        size = max(0, ffi.entry_size(entry)) if ffi.entry_size_is_set(entry) else 0
        return name, Entry(position, "", size, None, kind, _is_encrypted(entry) == 1 or _has_encrypted(archive) == 2)

    def _content(self, archive: Any, entry: Entry, allowed: int) -> bytes | Refused:
        out = bytearray()
        block = ctypes.create_string_buffer(_BLOCK)
        try:
            while True:
                count = ffi.read_data(archive, block, _BLOCK)
                if count <= 0:
                    break
                out += memoryview(block)[:count]
                if len(out) > allowed:
                    return Refused(too_large("实际大小超过压缩包目录所写的大小", entry.name))
        except ArchiveError as error:
            return Refused(self._reason(archive, error, entry.name))
        if len(out) != entry.size:
            return Refused(unreadable(entry.name, "压缩数据不完整"))
        return bytes(out)

    def _reason(self, archive: Any, error: ArchiveError, name: str | None = None) -> Finding:
        text = str(error.msg or "").lower()
        if "encrypt" in text or "password" in text or "passphrase" in text or _has_encrypted(archive) > 0:
            return encrypted(name or self._name)
        return unreadable(name or self._name, "压缩数据已损坏，或是少见的压缩方法")


def _named(entry: Entry, name: str) -> Entry:
    return Entry(entry.position, name, entry.size, entry.packed, entry.type, entry.encrypted, entry.refusal)
