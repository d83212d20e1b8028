"""What a file is, from its bytes: names lie, and units rename `.rtf` to `.doc` to please a checklist.

Nothing is parsed here beyond magic numbers and directory names; it is fast enough for every member of a packet.
"""

from __future__ import annotations

import re
import struct
from typing import Literal

Kind = Literal[
    "empty", "docx", "xlsx", "ooxml", "odf", "zip", "rar", "7z", "tar", "tar.gz", "tar.bz2", "tar.xz",
    "ole_word", "ole_excel", "ole_encrypted", "ole_works", "ole_other", "rtf", "html", "mht", "word_xml", "works",
    "pdf", "picture", "text", "unknown",
]  # fmt: skip
ARCHIVES: frozenset[Kind] = frozenset({"zip", "rar", "7z", "tar", "tar.gz", "tar.bz2", "tar.xz"})

# no packet, whatever its name says
NOTHING: frozenset[Kind] = frozenset({"empty", "unknown", "text", "works", "ole_works", "ole_other"})

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "tar.gz"),
    (b"BZh", "tar.bz2"),
    (b"\xfd7zXZ\0", "tar.xz"),
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG\r\n", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"{\\rt", "rtf"),
    # Works for DOS and Works 2 for Windows
    (b"\x01\xfe\x32\0", "works"),
    (b"\x01\xfe\x31\0", "works"),
)
_WORD_XML = re.compile(rb"<(?:\w+:)?(?:wordDocument|package)\b|progid=\"Word\.Document\"")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)
_MHT = re.compile(rb"^(?:from|mime-version|content-type|date|subject):", re.IGNORECASE | re.MULTILINE)


def kind_of(data: bytes) -> Kind:
    """The kind of a file from its content (for a large file its first and last 64 KiB joined are enough, except for zip).

    >>> kind_of(b"{\\\\rtf1\\\\ansi}"), kind_of(b""), kind_of(b"%PDF-1.7")
    ('rtf', 'empty', 'pdf')
    """
    if not data:
        return "empty"
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data[:4] in (b"PK\3\4", b"PK\5\6") or (data[:2] in (b"PK", b"MZ") and b"PK\5\6" in data[-65_557:]):
        return _zip_kind(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[257:262] == b"ustar":
        return "tar"
    return _text_kind(data)


def _zip_kind(data: bytes) -> Kind:
    end = data.rfind(b"PK\5\6")
    size = struct.unpack_from("<L", data, end + 12)[0] if 0 <= end <= len(data) - 16 else 0
    names = data[max(0, end - size) : end] if end >= 0 else data[:4096]
    if b"[Content_Types].xml" in names or b"[content_types].xml" in names.lower()[:4096]:
        if b"word/" in names.lower():
            return "docx"
        return "xlsx" if b"xl/" in names.lower() else "ooxml"
    return "odf" if b"META-INF/manifest.xml" in names and b"mimetype" in names else "zip"


def _ole_kind(data: bytes) -> Kind:
    def has(*names: str) -> bool:
        return any(has_stream(data, name) for name in names)

    if has("EncryptedPackage"):
        return "ole_encrypted"
    if has("WordDocument"):
        return "ole_word"
    if has("Workbook", "Book"):
        return "ole_excel"
    return "ole_works" if has("MatOST", "MN0", "CONTENTS", "WksSSWorkBook") else "ole_other"


def has_macros(data: bytes) -> bool:
    """True when an OLE document holds a Visual Basic project."""
    return has_stream(data, "_VBA_PROJECT") or has_stream(data, "_VBA_PROJECT_CUR")


def has_stream(data: bytes, name: str) -> bool:
    """A directory entry of this name: 128 bytes, aligned, the name's length in bytes at 64 (MS-CFB 2.6.1)."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted, 512)
    while at >= 0:
        if at % 128 == 0 and data[at + 64 : at + 66] == struct.pack("<H", len(wanted)):
            return True
        at = data.find(wanted, at + 1)
    return False


def _text_kind(data: bytes) -> Kind:
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    if _WORD_XML.search(head) and b"<" in head[:64]:
        return "word_xml"
    if len(_MHT.findall(head)) >= 2 and b"multipart/related" in head.lower():
        return "mht"
    if _HTML.search(head):
        return "html"
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return "text" if printable > 0.97 * len(head) else "unknown"
