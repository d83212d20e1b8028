"""The parts of a message: where each one's bytes lie, without copying them.

A walker of our own instead of the standard library's parser: that one holds a message of 68 MB as a list of a million strings, and
takes raw bytes in headers for something to be replaced. Here a body is a place in the file until somebody wants it.
"""

from __future__ import annotations

import mmap
import quopri
from collections.abc import Iterator
from dataclasses import dataclass

from jiangbang.papers.mail_headers import HEADER_MAX, NOT_BASE64, Headers, decode_base64, end_of_headers, split_headers

Message = bytes | mmap.mmap

MAX_DEPTH = 30
MAX_PARTS = 1_000
# base64 is decoded in pieces of this many bytes
PIECE = 4 * 1024 * 1024
_JUNK = NOT_BASE64.replace(b"=", b"")


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf (or a nested message): its header, and its body as `data[start:end]`.

    `around` are the media types of the multiparts that it stands in, outermost first.
    """

    headers: Headers
    start: int
    end: int
    around: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        return self.headers.parameters("content-transfer-encoding")[0]


class TooManyParts(Exception):
    """Built to harm, or a mailing list's digest of years."""


def read_head(data: Message, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """The header at `start`, and where the body begins."""
    end = len(data) if end is None else end
    block = data[start : min(end, start + HEADER_MAX)]
    length = end_of_headers(block)
    return split_headers(block[:length]), start + length


def walk(data: Message, start: int = 0, end: int | None = None) -> Iterator[Part]:
    """The leaves in their order; a multipart whose boundary is nowhere is itself a leaf. Raises TooManyParts."""
    end = len(data) if end is None else end
    headers, body = read_head(data, start, end)
    waiting = [Part(headers, body, end)]
    seen = 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen + len(waiting) > MAX_PARTS:
            raise TooManyParts
        kind, parameters = part.headers.media_type
        inner = _inner(data, part, kind, parameters.get("boundary", "")) if kind.startswith("multipart/") else []
        if inner and len(part.around) < MAX_DEPTH:
            waiting += reversed(inner)
        else:
            yield part


def _inner(data: Message, part: Part, kind: str, boundary: str) -> list[Part]:
    """The parts between the boundary's lines; what stands before the first and behind the last is for nobody."""
    line = b"--" + boundary.encode("utf-8", "replace") if boundary else _guessed(data, part)
    if len(line) <= 2:
        return []
    marks = list(_marks(data, line, part.start, part.end))
    found = []
    for number, (_, begin, closing) in enumerate(marks):
        if closing:
            break
        stop = marks[number + 1][0] if number + 1 < len(marks) else part.end
        headers, body = read_head(data, begin, stop)
        found.append(Part(headers, min(body, stop), stop, (*part.around, kind)))
    return found


def _guessed(data: Message, part: Part) -> bytes:
    """A multipart that does not say its boundary: the first line that looks like one."""
    head = data[part.start : part.start + 64 * 1024]
    lines = (line.rstrip() for line in head.split(b"\n"))
    return next((line for line in lines if line.startswith(b"--") and 4 < len(line) <= 80), b"")


def _marks(data: Message, line: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Each line of the boundary: where what stood before it ends, where the next begins, whether it closes."""
    found, count = data.find(line, start, end), 0
    while found >= 0 and count <= MAX_PARTS:
        stop = data.find(b"\n", found, end)
        stop = end if stop < 0 else stop
        rest = data[found + len(line) : min(stop, found + len(line) + 100)].strip()
        if (found == start or data[found - 1 : found] == b"\n") and rest in (b"", b"--"):
            # the line break before a boundary belongs to the boundary
            before = found - (2 if data[max(found - 2, 0) : found] == b"\r\n" else 1) if found > start else start
            yield max(before, start), min(stop + 1, end), rest == b"--"
            count += 1
        found = data.find(line, max(stop, found + 1), end)


def body_of(data: Message, part: Part, limit: int) -> bytes:
    """The decoded body, at most `limit` bytes of it and one more, by which the caller sees that there is more."""
    out = bytearray()
    for piece in body_pieces(data, part):
        out += piece
        if len(out) > limit:
            break
    return bytes(out[: limit + 1])


def body_pieces(data: Message, part: Part) -> Iterator[bytes]:
    """The decoded body piece by piece. Damaged encodings give what can be read of them; an unknown one gives the bytes as they are."""
    encoding = part.encoding
    if encoding == "base64":
        yield from _base64_pieces(data, part)
    elif encoding == "quoted-printable":
        yield quopri.decodestring(data[part.start : part.end])
    else:
        for at in range(part.start, part.end, PIECE):
            yield data[at : min(at + PIECE, part.end)]


def _base64_pieces(data: Message, part: Part) -> Iterator[bytes]:
    kept = b""
    for at in range(part.start, part.end, PIECE):
        piece = kept + data[at : min(at + PIECE, part.end)].translate(None, _JUNK)
        if b"=" in piece:
            yield decode_base64(piece)
            return
        whole = len(piece) // 4 * 4
        if at + PIECE >= part.end:
            whole = len(piece)
        yield decode_base64(piece[:whole])
        kept = piece[whole:]
