"""Packets: an archive, a folder or a single paper in; forms, rosters and findings out, one at a time.

The bytes are parsed in child processes (`papers.sandbox`). A member that kills its child costs only itself: a new child goes on behind
it. Memory stays flat, however many forms a packet holds: each reading is handed on and forgotten.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from jiangbang.kernel.form import FormSpec
from jiangbang.papers import conversion, legacy
from jiangbang.papers.archive import Refused, is_litter, too_large, unreadable
from jiangbang.papers.findings import Finding
from jiangbang.papers.limits import LIMITS, Limits
from jiangbang.papers.member_reading import Expected
from jiangbang.papers.packet_events import (
    Closed,
    Event,
    FormRead,
    Found,
    MemberSeen,
    Opened,
    Progress,
    RosterRead,
)
from jiangbang.papers.packet_session import Session
from jiangbang.papers.reading import FormReading, RosterReading
from jiangbang.papers.sandbox import REASONS_ZH, Child, ChildDied

__all__ = [
    "Closed",
    "Event",
    "FormRead",
    "Found",
    "MemberMissing",
    "MemberSeen",
    "Opened",
    "Progress",
    "RosterRead",
    "extract_member",
    "packet_unit_name",
    "read_one_form",
    "read_one_roster",
    "read_packet",
]


_CONVENTION = re.compile(r"^(?P<unit>[^+＋]+?)\s*[+＋]\s*\S")


def packet_unit_name(filename: str) -> str | None:
    """The unit that a packet's file name gives, by the letter's convention `单位+数字工匠推荐` (L-3).

    >>> packet_unit_name("滨江 ＋数字工匠推荐(1) - 副本.zip"), packet_unit_name("材料.zip")
    ('滨江', None)
    """
    match = _CONVENTION.match(Path(filename).name.strip())
    return match["unit"].strip() if match else None


class MemberMissing(KeyError):
    """The packet has no member of this name."""


def read_packet(source: Path, form: FormSpec, *, name: str | None = None, limits: Limits = LIMITS) -> Iterator[Event]:
    """Read a packet: `Opened`, then events for each member, then `Closed`.

    Never raises for what the packet contains. Raises OSError when the source cannot be opened.
    """
    shown = name or source.name
    try:
        with _opened(source, limits) as (file, kind):
            yield from _read(file, kind, shown, form, limits)
    except Refused as refused:
        yield Found(refused.finding)
        yield Closed((), readable=False)


def _read(file: BinaryIO, kind: str | None, name: str, form: FormSpec, limits: Limits) -> Iterator[Event]:
    digest = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    size = file.seek(0, os.SEEK_END)
    session = Session(file, name, form, limits)
    opened = False
    for event in session.events():
        if isinstance(event, Opened):
            event = Opened(digest, size, kind or event.kind, event.members)
            opened = True
        elif not opened:
            yield Opened(digest, size, kind or "unknown", 0)
            opened = True
        yield event
    if not opened:
        yield Opened(digest, size, kind or "unknown", 0)
    yield Closed(tuple(session.members), session.readable)


def read_one_form(path: Path, form: FormSpec, *, limits: Limits = LIMITS) -> FormReading:
    """One form, of any format that can be read. What cannot be read is an empty record with the finding that says why."""
    findings: list[Finding] = []
    for event in _read_one(path, form, "form", limits):
        if isinstance(event, FormRead):
            return event.reading
        if isinstance(event, Found):
            findings.append(event.finding)
    return FormReading(path.name, form.empty_record(), None, tuple(findings) or (_nothing(path.name),))


def read_one_roster(path: Path, form: FormSpec, *, limits: Limits = LIMITS) -> RosterReading:
    """One roster, of any format that can be read. What cannot be read has no rows and the finding that says why."""
    findings: list[Finding] = []
    for event in _read_one(path, form, "roster", limits):
        if isinstance(event, RosterRead):
            return event.reading
        if isinstance(event, Found):
            findings.append(event.finding)
    return RosterReading(path.name, None, (), tuple(findings) or (_nothing(path.name),))


def _nothing(name: str) -> Finding:
    return unreadable(name, "内容不是这种表")


def _read_one(path: Path, form: FormSpec, expected: Expected, limits: Limits) -> Iterator[Event]:
    with path.open("rb") as file:
        yield from Session(file, path.name, form, limits, expected=expected).events()


def extract_member(source: Path, name: str, *, limits: Limits = LIMITS) -> bytes:
    """A member's bytes as received, by the name under which `read_packet` gave it.

    Raises MemberMissing when there is none, Refused (with the finding) when it cannot be had, OSError when the source cannot be opened.
    """
    outer = source.name
    with _opened(source, limits) as (file, _):
        try:
            return _extract(file, outer, name, limits, unpacked=False)
        except Refused as refused:
            if refused.finding.code != "packet.member_unreadable" or legacy.unrar() is None:
                raise
            with tempfile.TemporaryFile() as stream:
                if not legacy.unpack_rar(file.fileno(), stream, limits=limits):
                    raise
                return _extract(stream, outer, name, limits, unpacked=True)


def _extract(file: BinaryIO, outer: str, name: str, limits: Limits, *, unpacked: bool) -> bytes:
    arguments = {"name": outer, "wanted": name, "unpacked": unpacked}
    try:
        with Child("extract", arguments, input=file.fileno(), limits=limits) as child:
            for frame in child:
                if frame.kind == "content" and len(frame.blobs) == 1:
                    return frame.blobs[0]
                if frame.kind == "refused":
                    raise Refused(conversion.finding_of(frame.values["finding"]))
                raise MemberMissing(name)
    except ChildDied as died:
        raise Refused(unreadable(name, REASONS_ZH[died.reason])) from died
    raise MemberMissing(name)


# --- sources ----------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(source: Path, limits: Limits) -> Iterator[tuple[BinaryIO, str | None]]:
    """The packet as one open file, and its kind where the child cannot know it: a folder becomes a stored zip."""
    if not source.is_dir():
        with source.open("rb") as file:
            yield file, None
        return
    with tempfile.TemporaryFile() as packed:
        _pack_folder(source, packed, limits)
        packed.seek(0)
        yield packed, "directory"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    path: Path
    size: int


def _pack_folder(folder: Path, target: BinaryIO, limits: Limits) -> None:
    """Store a folder's files, links left out, in the order of their names: the same files always give the same bytes."""
    files = sorted(_files_of(folder), key=lambda file: file.name)
    if len(files) > limits.members:
        raise Refused(too_large(f"共{len(files)}个文件，最多{limits.members}个"))
    if sum(file.size for file in files) > limits.total:
        raise Refused(too_large(f"文件总大小超过{limits.total // 1024 // 1024} MB"))
    with zipfile.ZipFile(target, "w") as archive:
        for file in files:
            with file.path.open("rb") as content, archive.open(zipfile.ZipInfo(file.name), "w") as stored:
                while block := content.read(io.DEFAULT_BUFFER_SIZE * 16):
                    stored.write(block)


def _files_of(folder: Path) -> Iterator[_File]:
    for directory, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(directory) / name
            if not path.is_symlink() and path.is_file() and not is_litter(name):
                yield _File(path.relative_to(folder).as_posix(), path, path.stat().st_size)
