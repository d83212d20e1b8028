"""Members that need a conversion first: spooled to a private directory, converted after the packet's own reading, removed at the end.

Old Word documents go through our own libraries in a child that may write only there; what they cannot read well, and RTF, HTML,
MHT, Word XML and OpenDocument go through LibreOffice, in one process for the packet. What it makes is foreign too: read in a child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jiangbang.kernel.form import FormSpec
from jiangbang.papers import legacy
from jiangbang.papers.archive import too_large, unreadable
from jiangbang.papers.findings import Finding
from jiangbang.papers.limits import Limits
from jiangbang.papers.member_reading import Expected
from jiangbang.papers.reading import Member
from jiangbang.papers.sandbox import REASONS_ZH, Child, ChildDied
from jiangbang.papers.wire import BrokenFrame, Frame, finding_from_json, form_to_json

_NO_OFFICE = "读取这种旧格式需要 LibreOffice，本机没有安装"
_FAILED = "旧格式转换失败，文件可能已损坏"
_SHEET_NAMES = {".xls", ".xlsx", ".et", ".ods", ".fods", ".ots"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member that waits for its conversion. `path` is its spooled file."""

    member: Member
    route: str
    path: Path
    expected: Expected


def finding_of(stored: Any) -> Finding:
    """A finding that a child gave. Raises BrokenFrame."""
    if not isinstance(stored, Mapping):
        raise BrokenFrame("a finding that is none")
    return finding_from_json(stored)


class Conversion:
    """The conversions of one packet, in `scratch`, a private directory that its owner removes."""

    def __init__(self, scratch: Path, form: FormSpec, limits: Limits) -> None:
        self._scratch = scratch
        self._form = form
        self._limits = limits
        self._waiting: list[Waiting] = []
        self._spooled = 0

    def add(self, member: Member, route: str, suffix: str, data: bytes, expected: Expected) -> None:
        """Spool a member. Its name is never used as a file name."""
        if not suffix.isascii() or not suffix[1:].isalnum() or len(suffix) > 6:
            raise BrokenFrame("a suffix that is none")
        path = self._scratch / f"{len(self._waiting):04d}{suffix}"
        self._spooled += len(data)
        if self._spooled <= self._limits.total:
            path.write_bytes(data)
        self._waiting.append(Waiting(member, route, path, expected))

    def outcomes(self) -> Iterator[tuple[Waiting, Frame | Finding]]:
        """Each waiting member once, with the `converted` frame of its reading or the finding that says why there is none."""
        for waiting in self._waiting:
            if not waiting.path.exists():
                yield waiting, too_large("旧格式文件的总大小超过限制", waiting.member.name)
        ready = [waiting for waiting in self._waiting if waiting.path.exists()]
        poor: dict[str, Frame] = {}
        for waiting, frame in self._old_word([waiting for waiting in ready if waiting.route == "old_word"]):
            if frame is not None and not (frame.values["poor"] and legacy.office()):
                yield waiting, _answer(waiting, frame)
                ready.remove(waiting)
            elif frame is not None and frame.values["what"] != "none":
                poor[waiting.member.name] = frame
        yield from self._by_office(ready, poor)

    def _old_word(self, waiting: Sequence[Waiting]) -> Iterator[tuple[Waiting, Frame | None]]:
        """Frames of the child that reads old Word documents; None for what it died of."""
        left = list(waiting)
        while left:
            files = [{"file": one.path.name, "name": one.member.name, "expected": one.expected} for one in left]
            arguments = {"form": form_to_json(self._form), "files": files}
            try:
                with Child("read_old_word", arguments, scratch=self._scratch, limits=self._limits) as child:
                    for frame in child:
                        yield left.pop(0), frame
                return
            except ChildDied:
                if left:
                    yield left.pop(0), None

    def _by_office(
        self, waiting: Sequence[Waiting], poor: Mapping[str, Frame]
    ) -> Iterator[tuple[Waiting, Frame | Finding]]:
        if not waiting:
            return
        converted: dict[Path, Path] = {}
        for sheets in (False, True):
            files = [one.path for one in waiting if _is_sheet(one) == sheets]
            converted |= legacy.convert_with_office(files, self._scratch, limits=self._limits, sheets=sheets)
        for one in waiting:
            fallback = poor.get(one.member.name)
            if one.path in converted:
                yield one, self._read(one, converted[one.path], fallback)
            elif fallback is not None:
                yield one, _answer(one, fallback)
            else:
                yield one, unreadable(one.member.name, _FAILED if legacy.office() else _NO_OFFICE)

    def _read(self, waiting: Waiting, path: Path, fallback: Frame | None) -> Frame | Finding:
        """Read what LibreOffice made; the better of it and the second voice."""
        arguments = {"form": form_to_json(self._form), "name": waiting.member.name, "expected": waiting.expected}
        answer: Frame | Finding = unreadable(waiting.member.name, _FAILED)
        try:
            with (
                path.open("rb") as file,
                Child("read_file", arguments, input=file.fileno(), limits=self._limits) as child,
            ):
                for frame in child:
                    answer = _as_converted(frame)
        except ChildDied as died:
            answer = unreadable(waiting.member.name, REASONS_ZH[died.reason])
        if fallback is not None and _filled(fallback) > _filled(answer):
            return _answer(waiting, fallback)
        return answer


def _as_converted(frame: Frame) -> Frame | Finding:
    if frame.kind == "seen":
        return finding_of(frame.values["finding"])
    if frame.kind in ("form", "roster"):
        return Frame("converted", {"what": frame.kind, "reading": frame.values["reading"]}, frame.blobs)
    raise ChildDied("protocol", "a conversion of a conversion")


def _answer(waiting: Waiting, frame: Frame) -> Frame | Finding:
    if frame.values["what"] in ("form", "roster"):
        return frame
    stored = frame.values["finding"]
    return unreadable(waiting.member.name, _FAILED) if stored is None else finding_of(stored)


def _filled(answer: Frame | Finding) -> int:
    """How many values a reading has: what two readings of the same paper are compared by."""
    if isinstance(answer, Finding) or answer.values["reading"] is None:
        return -1
    reading = answer.values["reading"]
    if answer.values["what"] == "roster":
        return len(reading["rows"])
    return sum(value not in (None, [], "") for value in reading["record"].values())


def _is_sheet(waiting: Waiting) -> bool:
    """OpenDocument sheets go to the spreadsheet. HTML tables, which web systems save as `.xls`, become tables of a document."""
    suffixes = {waiting.path.suffix, PurePosixPath(waiting.member.name).suffix.lower()}
    return waiting.path.suffix not in (".html", ".mht", ".rtf", ".xml") and bool(suffixes & _SHEET_NAMES)
