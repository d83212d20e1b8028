"""A unit's packet as an archive in the official form: a Word form for each person, the roster, the file name of the edition.

What is written is what a unit would have sent by mail; it is read again like any packet, so that both lead to the same dossiers.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.roster_writer import write_roster

# L-3: annex 2 is the form, annex 3 the roster
FORM_NAME: Final = "附件2推荐表（{}）.docx"
ROSTER_NAME: Final = "附件3推荐信息汇总表.xlsx"
# The earliest moment that a zip can say: the same papers must give the same bytes.
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
# What Windows takes in no file name, and what would lead into another folder.
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Nominee:
    """One person of the packet: the record, and the bytes of the photo."""

    record: Record
    photo: bytes | None = None

    @property
    def name(self) -> str:
        return str(self.record.get("name") or "")


def packet_file_name(spec: EditionSpec, unit: UnitSpec) -> str:
    """The archive's name by the edition's convention."""
    return fit_name(spec.packet_name.replace("{unit}", unit.short_name)) + ".zip"


def form_names(nominees: Sequence[Nominee]) -> list[str]:
    """A file name for each form; people of one name are told apart by a number."""
    names, seen = Counter(one.name for one in nominees), Counter[str]()
    found = []
    for one in nominees:
        seen[one.name] += 1
        number = f"{seen[one.name]}" if names[one.name] > 1 else ""
        found.append(FORM_NAME.format(fit_name(one.name) + number))
    return found


def fit_name(text: str) -> str:
    """Text as a part of a file name on any system."""
    return _UNFIT.sub("_", text).strip(" .")[:100] or "_"


def form_of(nominee: Nominee, form: FormSpec) -> bytes:
    """The nominee's form in the official layout. A photo that cannot be placed is left out, and missed when the form is read."""
    try:
        return write_form(nominee.record, form, photo=nominee.photo)
    except ValueError:
        return write_form(nominee.record, form, photo=None)


def write_packet(path: Path, nominees: Sequence[Nominee], spec: EditionSpec, unit: UnitSpec, *, mark: str = "") -> None:
    """Write the archive, people in the order given. The same people (and the same mark, its comment) give the same bytes."""
    members = _forms(nominees, spec.form)
    roster = write_roster([one.record for one in nominees], spec.form, unit=unit.name, kind="xlsx")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.comment = mark.encode()
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), data, zipfile.ZIP_DEFLATED, 1)
        archive.writestr(zipfile.ZipInfo(ROSTER_NAME, _EARLIEST), roster, zipfile.ZIP_DEFLATED, 1)


def write_forms(path: Path, nominees: Sequence[Nominee], form: FormSpec) -> None:
    """The forms alone, to be printed and sealed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in _forms(nominees, form):
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), data, zipfile.ZIP_DEFLATED, 1)


def _forms(nominees: Sequence[Nominee], form: FormSpec) -> Iterable[tuple[str, bytes]]:
    return ((name, form_of(one, form)) for name, one in zip(form_names(nominees), nominees, strict=True))
