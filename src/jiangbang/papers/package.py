"""An Office package (a zip of parts), opened without trusting it.

Only the central directory is read; a part is inflated when it is asked for, with a hard bound on what may come out, whatever
its header says. Written by hand because `zipfile` believes the headers and costs more than reading the form itself.
"""

from __future__ import annotations

import struct
import threading
import zlib
from functools import lru_cache
from typing import Final

from lxml import etree

# A real form's document.xml has 20 to 200 KB; these bounds keep the tree under 200 MB of memory and the walk under a second.
MAX_XML = 16 * 2**20
MAX_ELEMENTS = 400_000
MAX_TOTAL = 64 * 2**20
MAX_PARTS = 5_000
MAX_PICTURE = 40 * 2**20
# The most that deflate can reach. Real parts over 1 MB (styles) stay under 40:1, real pictures under 20:1.
DEFLATE_RATIO = 1032
MAX_RATIO = 250
RATIO_COUNTS_FROM = 2**20

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END64 = struct.Struct("<4sQ2H2L4Q")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class PackageError(Exception):
    """The package cannot be read: a finding's code and, in the reader's words, why."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code: Final = code
        self.reason: Final = reason


class Package:
    """The parts of an Office file by lower-case name. Raises PackageError for all that is wrong with the bytes."""

    __slots__ = ("_base", "_data", "_entries", "_left")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_TOTAL
        self._entries: dict[str, tuple[int, int, int, int, int]] = {}
        self._base = 0
        self._read_directory()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    @property
    def has_macros(self) -> bool:
        return "vbaproject.bin\n" in "\n".join((*self._entries, ""))

    def _read_directory(self) -> None:
        data = self._data
        at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
        if at < 0 or at + _END.size > len(data):
            raise _unopenable(data)
        _, _, _, _, count, size, offset, _ = _END.unpack_from(data, at)
        end = at
        if count == 0xFFFF or size == 0xFFFFFFFF or offset == 0xFFFFFFFF:
            end, count, size, offset = self._directory64(at)
        # bytes before the first entry (a self-extractor's stub) shift every offset
        self._base = end - size - offset
        if count > MAX_PARTS:
            raise PackageError("packet.too_large", f"内含{count}个部件，超过{MAX_PARTS}个")
        if self._base < 0 or end - size < 0:
            raise PackageError("packet.member_unreadable", "压缩包目录损坏")
        self._read_entries(end - size, count)

    def _directory64(self, at: int) -> tuple[int, int, int, int]:
        """(end, count, size, offset) of a zip64 directory, whose record stands before its locator before `at`."""
        found = self._data.rfind(b"PK\x06\x06", 0, at)
        if found < 0 or found + _END64.size > at:
            raise PackageError("packet.member_unreadable", "压缩包目录损坏")
        _, _, _, _, _, _, _, count, size, offset = _END64.unpack_from(self._data, found)
        return found, count, size, offset

    def _read_entries(self, position: int, count: int) -> None:
        data, entries, unpack, fixed = self._data, self._entries, _ENTRY.unpack_from, _ENTRY.size
        try:
            for _ in range(count):
                magic, _, _, flags, method, _, _, crc, packed, full, n, extra, note, _, _, _, local = unpack(
                    data, position
                )
                if magic != b"PK\x01\x02":
                    raise PackageError("packet.member_unreadable", "压缩包目录损坏")
                start = position + fixed
                raw = data[start : start + n]
                plain = flags & 0x800 or raw.isascii()
                name = raw.decode("utf-8" if plain else "cp437", "replace")
                if 0xFFFFFFFF in (packed, full, local):
                    packed, local = _zip64_sizes(data[start + n : start + n + extra], full, packed, local)
                entries[name.lower().replace("\\", "/").lstrip("/")] = (flags, method, crc, packed, local)
                position = start + n + extra + note
        except struct.error:
            raise PackageError("packet.member_unreadable", "压缩包目录损坏") from None

    def read(self, name: str, limit: int = MAX_XML) -> bytes:
        """The bytes of a part, at most `limit`. Raises PackageError; KeyError where there is no such part."""
        flags, method, crc, packed, local = self._entries[name.lower().lstrip("/")]
        if flags & 1:
            raise PackageError("packet.encrypted")
        data, local = self._data, local + self._base
        if data[local : local + 4] != b"PK\x03\x04" or local + _LOCAL.size > len(data):
            raise PackageError("packet.member_unreadable", f"部件 {name} 损坏")
        header = _LOCAL.unpack_from(data, local)
        start = local + _LOCAL.size + header[9] + header[10]
        content = self._inflate(name, data[start : start + packed], method, min(limit, self._left))
        if zlib.crc32(content) != crc:
            raise PackageError("packet.member_unreadable", f"部件 {name} 校验和不符，文件已损坏")
        self._left -= len(content)
        return content

    def _inflate(self, name: str, packed: bytes, method: int, limit: int) -> bytes:
        if method == 0:
            content = packed
        elif method == 8:
            if len(packed) * DEFLATE_RATIO <= MAX_TOTAL:  # cannot become too large: one call, twice as fast
                return self._inflate_small(name, packed, limit)
            inflater = zlib.decompressobj(-15)
            try:
                content = inflater.decompress(packed, limit + 1)
            except zlib.error:
                raise PackageError("packet.member_unreadable", f"部件 {name} 损坏") from None
            if len(content) <= limit and not inflater.eof:
                raise PackageError("packet.member_unreadable", f"部件 {name} 残缺")
        else:
            raise PackageError("packet.member_unreadable", f"部件 {name} 的压缩方式不受支持")
        return _within(name, content, packed, limit)

    def _inflate_small(self, name: str, packed: bytes, limit: int) -> bytes:
        try:
            content = zlib.decompress(packed, -15, 8 * len(packed) if len(packed) < 16_384 else len(packed) + 16_384)
        except zlib.error:
            raise PackageError("packet.member_unreadable", f"部件 {name} 损坏或残缺") from None
        return _within(name, content, packed, limit)

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part, without entities, document types or any fetch."""
        return parse_xml(self.read(name), name)

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """id → (type's last word, target part, external) of the part's relationships; "" is the package itself."""
        folder, _, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels".lstrip("/")
        if name not in self:
            return {}
        return _relations(folder, self.read(name))


