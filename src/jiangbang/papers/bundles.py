"""Opening an archive with the first reader that can, and giving what it could not read to the next one."""

from __future__ import annotations

import importlib
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from jiangbang.papers.archive import Archive, Entry, Refused, judge_entries, unreadable
from jiangbang.papers.kinds import Kind
from jiangbang.papers.limits import Limits
from jiangbang.papers.zip_directory import ZipArchive

_VOLUMES = "这是分卷压缩包的一部分，请合成一个压缩包"


def have_libarchive() -> bool:
    """True when the system's libarchive can be loaded. In a child the house has told where it is: searching needs processes."""
    try:
        importlib.import_module("jiangbang.papers.libarchive_reader")
    except (ImportError, OSError, AttributeError, TypeError):
        # libarchive-c raises TypeError where the library is not installed: find_library gave None
        return False
    return True


class Bundle:
    """An archive whose directory has been judged. `entries` are its files; directories are left out."""

    def __init__(self, file: BinaryIO, name: str, kind: Kind, limits: Limits, *, unpacked: bool = False) -> None:
        self.name = name
        self._limits = limits
        self._size = file.seek(0, 2)
        if kind == "rar" and not unpacked and _is_volume(file):
            raise Refused(unreadable(name, _VOLUMES))
        self._readers = _readers(file, name, kind, limits, unpacked)
        self._archive, self.entries = self._first()

    def read(self, wanted: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Refused]]:
        """Contents in the archive's order; a second reader gets what the first could not read."""
        failed: list[tuple[Entry, Refused]] = []
        wanted = [entry for entry in wanted if entry.refusal is None]
        reached: set[int] = set()
        try:
            for entry, content in self._archive.read(wanted, self._limits.member):
                reached.add(entry.position)
                if isinstance(content, Refused) and self._readers and _another_may(content):
                    failed.append((entry, content))
                else:
                    yield entry, content
        except Refused as refused:
            failed += [(entry, refused) for entry in wanted if entry.position not in reached]
        yield from self._retry(failed)

    def _retry(self, failed: Sequence[tuple[Entry, Refused]]) -> Iterator[tuple[Entry, bytes | Refused]]:
        left = {entry.position: (entry, refused) for entry, refused in failed}
        while left and self._readers:
            try:
                other = self._readers.pop(0)()
                same = {entry.position: entry for entry in judge_entries(other.entries(), self._size, self._limits)}
                again = [same[position] for position in left if position in same and same[position].refusal is None]
                for entry, content in other.read(again, self._limits.member):
                    if isinstance(content, bytes):
                        original, _ = left.pop(entry.position)
                        yield original, content
            except Refused:
                continue
        yield from left.values()

    def _first(self) -> tuple[Archive, tuple[Entry, ...]]:
        problem: Refused | None = None
        while self._readers:
            try:
                archive = self._readers.pop(0)()
                return archive, judge_entries(archive.entries(), self._size, self._limits)
            except Refused as refused:
                problem = problem or refused
                if not _another_may(refused):
                    break
        raise problem or Refused(unreadable(self.name, "本机缺少读取这种压缩包的组件，请改用 zip 格式"))


def _another_may(refused: Refused) -> bool:
    """Damage may be ignorance; limits and passwords hold for every reader."""
    return refused.finding.code == "packet.member_unreadable"


def _readers(file: BinaryIO, name: str, kind: Kind, limits: Limits, unpacked: bool) -> list[Callable[[], Archive]]:
    if kind == "zip":
        return [lambda: ZipArchive(file, name)]
    if unpacked:
        module = importlib.import_module("jiangbang.papers.unpacked")
        return [lambda: module.Unpacked(file, name)]
    readers: list[Callable[[], Archive]] = []
    if have_libarchive():
        libarchive = importlib.import_module("jiangbang.papers.libarchive_reader")
        readers.append(lambda: libarchive.LibArchive(file, name, kind, limits.total))
    if kind == "7z":
        readers.append(lambda: importlib.import_module("jiangbang.papers.sevenzip_reader").SevenZip(file, name))
    return readers


def _is_volume(file: BinaryIO) -> bool:
    """True for one part of a multi-part rar: the flag of the main header, rar 4 and rar 5 (RAR technote, "Archive headers")."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"Rar!\x1a\x07\x00") and len(head) >= 12 and head[9] == 0x73:
        return bool(struct.unpack_from("<H", head, 10)[0] & 1)
    if not head.startswith(b"Rar!\x1a\x07\x01\x00"):
        return False
    numbers = _variable_numbers(head[12:])
    # header size, type, header flags, [extra area size], archive flags
    if len(numbers) < 5 or numbers[1] != 1:
        return False
    return bool(numbers[4 if numbers[2] & 1 else 3] & 1)


def _variable_numbers(data: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(value)
            value, shift = 0, 0
    return numbers
