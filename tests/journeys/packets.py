"""Packets to bring: synthetic people of the rehearsal, faults seeded where a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from jiangbang.commands.speaking import bundled_edition
from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.nomination.intake import judge_reading, read_packet
from jiangbang.papers.judgement import Judgement
from jiangbang.rehearsal.faults import SPOILERS, Slip, mended
from jiangbang.rehearsal.papers import PacketPapers, packet_archive
from jiangbang.rehearsal.people import make_people

SEED = 20230331
SIGNED = date(2023, 3, 1)

Fault = Callable[[Slip], list[Slip]]


def seeded(code: str) -> Fault:
    """The rehearsal's fault of this code."""
    return lambda slip: SPOILERS[code](slip, Random(SEED))


def without(field: str) -> Fault:
    """Left empty on the form."""
    return lambda slip: [slip.form_only(**{field: None})]


@dataclass(frozen=True)
class Packet:
    """A packet on the disk of whoever brings it."""

    path: Path
    unit: UnitSpec
    slips: tuple[Slip, ...]

    @property
    def records(self) -> list[Record]:
        return [slip.person.record for slip in self.slips]

    def corrected(self, folder: Path) -> Packet:
        """What the unit sends after mending everything."""
        return _written(self.unit, mended(list(self.slips)), folder / self.path.name)

    def judged(self) -> Judgement:
        """What the house must find in it, by the readers alone: no database, no browser."""
        reading = read_packet(self.path, edition().form, name=self.path.name)
        return judge_reading(reading, edition(), self.unit)


def edition() -> EditionSpec:
    """The edition that stands open after the first start."""
    return bundled_edition()


def make_packet(
    folder: Path,
    unit: str,
    count: int,
    *,
    first: int,
    faults: Mapping[int, Fault] | None = None,
    name: str = "{unit}+数字工匠推荐.zip",
    unit_in_roster: bool = True,
) -> Packet:
    """`count` people of the unit with this short name, the `first`th and on of one long list; `faults` by place in the packet."""
    spec = edition()
    sender = next(one for one in spec.units if one.short_name == unit)
    people = make_people(
        count, seed=SEED, form=spec.form, classes=spec.industry_classes, signed=SIGNED, year=2023, start=first
    )
    spoil = faults or {}
    slips = [
        slip
        for place, person in enumerate(people)
        for slip in (spoil[place](Slip.right(person)) if place in spoil else [Slip.right(person)])
    ]
    return _written(sender, slips, folder / name.format(unit=unit), named=unit_in_roster)


def _written(unit: UnitSpec, slips: list[Slip], path: Path, *, named: bool = True) -> Packet:
    papers = PacketPapers(unit_name=unit.name if named else "", folder=path.stem)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packet_archive(slips, edition().form, papers))
    return Packet(path, unit, tuple(slips))
