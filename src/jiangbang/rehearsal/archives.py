"""Archives as units send them: names in GB 18030 without the UTF-8 flag, members that claim a password or point outside."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

NameEncoding = Literal["utf-8", "gb18030"]

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _DEFLATED = 20, 8
_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800
# 1 January 1980, the earliest that the format knows: the same papers must give the same bytes
_DATE, _TIME = 0x21, 0
# Papers are zips themselves: little is gained, so little is spent.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Packed:
    """One member. `locked` sets the flag of a password without encrypting anything: readers stop at the flag."""

    name: str
    data: bytes
    locked: bool = False


def zip_archive(members: Iterable[Packed], *, names: NameEncoding = "utf-8") -> bytes:
    """The archive's bytes, the same for the same members. Not for archives over 4 GB."""
    body, directory, count = bytearray(), bytearray(), 0
    for member in members:
        raw = member.name.encode(names)
        flags = (_UTF8_FLAG if names == "utf-8" else 0) | (_ENCRYPTED_FLAG if member.locked else 0)
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(member.data) + packer.flush()
        sizes = (zlib.crc32(member.data), len(packed), len(member.data))
        common = (flags, _DEFLATED, _TIME, _DATE, *sizes, len(raw), 0)
        offset = len(body)
        body += _LOCAL.pack(b"PK\3\4", _VERSION, *common) + raw + packed
        directory += _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *common, 0, 0, 0, 0, offset) + raw
        count += 1
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
