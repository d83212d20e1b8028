"""Reading zip archives ourselves: the central directory is the truth, and every byte of it is checked before it is believed.

Python's own reader accepts overlapping entries, guesses the encoding of names and trusts sizes. Source: APPNOTE.TXT 6.3.10
(4.3.7 local header, 4.3.12 central directory, 4.3.14-16 end records, 4.6.9 Info-ZIP Unicode path).
"""

from __future__ import annotations

import bz2
import itertools
import lzma
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol

from jiangbang.papers.archive import Entry, EntryType, Refused, decode_names, encrypted, too_large, unreadable

_END, _END64, _LOCATOR64, _CENTRAL, _LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2", b"PK\3\4"
_CENTRAL_FIXED = struct.Struct("<4s4B4HL2L5H2L")
_BLOCK = 64 * 1024
# a directory of 2,000 names of 1,000 bytes, and room to count how many more there are
_DIRECTORY_MAX = 16 * 1024 * 1024
_UTF8, _ENCRYPTED, _DIRECTORY_ENCRYPTED = 0x800, 0x41, 0x2000
_METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 14: "lzma"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry of the central directory, as written."""

    raw_name: bytes
    unicode_name: str | None
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    system: int
    attributes: int


class ZipArchive:
    """A zip file open for reading. Raises Refused for what is no usable zip."""

    kind = "zip"

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._length = file.seek(0, 2)
        self._lines, self._shift = self._directory()
        self._starts = self._check_overlap()

    def entries(self) -> Sequence[Entry]:
        names = _names(self._lines)
        return [self._entry(position, name) for position, name in enumerate(names)]

    def read(self, wanted: Sequence[Entry], limit: int) -> Iterator[tuple[Entry, bytes | Refused]]:
        for entry in wanted:
            try:
                yield entry, self._content(entry, limit)
            except Refused as refused:
                yield entry, refused

    # --- directory --------------------------------------------------------------------------------------------------

    def _directory(self) -> tuple[list[_Line], int]:
        """All lines, and by how much prepended bytes shift every offset."""
        tail_at = max(0, self._length - 65_557)
        tail = self._at(tail_at, self._length - tail_at)
        end = tail.rfind(_END)
        if end < 0 or len(tail) - end < 22:
            raise Refused(unreadable(self._name, "压缩包不完整（缺少目录）"))
        disk, first_disk, here, count, size, offset, _ = struct.unpack_from("<4H2LH", tail, end + 4)
        if disk not in (0, 0xFFFF) or first_disk not in (0, 0xFFFF) or here != count:
            raise Refused(unreadable(self._name, "这是分卷压缩包的一部分，请合成一个压缩包"))
        end_at = tail_at + end
        if 0xFFFF in (count,) or 0xFFFFFFFF in (size, offset):
            count, size, offset, end_at = self._end64(end_at, count, size, offset)
        shift = end_at - size - offset
        if size > _DIRECTORY_MAX:
            raise Refused(too_large(f"目录有{size}字节，文件过多"))
        if shift < 0 or offset + shift + size > self._length:
            raise Refused(unreadable(self._name, "压缩包目录的位置不对，可能已损坏"))
        return list(self._lines_of(self._at(offset + shift, size), count)), shift

    def _end64(self, end_at: int, count: int, size: int, offset: int) -> tuple[int, int, int, int]:
        """The zip64 record in place of the short one, where there is one."""
        locator = self._at(max(0, end_at - 20), 20)
        if locator[:4] != _LOCATOR64:
            return count, size, offset, end_at
        (declared,) = struct.unpack_from("<Q", locator, 8)
        for at in (end_at - 20 - 56, declared):
            record = self._at(at, 56) if 0 <= at < self._length else b""
            if record[:4] == _END64 and len(record) == 56:
                _here, count, size, offset = struct.unpack_from("<4Q", record, 24)
                return count, size, offset, at
        raise Refused(unreadable(self._name, "压缩包不完整（zip64 目录损坏）"))

    def _lines_of(self, directory: bytes, count: int) -> Iterator[_Line]:
        at, seen = 0, 0
        while directory[at : at + 4] == _CENTRAL:
            if len(directory) - at < 46:
                break
            (_, _, system, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, _, _,
             attributes, offset) = _CENTRAL_FIXED.unpack_from(directory, at)  # fmt: skip
            name = directory[at + 46 : at + 46 + name_length]
            extra = directory[at + 46 + name_length : at + 46 + name_length + extra_length]
            at += 46 + name_length + extra_length + comment_length
            seen += 1
            if flags & _DIRECTORY_ENCRYPTED:
                raise Refused(encrypted(self._name))
            size, packed, offset = _wide(extra, size, packed, offset)
            yield _Line(name, _unicode_path(extra, name), flags, method, crc, packed, size, offset, system, attributes)
        if seen != count & 0xFFFF and seen != count:
            raise Refused(unreadable(self._name, f"压缩包目录应有{count}个文件，只读到{seen}个，可能已损坏"))

    def _check_overlap(self) -> list[int]:
        """Where each entry's data starts. Raises Refused when two entries share bytes: only bombs do."""
        starts = [self._data_start(line) for line in self._lines]
        spans = sorted(
            (line.offset + self._shift, start + line.packed)
            for line, start in zip(self._lines, starts, strict=True)
            if start >= 0
        )
        for (_, finish), (begin, _) in itertools.pairwise(spans):
            if begin < finish:
                raise Refused(too_large("压缩包内的文件互相重叠，疑为压缩炸弹"))
        return starts

    def _data_start(self, line: _Line) -> int:
        """Behind the local header; -1 where there is none."""
        at = line.offset + self._shift
        header = self._at(at, 30) if 0 <= at < self._length else b""
        if len(header) < 30 or header[:4] != _LOCAL:
            return -1
        name_length, extra_length = struct.unpack_from("<2H", header, 26)
        return at + 30 + int(name_length) + int(extra_length)

    def _entry(self, position: int, name: str) -> Entry:
        line = self._lines[position]
        entry = Entry(position, name, line.size, line.packed, _type(line, name), bool(line.flags & _ENCRYPTED))
        start = self._starts[position]
        if start < 0 or start + line.packed > self._length:
            return replace(entry, refusal=unreadable(name, "压缩包已损坏，此文件的内容缺失"))
        return entry

    # --- contents ---------------------------------------------------------------------------------------------------

    def _content(self, entry: Entry, limit: int) -> bytes:
        """The unpacked bytes: never more than declared, never more than `limit`, checksum right. Raises Refused."""
        line = self._lines[entry.position]
        if line.method not in _METHODS:
            raise Refused(unreadable(entry.name, f"压缩方法{line.method}不常用，请用系统自带的压缩功能重新打包"))
        allowed = min(line.size, limit)
        try:
            data = self._unpack(line, self._starts[entry.position], allowed)
        except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError) as error:
            raise Refused(unreadable(entry.name, "压缩数据已损坏")) from error
        if len(data) > allowed:
            raise Refused(too_large("实际大小超过压缩包目录所写的大小", entry.name))
        if len(data) != line.size or zlib.crc32(data) != line.crc:
            raise Refused(unreadable(entry.name, "校验和不符，文件在压缩或传送中损坏"))
        return data

    def _unpack(self, line: _Line, start: int, allowed: int) -> bytes:
        """At most `allowed` + 1 bytes: one more shows that the directory lied."""
        if line.method == 0:
            return self._at(start, min(line.packed, allowed + 1))
        unpacker = _unpacker(line.method, self._at(start, 9))
        if line.method == 14:
            start, packed = start + 9, line.packed - 9
        else:
            packed = line.packed
        out = bytearray()
        while packed > 0 and len(out) <= allowed and not unpacker.eof:
            block = self._at(start, min(_BLOCK, packed))
            if not block:
                break
            start, packed = start + len(block), packed - len(block)
            out += unpacker.decompress(block, allowed + 1 - len(out))
            while unpacker.pending and len(out) <= allowed:
                out += unpacker.decompress(b"", allowed + 1 - len(out))
        return bytes(out)

    def _at(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def pending(self) -> bool: ...
    def decompress(self, data: bytes, limit: int) -> bytes: ...


class _Inflater:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(-15)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def pending(self) -> bool:
        return bool(self._inner.unconsumed_tail)

    def decompress(self, data: bytes, limit: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, limit)


class _BlockUnpacker:
    """bzip2 and lzma share one interface."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def pending(self) -> bool:
        return not self._inner.needs_input and not self._inner.eof

    def decompress(self, data: bytes, limit: int) -> bytes:
        return self._inner.decompress(data, limit)


def _unpacker(method: int, start: bytes) -> _Unpacker:
    if method == 8:
        return _Inflater()
    if method == 12:
        return _BlockUnpacker(bz2.BZ2Decompressor())
    return _BlockUnpacker(_lzma(start))


def _lzma(start: bytes) -> lzma.LZMADecompressor:
    """LZMA as zip wraps it: version, length of properties, then one byte of lc/lp/pb and the dictionary size."""
    if len(start) < 9 or start[2:4] != b"\5\0":
        raise ValueError("unknown lzma properties")
    packed, dictionary = start[4], int.from_bytes(start[5:9], "little")
    if packed >= 225 or dictionary > 64 * 1024 * 1024:
        raise ValueError("lzma properties out of range")
    rest, lc = divmod(packed, 9)
    pb, lp = divmod(rest, 5)
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096), "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)


def _names(lines: Sequence[_Line]) -> list[str]:
    """Each name: the Unicode path field, else flagged UTF-8, else what the archive as a whole looks like."""
    known = [line.unicode_name if line.unicode_name is not None else _flagged(line) for line in lines]
    guessed = iter(decode_names([line.raw_name for line, name in zip(lines, known, strict=True) if name is None]))
    return [next(guessed) if name is None else name for name in known]


def _flagged(line: _Line) -> str | None:
    if not line.flags & _UTF8:
        return None
    try:
        return line.raw_name.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, raw_name: bytes) -> str | None:
    """Extra field 0x7075, if it still belongs to this name."""
    field = _extra_field(extra, 0x7075)
    if (
        field is None
        or len(field) < 5
        or field[0] != 1
        or struct.unpack_from("<L", field, 1)[0] != zlib.crc32(raw_name)
    ):
        return None
    try:
        return field[5:].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The 64-bit values in place of those that did not fit."""
    field = _extra_field(extra, 1)
    if field is None:
        return size, packed, offset
    values = [value for (value,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
    result = []
    for short in (size, packed, offset):
        result.append(values.pop(0) if short == 0xFFFFFFFF and values else short)
    return result[0], result[1], result[2]


def _extra_field(extra: bytes, wanted: int) -> bytes | None:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return None


def _type(line: _Line, name: str) -> EntryType:
    """Unix modes count whatever system is named: unpackers honour them too."""
    mode = line.attributes >> 16
    if line.system != 0 and stat.S_ISLNK(mode):
        return "link"
    if name.endswith(("/", "\\")) or (line.attributes & 0x10 and not line.size):
        return "directory"
    format_bits = stat.S_IFMT(mode)
    known = (0, stat.S_IFREG, stat.S_IFDIR)
    return "other" if line.system == 3 and format_bits not in known else "file"
