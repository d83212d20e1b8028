"""The cross-check of a whole packet: forms against roster, duplicates, quota, clauses. Pure: no files, no clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jiangbang.kernel.clauses import Verdict
from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.papers.findings import Finding, Language
from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow

PacketVerdict = Literal["clean", "blocked", "unreadable"]


@dataclass(frozen=True, slots=True)
class PacketInfo:
    """The packet as it came in: file name, SHA-256 in hex, its members."""

    file_name: str
    sha256: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """A clause's verdict on one person."""

    clause: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class JudgedDossier:
    """One person of the packet. `source` is None for a roster row that came without a form."""

    source: str | None
    record: Record
    roster_row: int | None
    findings: tuple[Finding, ...]
    verdicts: tuple[ClauseVerdict, ...]

    @property
    def clean(self) -> bool:
        """True when nothing blocks this dossier."""
        return not any(finding.severity == "block" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that can be said about a packet before a person looks at it."""

    packet: PacketInfo
    unit: UnitSpec | None
    edition: str
    dossiers: tuple[JudgedDossier, ...]
    roster_source: str | None
    roster_rows: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]
    verdict: PacketVerdict

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """The document that `packet check --json` prints."""
        raise NotImplementedError


def judge(
    packet: PacketInfo,
    forms: Sequence[FormReading],
    rosters: Sequence[RosterReading],
    findings: Sequence[Finding],
    *,
    edition: EditionSpec,
    unit: UnitSpec | None,
    recommended_elsewhere: Callable[[str], str | None] = lambda _: None,
    already_counted: int = 0,
    declared: Mapping[str, Mapping[str, object]] | None = None,
) -> Judgement:
    """Judge what was read from a packet.

    `findings` are the packet's own (archive, members). `recommended_elsewhere` gives the unit that already recommends this identity number
    in the edition, or None. `already_counted` people of the unit, not in this packet, count toward its quota. `declared` holds the facts that the
    unit declared, by identity number.
    """
    raise NotImplementedError
