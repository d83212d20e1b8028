"""What the reading of a packet has to tell, in the order in which it becomes known."""

from __future__ import annotations

from dataclasses import dataclass

from jiangbang.papers.findings import Finding
from jiangbang.papers.reading import FormReading, Member, RosterReading


@dataclass(frozen=True, slots=True)
class Opened:
    """The packet as it came in: SHA-256 in hex, bytes, kind (`zip`, `rar`, `docx`, `directory` …), number of its files."""

    sha256: str
    size: int
    kind: str
    members: int


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many members are done; `current` is the one just done."""

    done: int
    total: int
    current: str


@dataclass(frozen=True, slots=True)
class FormRead:
    """A member that was read as a form. Its photo's bytes are in the reading: keep or drop them before the next event."""

    reading: FormReading
    member: Member
    data_sha256: str


@dataclass(frozen=True, slots=True)
class RosterRead:
    """A member that was read as a roster."""

    reading: RosterReading
    member: Member


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A member that was not read: litter, something else, or refused (then a `Found` says why)."""

    member: Member


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about the packet or about a member that could not be read."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Closed:
    """The end. `readable` is False when the packet as a whole could not be read."""

    members: tuple[Member, ...]
    readable: bool


Event = Opened | Progress | FormRead | RosterRead | MemberSeen | Found | Closed
