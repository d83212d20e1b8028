"""One packet through as many children as it takes: frames in, events out, the dead accounted for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from jiangbang.kernel.form import FormSpec
from jiangbang.papers import legacy
from jiangbang.papers.archive import unreadable
from jiangbang.papers.conversion import Conversion, Waiting, finding_of
from jiangbang.papers.findings import Finding
from jiangbang.papers.limits import Limits
from jiangbang.papers.member_reading import Expected
from jiangbang.papers.packet_events import Event, FormRead, Found, MemberSeen, Opened, Progress, RosterRead
from jiangbang.papers.reading import Member, MemberKind
from jiangbang.papers.sandbox import REASONS_ZH, Child, ChildDied, DeathReason
from jiangbang.papers.wire import (
    BrokenFrame,
    Frame,
    form_reading_from_json,
    form_to_json,
    member_from_json,
    roster_reading_from_json,
)


class Session:
    """Reads one open file. `expected` set: it is one paper of that kind, whatever its name and content announce."""

    def __init__(self, file: BinaryIO, name: str, form: FormSpec, limits: Limits, *, expected: Expected = None) -> None:
        self.members: list[Member] = []
        self.readable = False
        self._file = file
        self._name = name
        self._form = form
        self._limits = limits
        self._expected = expected
        self._names: list[str] = []
        self._done: set[str] = set()
        self._kind = ""
        self._unpacked = False
        self._lost: list[Frame] = []

    def events(self) -> Iterator[Event]:
        """Everything but `Closed`. Never raises for what the file contains."""
        with tempfile.TemporaryDirectory(prefix="jiangbang-") as folder:
            conversion = Conversion(Path(folder), self._form, self._limits)
            yield from self._through_children(self._file, conversion)
            if self._lost:
                yield from self._with_unrar(conversion)
            for waiting, outcome in conversion.outcomes():
                yield from self._converted(waiting, outcome)
        if self.readable and not self._names:
            self.readable = False
            yield Found(unreadable(self._name, "压缩包是空的"))

    def _through_children(self, file: BinaryIO, conversion: Conversion) -> Iterator[Event]:
        """One child after the other, each going on behind the member that killed the last."""
        for _ in range(self._limits.deaths):
            before = len(self._done)
            try:
                yield from self._one_child(file, conversion)
                return
            except ChildDied as died:
                reason = died.reason
            if not self._names:
                yield Found(unreadable(self._name, REASONS_ZH[reason]))
                return
            yield from self._bury(reason)
            if len(self._done) == before:
                return
        left = [name for name in self._names if name not in self._done]
        for name in left:
            yield from self._refused(name, unreadable(name, "同一材料包中损坏的文件过多，未再读取"))

    def _one_child(self, file: BinaryIO, conversion: Conversion) -> Iterator[Event]:
        operation = "read_file" if self._expected else "read_packet"
        if self._expected:
            self._open([self._name], "file")
        arguments = {
            "form": form_to_json(self._form),
            "name": self._name,
            "skip": sorted(self._done),
            "expected": self._expected,
            "unpacked": self._unpacked,
        }
        with Child(operation, arguments, input=file.fileno(), limits=self._limits) as child:
            for frame in child:
                try:
                    yield from self._event(frame, conversion)
                except (KeyError, TypeError, ValueError) as error:
                    # BrokenFrame is a ValueError
                    raise ChildDied("protocol", type(error).__name__) from error

    def _event(self, frame: Frame, conversion: Conversion) -> Iterator[Event]:
        if frame.kind == "opened":
            if self._open([str(name) for name in frame.values["names"]], str(frame.values["kind"])):
                yield Opened("", 0, self._kind, len(self._names))
        elif frame.kind == "refused":
            yield from self._whole_refused(frame)
        elif frame.kind == "deferred":
            member = member_from_json(frame.values["member"])
            conversion.add(
                member, str(frame.values["route"]), str(frame.values["suffix"]), frame.blobs[0], self._expected
            )
            self._done.add(member.name)
        else:
            yield from self._member(frame)

    def _open(self, names: list[str], kind: str) -> bool:
        """Take the list of names once; a second child gives the same list."""
        first = not self.readable
        if first or self._unpacked:
            self._names = names
        self._kind, self.readable = kind, True
        return first

    def _whole_refused(self, frame: Frame) -> Iterator[Event]:
        """The archive as a whole cannot be read; an old rar gets a second chance."""
        finding = finding_of(frame.values["finding"])
        if self._may_unrar(str(frame.values["kind"]), finding):
            self._lost.append(frame)
        else:
            yield Found(finding)

    def _may_unrar(self, kind: str, finding: Finding) -> bool:
        return (
            kind == "rar"
            and not self._unpacked
            and finding.code == "packet.member_unreadable"
            and legacy.unrar() is not None
        )

    def _member(self, frame: Frame) -> Iterator[Event]:
        member = member_from_json(frame.values["member"])
        if frame.kind == "form":
            reading = form_reading_from_json(frame.values["reading"], frame.blobs, self._form)
            yield FormRead(reading, member, member.sha256 or "")
        elif frame.kind == "roster":
            yield RosterRead(roster_reading_from_json(frame.values["reading"]), member)
        elif frame.kind == "seen":
            stored = frame.values["finding"]
            finding = None if stored is None else finding_of(stored)
            if finding is not None and self._may_unrar(self._kind, finding) and member.sha256 is None:
                self._lost.append(frame)
                return
            yield MemberSeen(member)
            if finding is not None:
                yield Found(finding)
        else:
            raise BrokenFrame("an unknown frame")
        yield self._finish(member)

    def _finish(self, member: Member) -> Progress:
        self._done.add(member.name)
        self.members.append(member)
        return Progress(min(len(self.members), max(len(self._names), len(self.members))), self._total(), member.name)

    def _total(self) -> int:
        return max(len(self._names), len(self.members))

    def _refused(self, name: str, finding: Finding, size: int = 0) -> Iterator[Event]:
        member = Member(name, size, None, "refused")
        yield MemberSeen(member)
        yield Found(finding)
        yield self._finish(member)

    def _bury(self, reason: DeathReason) -> Iterator[Event]:
        """The first member that was not reported is the one that the child died of."""
        lost = {str(frame.values["member"]["name"]) for frame in self._lost if "member" in frame.values}
        for name in self._names:
            if name not in self._done and name not in lost:
                yield from self._refused(name, unreadable(name, REASONS_ZH[reason]))
                return

    def _with_unrar(self, conversion: Conversion) -> Iterator[Event]:
        """What libarchive could not read of a rar archive, read from the stream that node's unrar makes of it."""
        lost, self._lost = self._lost, []
        with tempfile.TemporaryFile() as stream:
            if legacy.unpack_rar(self._file.fileno(), stream, limits=self._limits):
                self._unpacked = True
                yield from self._through_children(stream, conversion)
        for frame in lost:
            yield from self._still_lost(frame)

    def _still_lost(self, frame: Frame) -> Iterator[Event]:
        values: dict[str, Any] = dict(frame.values)
        if "member" not in values:
            if not self.readable:
                yield Found(finding_of(values["finding"]))
        elif values["member"]["name"] not in self._done:
            yield from self._refused(
                str(values["member"]["name"]), finding_of(values["finding"]), int(values["member"]["size"])
            )

    def _converted(self, waiting: Waiting, frame: Frame | Finding) -> Iterator[Event]:
        """The outcome of a conversion takes the member's place."""
        member = waiting.member
        if isinstance(frame, Finding):
            kind: MemberKind = "unexpected" if frame.code == "packet.member_unexpected" else "refused"
            member = Member(member.name, member.size, member.sha256, kind)
            yield MemberSeen(member)
            yield Found(frame)
        elif frame.values["what"] == "form":
            member = Member(member.name, member.size, member.sha256, "form")
            reading = form_reading_from_json(frame.values["reading"], frame.blobs, self._form)
            yield FormRead(reading, member, member.sha256 or "")
        else:
            member = Member(member.name, member.size, member.sha256, "roster")
            yield RosterRead(roster_reading_from_json(frame.values["reading"]), member)
        yield self._finish(member)
