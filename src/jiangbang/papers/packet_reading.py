"""Operations of the reading child: a packet, one file, one member's bytes. Frames out, nothing kept (flat memory)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.archive import Refused, too_large, unreadable
from jiangbang.papers.bundles import Bundle
from jiangbang.papers.child import Job, place_of
from jiangbang.papers.findings import Finding
from jiangbang.papers.kinds import ARCHIVES, NOTHING, Kind, kind_of
from jiangbang.papers.limits import Limits
from jiangbang.papers.member_reading import Deferred, Expected, Unexpected, is_paper_name, read_member
from jiangbang.papers.reading import FormReading, Member, MemberKind
from jiangbang.papers.wire import form_from_json, form_reading_to_json, member_to_json, roster_reading_to_json

Message = tuple[str, dict[str, Any], list[bytes]]
_HEAD = 64 * 1024


def perform(operation: str, job: Job) -> Iterator[Message]:
    """`read_packet`, `read_file` or `extract`; the arguments are those that `papers.packet` sends."""
    assert job.input is not None
    if operation == "extract":
        return _extract(job, job.input)
    form = form_from_json(job.arguments["form"])
    reader = _Reader(form, job.limits, set(job.arguments.get("skip", ())), bool(job.arguments.get("unpacked")))
    if operation == "read_file":
        return reader.file(job.input, job.arguments["name"], job.arguments.get("expected"))
    return reader.packet(job.input, job.arguments["name"])


@dataclass
class _Reader:
    form: FormSpec
    limits: Limits
    skip: set[str]
    unpacked: bool
    # what nested archives may still unpack to, in files and bytes
    files_left: int = field(init=False)
    bytes_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.files_left, self.bytes_left = self.limits.members, self.limits.total

    def packet(self, file: BinaryIO, name: str) -> Iterator[Message]:
        """`opened`, then one message for each member."""
        kind = "rar" if self.unpacked else _kind_of_file(file)
        if kind in NOTHING:
            reason = "文件是空的" if kind == "empty" else "不是压缩包，也不是 Word 或 Excel 文件，可能已损坏"
            yield "refused", {"kind": kind, "finding": unreadable(name, reason).as_stored()}, []
            return
        if kind not in ARCHIVES:
            yield "opened", {"kind": kind, "names": [name]}, []
            yield from self.file(file, name, None)
            return
        try:
            bundle = Bundle(file, name, kind, self.limits, unpacked=self.unpacked)
        except Refused as refused:
            yield "refused", {"kind": kind, "finding": refused.finding.as_stored()}, []
            return
        yield "opened", {"kind": kind, "names": [entry.name for entry in bundle.entries]}, []
        yield from self.members(bundle, "", nested=False)

    def file(self, file: BinaryIO, name: str, expected: Expected) -> Iterator[Message]:
        """One file that is no archive (or whose content is wanted as one paper whatever it is)."""
        file.seek(0)
        data = file.read(self.limits.member + 1)
        if len(data) > self.limits.member:
            finding = too_large(f"文件超过{self.limits.member // 1024 // 1024} MB", name)
            yield _seen(Member(name, file.seek(0, 2), None, "refused"), finding)
            return
        yield from self.member(name, data, expected, nested=True)

    def members(self, bundle: Bundle, prefix: str, *, nested: bool) -> Iterator[Message]:
        """Every member not yet done. Refusals of the directory come first; they need no reading."""
        self.files_left -= len(bundle.entries)
        self.bytes_left -= sum(entry.size for entry in bundle.entries)
        if self.files_left < 0 or self.bytes_left < 0:
            raise Refused(too_large("连同里层压缩包，文件数或总大小超过限制"))
        wanted = []
        for entry in bundle.entries:
            name = prefix + entry.name
            if name in self.skip:
                continue
            if entry.refusal is not None:
                finding = Finding.from_stored({**entry.refusal.as_stored(), "where": name})
                yield _seen(Member(name, entry.size, None, "refused"), finding)
            elif entry.ignored and entry.size > self.limits.ratio_from:
                yield _seen(Member(name, entry.size, None, "ignored"))
            else:
                wanted.append(entry)
        for entry, content in bundle.read(wanted):
            name = prefix + entry.name
            if isinstance(content, Refused):
                finding = Finding.from_stored({**content.finding.as_stored(), "where": name})
                yield _seen(Member(name, entry.size, None, "refused"), finding)
            elif entry.ignored:
                yield _seen(Member(name, len(content), _sha256(content), "ignored"))
            else:
                yield from self.member(name, content, None, nested=nested)

    def member(self, name: str, data: bytes, expected: Expected, *, nested: bool) -> Iterator[Message]:
        kind = kind_of(data)
        if kind in ARCHIVES and not expected and not is_paper_name(name):
            yield from self._inner(name, data, kind, nested)
            return
        try:
            yield self._read(name, data, expected)
        except MemoryError:
            finding = too_large("读取所需内存超过限制", name)
            yield _seen(Member(name, len(data), _sha256(data), "refused"), finding)

    def _inner(self, name: str, data: bytes, kind: Kind, nested: bool) -> Iterator[Message]:
        """An archive in the archive: read one level deep, then refused. The inner one itself is listed after its members."""
        member = Member(name, len(data), _sha256(data), "refused" if nested else "ignored")
        if nested:
            yield _seen(member, unreadable(name, "压缩包里的压缩包里还有压缩包，请只压缩一层"))
            return
        try:
            bundle = Bundle(io.BytesIO(data), name, kind, self.limits)
            if not bundle.entries:
                raise Refused(unreadable(name, "压缩包是空的"))
            yield from self.members(bundle, name + "/", nested=True)
        except Refused as refused:
            finding = Finding.from_stored({**refused.finding.as_stored(), "where": name})
            yield _seen(Member(name, len(data), _sha256(data), "refused"), finding)
            return
        yield _seen(member)

    def _read(self, name: str, data: bytes, expected: Expected) -> Message:
        try:
            outcome = read_member(name, data, self.form, expected)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - a reader's mistake, or a Rust panic, spoils one paper, not the packet
            outcome = Unexpected(
                unreadable(name, f"读取程序没有料到这样的内容（{place_of(error)}），请同时告知运维人员")
            )
        digest = _sha256(data)
        if isinstance(outcome, FormReading):
            values, blobs = form_reading_to_json(outcome)
            return "form", {"member": _member(name, data, digest, "form"), "reading": values}, blobs
        if isinstance(outcome, Deferred):
            return "deferred", {"member": _member(name, data, digest, "unexpected"), **asdict(outcome)}, [data]
        if isinstance(outcome, Unexpected):
            unexpected = outcome.finding.code == "packet.member_unexpected"
            return _seen(Member(name, len(data), digest, "unexpected" if unexpected else "refused"), outcome.finding)
        return (
            "roster",
            {"member": _member(name, data, digest, "roster"), "reading": roster_reading_to_json(outcome)},
            [],
        )


def _extract(job: Job, file: BinaryIO) -> Iterator[Message]:
    """The bytes of one member, named as `read_packet` names it."""
    wanted, outer = str(job.arguments["wanted"]), str(job.arguments["name"])
    unpacked = bool(job.arguments.get("unpacked"))
    kind = "rar" if unpacked else _kind_of_file(file)
    data: bytes | None
    try:
        if kind not in ARCHIVES:
            # a packet of one paper: it may have been received under another name than it is stored under
            file.seek(0)
            data = file.read(job.limits.member)
        else:
            data = _find(Bundle(file, outer, kind, job.limits, unpacked=unpacked), wanted, job.limits)
    except Refused as refused:
        yield "refused", {"finding": refused.finding.as_stored()}, []
        return
    yield ("content", {}, [data]) if data is not None else ("missing", {}, [])


def _find(bundle: Bundle, wanted: str, limits: Limits, nested: bool = False) -> bytes | None:
    for entry in bundle.entries:
        inside = not nested and wanted.startswith(entry.name + "/")
        if entry.name != wanted and not inside:
            continue
        if entry.refusal is not None:
            raise Refused(entry.refusal)
        for _, content in bundle.read([entry]):
            if isinstance(content, Refused):
                raise content
            if not inside:
                return content
            kind = kind_of(content)
            if kind in ARCHIVES:
                inner = Bundle(io.BytesIO(content), entry.name, kind, limits)
                return _find(inner, wanted.removeprefix(entry.name + "/"), limits, nested=True)
    return None


def _seen(member: Member, finding: Finding | None = None) -> Message:
    stored = None if finding is None else finding.as_stored()
    return "seen", {"member": member_to_json(member), "finding": stored}, []


def _member(name: str, data: bytes, digest: str, kind: MemberKind) -> dict[str, Any]:
    return member_to_json(Member(name, len(data), digest, kind))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _kind_of_file(file: BinaryIO) -> Kind:
    """The kind from head and tail: a packet may be a gigabyte."""
    length = file.seek(0, 2)
    file.seek(0)
    head = file.read(_HEAD)
    if length <= 4 * 1024 * 1024:
        return kind_of(head + file.read())
    file.seek(-1024 * 1024, 2)
    return kind_of(head + file.read())
