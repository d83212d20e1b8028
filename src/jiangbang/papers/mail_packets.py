"""Which packets a mail brings: each archive is one, loose papers together are one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jiangbang.papers.kinds import ARCHIVES, Kind
from jiangbang.papers.mail import Attached, MailReading, Remark
from jiangbang.papers.mail_headers import last_name
from jiangbang.papers.member_reading import expected_by_name, is_paper_name
from jiangbang.papers.packet_name import without_endings

_PAPER_KINDS: frozenset[Kind] = frozenset(
    {"docx", "xlsx", "ooxml", "odf", "ole_word", "ole_excel", "ole_encrypted", "rtf", "word_xml"}
)
_BESIDE_KINDS: frozenset[Kind] = frozenset({"pdf", "picture"})
_AGAIN = re.compile(r"^\s*(?:(?:re|fw|fwd|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)
# What keeps a mail from being read, the gravest first: one reason is told.
_GRAVE = (
    "reader_died", "fault", "encrypted_smime", "encrypted_pgp", "signed_opaque", "part_too_large", "too_many_parts", "too_deep",
    "broken_container", "partial", "elsewhere", "link", "malformed",
)  # fmt: skip
# The same bytes on every machine and every day: that is how a packet sent twice is known.
_STORED_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PacketPlan:
    """One packet to be received: a lone file as it came, or several to be put into one archive."""

    name: str
    attachments: tuple[Attached, ...]


def plan_packets(reading: MailReading) -> tuple[PacketPlan, ...]:
    """The packets of a mail, in the order of its attachments; the same bytes attached twice are one.

    Loose papers beside exactly one archive belong to it where one of them says by its name that it is a form or the roster; pictures and
    PDF files go with loose papers, and make no packet by themselves.
    """
    attached = list({one.sha256: one for one in reversed(reading.attachments) if one.size}.values())[::-1]
    archives = [one for one in attached if one.kind in ARCHIVES and not is_paper_name(one.name)]
    papers = [one for one in attached if one not in archives and _is_paper(one)]
    beside = [one for one in attached if one.kind in _BESIDE_KINDS]
    announced = any(expected_by_name(one.name) for one in papers)
    if archives and not announced:
        return tuple(PacketPlan(one.name, (one,)) for one in archives)
    if len(archives) == 1:
        return (PacketPlan(_whole_name(archives[0].name), (archives[0], *papers, *beside)),)
    plans = [PacketPlan(one.name, (one,)) for one in archives]
    if len(papers) == 1 and not beside:
        plans.append(PacketPlan(papers[0].name, (papers[0],)))
    elif papers:
        plans.append(PacketPlan(_loose_name(reading.letter.subject), (*papers, *beside)))
    return tuple(plans)


def _is_paper(one: Attached) -> bool:
    return one.kind in _PAPER_KINDS or (is_paper_name(one.name) and one.kind != "empty")


def _whole_name(archive_name: str) -> str:
    return without_endings(archive_name) + ".zip"


def _loose_name(subject: str) -> str:
    told = _AGAIN.sub("", subject).strip()
    return (without_endings(last_name(told))[:80].strip() if told else "邮件材料") + ".zip"


def reason_against(reading: MailReading) -> Remark:
    """Why a mail without a packet has none. One reason, the gravest."""
    for code in _GRAVE:
        for remark in reading.remarks:
            if remark.code == code:
                return remark
    if reading.letter.automatic:
        return Remark("automatic")
    return Remark("no_packet" if reading.attachments else "no_attachment")


def make_packet(plan: PacketPlan, folder: Path) -> Path:
    """The packet as one file: the lone attachment itself, or an archive of all, stored, always the same bytes for the same files.

    Raises OSError when the folder is full.
    """
    if len(plan.attachments) == 1:
        return plan.attachments[0].path
    target = folder / f"{plan.attachments[0].path.name}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for name, one in sorted(_unique_names(plan.attachments)):
            info = zipfile.ZipInfo(name, _STORED_AT)
            with one.path.open("rb") as content, archive.open(info, "w") as stored:
                while block := content.read(1024 * 1024):
                    stored.write(block)
    return target


def _unique_names(attachments: Iterable[Attached]) -> list[tuple[str, Attached]]:
    """Each with a name of its own: two people may both send `附件2.docx`."""
    taken: set[str] = set()
    found = []
    for one in sorted(attachments, key=lambda attached: attached.sha256):
        path, name, count = PurePosixPath(one.name), one.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{path.stem} ({count}){path.suffix}"
        taken.add(name.casefold())
        found.append((name, one))
    return found
