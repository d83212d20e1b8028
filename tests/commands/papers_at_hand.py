"""Papers of synthetic people for the command line's tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jiangbang.commands.speaking import bundled_edition
from jiangbang.papers.nomination_form import write_form
from jiangbang.rehearsal.faults import Slip
from jiangbang.rehearsal.papers import PacketPapers, packet_archive
from jiangbang.rehearsal.people import SyntheticPerson, make_people

EDITION = bundled_edition()


def people(count: int, *, seed: int = 4) -> list[SyntheticPerson]:
    """So many synthetic people."""
    return make_people(
        count, seed=seed, form=EDITION.form, classes=EDITION.industry_classes, signed=date(2023, 3, 1), year=2023
    )


def form_file(folder: Path, person: SyntheticPerson) -> Path:
    """The person's form as a docx."""
    path = folder / f"附件2推荐表（{person.name}）.docx"
    path.write_bytes(write_form(person.record, EDITION.form, photo=person.photo))
    return path


def packet_file(folder: Path, slips: list[Slip], unit: str = "临平") -> Path:
    """The unit's packet as a zip."""
    path = folder / f"{unit}+数字工匠推荐.zip"
    path.write_bytes(packet_archive(slips, EDITION.form, PacketPapers(f"{unit}区总工会", path.stem)))
    return path
