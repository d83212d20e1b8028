"""From a file that somebody brought to a received packet: read in a child process, keep the evidence, judge, receive.

Reading may take long and is repeatable; only `acts.receive_packet` changes the state, in one transaction.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.form import FormSpec
from jiangbang.nomination import evidence
from jiangbang.papers import packet as packets
from jiangbang.papers.findings import Finding
from jiangbang.papers.judgement import Judgement, PacketInfo, judge
from jiangbang.papers.limits import LIMITS, Limits
from jiangbang.papers.reading import FormReading, Member, RosterReading

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class PacketReading:
    """All that was read from a packet, without the photos' bytes. `photos` names media type by SHA-256."""

    file_name: str
    sha256: str
    size: int
    members: tuple[Member, ...]
    forms: tuple[FormReading, ...]
    rosters: tuple[RosterReading, ...]
    findings: tuple[Finding, ...]
    photos: dict[str, tuple[str, int]]

    @property
    def info(self) -> PacketInfo:
        return PacketInfo(self.file_name, self.sha256, self.members)


def read_packet(
    path: Path,
    form: FormSpec,
    *,
    name: str,
    keep: bool = False,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> PacketReading:
    """Read a whole packet. With `keep`, each photo goes into the evidence storage as it is read, so that memory stays flat; all
    of them are durably there when this returns.

    Raises OSError when the file cannot be opened or the storage is full.
    """
    forms: list[FormReading] = []
    rosters: list[RosterReading] = []
    findings: list[Finding] = []
    photos: dict[str, tuple[str, int]] = {}
    members: tuple[Member, ...] = ()
    sha256, size = "", 0
    with evidence.together() if keep else contextlib.nullcontext():
        for event in packets.read_packet(path, form, name=name, limits=limits):
            match event:
                case packets.Opened():
                    sha256, size = event.sha256, event.size
                case packets.FormRead(reading=reading):
                    if reading.photo is not None:
                        photos[reading.photo.sha256] = (reading.photo.media_type, len(reading.photo.data))
                        if keep:
                            evidence.keep_bytes(reading.photo.data)
                    forms.append(replace(reading, photo=None))
                case packets.RosterRead(reading=roster):
                    rosters.append(roster)
                case packets.Found(finding=finding):
                    findings.append(finding)
                case packets.Progress():
                    if progress:
                        progress(event.done, event.total, event.current)
                case packets.Closed():
                    members = event.members
    if not sha256:
        sha256, size = file_hash(path)
    return PacketReading(name, sha256, size, members, tuple(forms), tuple(rosters), tuple(findings), photos)


def judge_reading(
    reading: PacketReading,
    spec: EditionSpec,
    unit: UnitSpec | None,
    *,
    recommended_elsewhere: Callable[[str], str | None] = lambda _number: None,
    already_counted: int = 0,
    declared: Mapping[str, Mapping[str, object]] | None = None,
) -> Judgement:
    """Judge a reading against an edition; stores nothing. `declared`: facts beside the forms, by identity number."""
    return judge(
        reading.info,
        reading.forms,
        reading.rosters,
        reading.findings,
        edition=spec,
        unit=unit,
        recommended_elsewhere=recommended_elsewhere,
        already_counted=already_counted,
        declared=declared,
    )


def file_hash(path: Path) -> tuple[str, int]:
    """Hex SHA-256 and size in bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def unit_hint(reading: PacketReading) -> str | None:
    """What the packet says of its unit: by its file name, else by the roster's line."""
    named = packets.packet_unit_name(reading.file_name)
    return named or next((roster.unit for roster in reading.rosters if roster.unit), None)


def disk_full_sentence() -> str:
    """What a person is told when the storage is full."""
    return _("The storage is full; nothing was received. Free space on the server, then bring the packet again.")
