"""A unit's papers as real files: each person's form, the roster, and the archive around them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.roster_writer import RosterKind, write_roster
from jiangbang.rehearsal.archives import NameEncoding, Packed, zip_archive
from jiangbang.rehearsal.faults import Slip, Spoilt
from jiangbang.rehearsal.people import SyntheticPerson

# Over the ratio that readers accept and from the size at which they look at it; it packs to ten kilobytes.
_BOMB_BYTES = 12 * 1024 * 1024
_LITTER = ("Thumbs.db", "~$附件3.xlsx")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_OTHER_PAPER = "关于召开数字经济行业工会座谈会的通知"


@dataclass(frozen=True, slots=True)
class PacketPapers:
    """How a unit makes its packet up."""

    unit_name: str
    folder: str
    roster: RosterKind | None = "xlsx"
    names: NameEncoding = "utf-8"
    litter: bool = False


def packet_archive(slips: Sequence[Slip], form: FormSpec, papers: PacketPapers) -> bytes:
    """The zip of a unit's packet. The same slips give the same bytes."""
    members = [member for number, slip in enumerate(slips, 1) for member in _form_members(slip, number, form, papers)]
    if papers.roster is not None:
        rows = [slip.in_roster.record for slip in slips if slip.in_roster is not None]
        roster = write_roster(rows, form, unit=papers.unit_name, kind=papers.roster)
        members.append(Packed(f"{papers.folder}/附件3推荐信息汇总表.{papers.roster}", roster))
    if papers.litter:
        members += [Packed(f"{papers.folder}/{name}", b"litter") for name in _LITTER]
    return zip_archive(members, names=papers.names)


def form_file_name(person: SyntheticPerson, *, again: bool = False) -> str:
    """How units name a form."""
    return f"附件2推荐表（{person.name}）{'修改稿' if again else ''}.docx"


def _form_members(slip: Slip, number: int, form: FormSpec, papers: PacketPapers) -> list[Packed]:
    if slip.on_form is None:
        return []
    name = form_file_name(slip.person, again=slip.again)
    # a number where the unit numbers its files: two people of one name must not overwrite each other
    name = f"{number:02d}-{name}" if papers.names == "utf-8" else name
    data = write_form(slip.on_form.record, form, photo=slip.on_form.photo)
    folder = f"../{papers.folder}" if slip.spoilt == "outside" else papers.folder
    made = [Packed(f"{folder}/{name}", spoilt_file(data, slip.spoilt), locked=slip.spoilt == "locked")]
    if slip.spoilt == "bomb":
        made.append(Packed(f"{papers.folder}/附件（{slip.person.name}）现场录像.avi", bytes(_BOMB_BYTES)))
    return made


def spoilt_file(data: bytes, kind: Spoilt) -> bytes:
    """A form's bytes, spoilt in this way."""
    if kind == "cut":
        return data[: len(data) * 2 // 3]
    if kind == "macro":
        return _with_part(data, "word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016))
    if kind == "other_paper":
        return _another_paper()
    return data


def _with_part(docx: bytes, name: str, part: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, _EARLIEST), old.read(info))
        new.writestr(zipfile.ZipInfo(name, _EARLIEST), part)
    return made.getvalue()


def _another_paper() -> bytes:
    """A Word document that is not the form, saved under the form's name."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{_OTHER_PAPER}</w:t></w:r></w:p></w:body></w:document>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), text)
    return made.getvalue()
