"""What readers return: frozen values that cross from the child process to the house.

A reading says what stands on the paper; judging it (`papers.judgement`) is another matter. Reading never raises for what a
paper contains: what cannot be read becomes a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jiangbang.kernel.form import Record
from jiangbang.papers.findings import Finding

MemberKind = Literal["form", "roster", "ignored", "unexpected", "refused"]


@dataclass(frozen=True, slots=True)
class Photo:
    """The portrait as embedded: original bytes, pixels, SHA-256 in hex."""

    media_type: str
    width: int
    height: int
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FormReading:
    """One nomination form. `record["photo"]` holds the photo's description, `photo` its bytes."""

    source: str
    record: Record
    photo: Photo | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row: `number` counts the sheet's or table's rows from 1, as a person sees it; `record` has the roster's keys only.

    `title_and_skill` is the joint column 职称/技能等级 as written: it cannot be split without guessing, so it is only compared.
    `sheet` is named only where rows come from several sheets or tables.
    """

    number: int
    record: Record
    title_and_skill: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RosterReading:
    """One roster: the line "填报单位", its rows, and what was odd about them (`where` names the row)."""

    source: str
    unit: str | None
    rows: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a packet, sized in bytes, with what it was taken for."""

    name: str
    size: int
    sha256: str | None
    kind: MemberKind