@lru_cache(maxsize=64)
def _relations(folder: str, content: bytes) -> dict[str, tuple[str, str, bool]]:
    """Parse one relationship part. Papers of one editor carry the same few again and again, so they are kept."""
    found = {}
    for relation in parse_xml(content, f"{folder}/_rels"):
        get = relation.get
        target, external = get("Target") or "", get("TargetMode") == "External"
        kind = (get("Type") or "").rpartition("/")[2]
        found[get("Id") or ""] = (kind, target if external else _resolve(folder, target), external)
    return found


def _within(name: str, content: bytes, packed: bytes, limit: int) -> bytes:
    size = len(content)
    if size > limit or (size > RATIO_COUNTS_FROM and size > MAX_RATIO * max(1, len(packed))):
        raise PackageError("packet.too_large", f"部件 {name} 解压后过大")
    return content


def _zip64_sizes(extra: bytes, full: int, packed: int, local: int) -> tuple[int, int]:
    """Packed size and offset out of the zip64 extra field, which holds only the values that overflowed, in this order."""
    position = 0
    while position + 4 <= len(extra):
        tag, size = struct.unpack_from("<HH", extra, position)
        if tag == 1:
            values = iter(struct.unpack_from(f"<{size // 8}Q", extra, position + 4))
            if full == 0xFFFFFFFF:
                next(values, 0)
            packed = next(values, packed) if packed == 0xFFFFFFFF else packed
            local = next(values, local) if local == 0xFFFFFFFF else local
        position += 4 + size
    return packed, local


def _resolve(folder: str, target: str) -> str:
    """The name of the part that a relationship's target means."""
    if not target.startswith("/") and folder:
        target = f"{folder}/{target}"
    if "./" not in target:
        return target.lstrip("/")
    steps: list[str] = []
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _unopenable(data: bytes) -> PackageError:
    """What the bytes are when they are no zip."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return PackageError("packet.encrypted")
        return PackageError("packet.member_unreadable", "这是旧版二进制文档，不是 .docx")
    if not data:
        return PackageError("packet.member_unreadable", "文件是空的")
    if data.startswith(b"PK\x03\x04"):
        return PackageError("packet.member_unreadable", "文件残缺，后半部分丢失")
    return PackageError("packet.member_unreadable", "不是 Word 文档")


class _Parsers(threading.local):
    """A parser for each thread: one shared by threads would serialise them."""

    def __init__(self) -> None:
        self.parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )


_PARSERS = _Parsers()


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Parse one part. Raises PackageError for broken XML, a document type declaration, or too many elements."""
    # an element takes four characters at least
    if len(content) > 4 * MAX_ELEMENTS and content.count(b"<") > 2 * MAX_ELEMENTS:
        raise PackageError("packet.too_large", f"部件 {name} 的元素过多")
    if b"<!DOCTYPE" in content[:2048]:
        raise PackageError("packet.member_unreadable", f"部件 {name} 带有文档类型声明（DTD）")
    try:
        root = etree.fromstring(content, _PARSERS.parser)
    except (etree.XMLSyntaxError, ValueError):
        raise PackageError("packet.member_unreadable", f"部件 {name} 的 XML 有错") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise PackageError("packet.member_unreadable", f"部件 {name} 带有文档类型声明（DTD）")
    return root
