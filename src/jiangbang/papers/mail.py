"""Mails: messages as a mailbox gives them in; what is attached, who wrote, and what is to be said about it out.

The bytes are parsed in a child process (`papers.sandbox`), many messages in one child: starting one costs more than reading a mail. A
message that kills its child costs only itself. Attachments go to files piece by piece; memory stays flat, whatever their size.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

from jiangbang.papers.kinds import Kind
from jiangbang.papers.limits import LIMITS, MIB, Limits
from jiangbang.papers.sandbox import Child, ChildDied
from jiangbang.papers.wire import BrokenFrame, Frame

# 50 MB of attachments are 68 MB in base64. Mail servers take less than this; what is larger is not fetched and said.
MAIL_MAX = 160 * MIB

# The closed list of what may be said of a mail; the sentences are the house's (`nomination.mailbox_reasons`).
RemarkCode = Literal[
    "encrypted_smime",
    "encrypted_pgp",
    "signed_opaque",
    "link",
    "partial",
    "elsewhere",
    "too_deep",
    "too_many_parts",
    "part_too_large",
    "broken_container",
    "malformed",
    "fault",
    "reader_died",
]
REMARK_CODES: frozenset[str] = frozenset(get_args(RemarkCode))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a mail that a person should know. `name`: the attachment, the host, or the place of a fault."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the header says. `sender` is empty where it names nobody, or several. `sent` is the sender's claim.

    `automatic`: a machine wrote it. `answerable`: an answer would reach a person. `doubtful`: the receiving server doubts the sender.
    """

    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    sent: str | None = None
    automatic: bool = False
    answerable: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment in a file of ours. `within`: the messages or wrappers that it came in, outermost first."""

    name: str
    kind: Kind
    size: int
    sha256: str
    path: Path
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailReading:
    """All that a mail was found to be."""

    letter: Letter
    attachments: tuple[Attached, ...]
    remarks: tuple[Remark, ...]


def read_mail(path: Path, folder: Path, *, limits: Limits = LIMITS) -> MailReading:
    """One message in a file; its attachments are written into `folder`."""
    with path.open("rb") as file:
        return next(read_mails(file, [(0, path.stat().st_size)], folder, limits=limits))


def read_mails(
    file: BinaryIO, places: Sequence[tuple[int, int]], folder: Path, *, limits: Limits = LIMITS
) -> Iterator[MailReading]:
    """The messages at `places` (start and length in bytes), in that order; attachments are written into `folder`.

    Never raises for what a message contains. Raises OSError when `folder` is full.
    """
    session = _Session(folder)
    done = 0
    while done < len(places):
        if places[done][1] == 0:
            yield MailReading(Letter(), (), (Remark("malformed"),))
            done += 1
            continue
        try:
            arguments = {"places": [list(place) for place in places[done:]]}
            with Child("read_mails", arguments, input=file.fileno(), limits=limits) as child:
                for frame in child:
                    reading = session.take(frame)
                    if reading is not None:
                        done += 1
                        yield reading
            if done < len(places):
                raise ChildDied("protocol", "the child ended too early")
        except ChildDied as died:
            session.drop()
            done += 1
            yield MailReading(Letter(), (), (Remark("reader_died", died.reason),))


class _Session:
    """Puts the frames of a child together. The child has read foreign bytes: whatever does not keep to the protocol ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._attached: list[Attached] = []
        self._open: BinaryIO | None = None

    def take(self, frame: Frame) -> MailReading | None:
        """A reading when the frame was a mail's last. Raises ChildDied."""
        try:
            return self._take(frame)
        except (KeyError, TypeError, ValueError, AssertionError, FileNotFoundError) as error:
            raise ChildDied("protocol", type(error).__name__) from error

    def _take(self, frame: Frame) -> MailReading | None:
        if frame.kind == "data":
            assert self._open is not None
            self._open.writelines(frame.blobs)
        elif frame.kind == "attachment":
            self._close()
            self._count += 1
            self._open = self._path().open("wb")
        elif frame.kind == "attached":
            self._close()
            self._attached.append(_attached(frame.values, self._path()))
        elif frame.kind == "letter":
            attached, self._attached = tuple(self._attached), []
            return MailReading(_letter(frame.values), attached, _remarks(frame.values["remarks"]))
        elif frame.kind == "dropped":
            self._close()
            self._path().unlink(missing_ok=True)
        elif frame.kind != "mail":
            raise BrokenFrame("an unknown frame")
        return None

    def drop(self) -> None:
        """Forget what the child had begun to tell."""
        self._close()
        for attached in self._attached:
            attached.path.unlink(missing_ok=True)
        self._attached = []

    def _close(self) -> None:
        if self._open is not None:
            with contextlib.closing(self._open):
                self._open = None

    def _path(self) -> Path:
        return self._folder / f"{self._count:06d}"


def _attached(values: Mapping[str, Any], path: Path) -> Attached:
    if values["kind"] not in get_args(Kind) or path.stat().st_size != int(values["size"]):
        raise BrokenFrame("an attachment that is not what was announced")
    within = tuple(str(name) for name in values["within"])
    return Attached(str(values["name"]), values["kind"], int(values["size"]), str(values["sha256"]), path, within)


def _letter(values: Mapping[str, Any]) -> Letter:
    kept = {one.name: values[one.name] for one in fields(Letter)}
    return Letter(**{**kept, "references": tuple(str(one) for one in kept["references"])})


def _remarks(stored: Sequence[Sequence[str]]) -> tuple[Remark, ...]:
    found = tuple(Remark(str(code), str(name)) for code, name in stored)
    if any(one.code not in REMARK_CODES for one in found):
        raise BrokenFrame("an unknown remark")
    return found
