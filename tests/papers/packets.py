"""Packets made for tests: written papers, zips with every liberty that the format allows."""

from __future__ import annotations

import io
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from papers import layouts

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers import packet
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.packet import Closed, FormRead, Found, MemberSeen, Opened, RosterRead
from jiangbang.papers.roster_writer import write_roster

ROOT = Path(__file__).resolve().parents[2]
FORM_NAME = "附件2推荐表（{}）.docx"
ROSTER_NAME = "附件3推荐信息汇总表.xlsx"


@cache
def official_form() -> FormSpec:
    path = ROOT / "programmes/hangzhou-digital-craftsman/form.toml"
    return FormSpec.from_document(tomllib.loads(path.read_text("utf-8")))


def record(name: str = "李艳") -> Record:
    return {**official_form().empty_record(), **layouts.RECORD, "opinions": layouts.OPINIONS, "name": name}


def a_form(name: str = "李艳") -> bytes:
    return write_form(record(name), official_form(), photo=layouts.PHOTO)


def a_roster(*names: str) -> bytes:
    return write_roster([record(name) for name in names], official_form(), unit="滨江区总工会", kind="xlsx")


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


@dataclass(frozen=True)
class Raw:
    """One entry of a zip whose every number may lie."""

    name: bytes
    data: bytes = b""
    flags: int = 0
    method: int = 8
    size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    system: int = 0
    attributes: int = 0


def raw_zip(entries: Iterable[Raw]) -> bytes:
    out, directory = bytearray(), bytearray()
    count = 0
    for entry in entries:
        packed = _deflate(entry.data) if entry.method == 8 else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        middle = struct.pack("<HHHHLLL", entry.flags, entry.method, 0, 33, crc, len(packed), size)
        offset = len(out)
        out += b"PK\3\4\x14\0" + middle + struct.pack("<HH", len(entry.name), 0) + entry.name + packed
        directory += b"PK\1\2" + bytes([20, entry.system]) + b"\x14\0" + middle
        directory += struct.pack("<HHHHHLL", len(entry.name), len(entry.extra), 0, 0, 0, entry.attributes, offset)
        directory += entry.name + entry.extra
        count += 1
    end = struct.pack("<4H2LH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(out), 0)
    return bytes(out + directory) + b"PK\5\6" + end


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@dataclass(frozen=True)
class Seen:
    """What the events of one packet came to."""

    opened: Opened
    forms: tuple[FormRead, ...]
    rosters: tuple[RosterRead, ...]
    others: tuple[MemberSeen, ...]
    findings: tuple[tuple[str, str | None], ...]
    closed: Closed

    @property
    def codes(self) -> list[str]:
        """Of the packet's findings, then of its papers'."""
        papers = [event.reading.findings for event in (*self.forms, *self.rosters)]
        return [code for code, _ in self.findings] + [finding.code for found in papers for finding in found]

    @property
    def names(self) -> list[str | None]:
        return sorted(str(form.reading.record["name"]) for form in self.forms)

    @property
    def kinds(self) -> dict[str, str]:
        return {member.name: member.kind for member in self.closed.members}


def read(path: Path, **options: object) -> Seen:
    events = list(packet.read_packet(path, official_form(), **options))  # type: ignore[arg-type]
    opened, closed = events[0], events[-1]
    assert isinstance(opened, Opened)
    assert isinstance(closed, Closed)
    for event in events:
        if isinstance(event, Found):
            assert event.finding.message("zh")
            assert event.finding.message("en")
    return Seen(
        opened,
        tuple(event for event in events if isinstance(event, FormRead)),
        tuple(event for event in events if isinstance(event, RosterRead)),
        tuple(event for event in events if isinstance(event, MemberSeen)),
        tuple((event.finding.code, event.finding.where) for event in events if isinstance(event, Found)),
        closed,
    )


def read_bytes(folder: Path, data: bytes, name: str = "滨江+数字工匠推荐.zip", **options: object) -> Seen:
    path = folder / name
    path.write_bytes(data)
    return read(path, **options)
