"""The operation of the reading child: messages in, attachments out piece by piece, then what each message is."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jiangbang.papers import mail_containers
from jiangbang.papers.child import Job, place_of
from jiangbang.papers.kinds import Kind, kind_of
from jiangbang.papers.limits import Limits
from jiangbang.papers.mail_headers import Headers, decode_labelled, last_name
from jiangbang.papers.mail_letter import letter_of, says_automatic
from jiangbang.papers.mail_parts import PIECE, Message, Part, TooManyParts, body_of, body_pieces, read_head, walk

Frame = tuple[str, dict[str, Any], list[bytes]]

# A mail in a mail in a mail: forwarded that often by hand, and no more.
MAX_NESTED = 4
MAX_ATTACHMENTS = 500
TEXT_MAX = 256 * 1024
_HEAD, _TAIL = 64 * 1024, 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_SUFFIX: dict[Kind, str] = {
    "zip": ".zip", "rar": ".rar", "7z": ".7z", "tar": ".tar", "tar.gz": ".tar.gz", "docx": ".docx", "xlsx": ".xlsx",
    "ole_word": ".doc", "ole_excel": ".xls", "rtf": ".rtf", "pdf": ".pdf",
}  # fmt: skip
# Where people put what does not fit into a mail; the host is told, never the link (it may carry a password).
NET_DISKS = re.compile(
    r"https?://(?:[\w-]+\.)*?((?:pan|yun)\.baidu\.com|115\.com|cloud\.189\.cn|(?:yun|caiyun)\.139\.com|pan\.quark\.cn|ali(?:yundrive|pan)\.com"
    r"|weiyun\.com|mail\.qq\.com/(?:cgi-bin/ftn|ftn)|mail\.163\.com/large-attachment|dashi\.163\.com|u\.163\.com|wenshushu\.cn|cowtransfer\.com"
    r"|kdocs\.cn|docs\.qq\.com|feishu\.cn|wetransfer\.com|we\.tl|1drv\.ms|onedrive\.live\.com|drive\.google\.com|dropbox\.com|lanzou\w*\.com"
    r"|ctfile\.com|jianguoyun\.com|pan\.xunlei\.com|123pan\.com)",
    re.IGNORECASE,
)


def perform(operation: str, job: Job) -> Iterator[Frame]:
    """`read_mails`: the input holds messages one behind the other; `places` are their starts and lengths.

    For each: `mail`, then for each attachment `attachment`, `data`…, `attached`, then `letter`.
    """
    assert operation == "read_mails"
    assert job.input is not None
    whole: Message = mmap.mmap(job.input.fileno(), 0, access=mmap.ACCESS_READ)
    for number, (start, length) in enumerate(job.arguments["places"]):
        yield "mail", {"number": number}, []
        reader = _Reader(job.limits)
        try:
            yield from reader.message(whole, start, start + length, ())
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of the reader costs one mail, and is said
            reader.remark("fault", place_of(error))
        yield "letter", {**letter_of(read_head(whole, start, start + length)[0]), **reader.told()}, []


@dataclass
class _Reader:
    limits: Limits
    remarks: list[tuple[str, str]] = field(default_factory=list)
    attachments: int = 0
    bytes_out: int = 0
    automatic: bool = False

    def told(self) -> dict[str, Any]:
        return {"remarks": list(dict.fromkeys(self.remarks)), "automatic": self.automatic}

    def remark(self, code: str, name: str = "") -> None:
        if len(self.remarks) < 100:
            self.remarks.append((code, name))

    def message(self, data: Message, start: int, end: int, within: tuple[str, ...]) -> Iterator[Frame]:
        """One message and all that is in it."""
        if not within:
            headers, _ = read_head(data, start, end)
            self.automatic = says_automatic(headers)
            if not headers.fields:
                self.remark("malformed")
        try:
            for part in walk(data, start, end):
                yield from self.part(data, part, within)
        except TooManyParts:
            self.remark("too_many_parts")

    def part(self, data: Message, part: Part, within: tuple[str, ...]) -> Iterator[Frame]:
        """One leaf: text, a nested message, something sealed, a picture of the text, or an attachment."""
        kind, parameters = part.headers.media_type
        if kind in _SIGNATURES:
            return
        if "multipart/encrypted" in part.around:
            self.remark("encrypted_pgp")
        elif kind in _SEALED:
            signed = parameters.get("smime-type", "").lower() == "signed-data"
            self.remark("signed_opaque" if signed else "encrypted_smime")
        elif kind in ("message/partial", "message/external-body"):
            self.remark("partial" if kind == "message/partial" else "elsewhere")
        elif kind in ("message/delivery-status", "message/disposition-notification"):
            self.automatic = True
        elif kind in ("message/rfc822", "message/global"):
            yield from self.nested(data, part, within)
        elif kind.startswith("multipart/"):
            # its boundary is nowhere: whatever it holds cannot be told apart
            self.remark("malformed")
            self.text(data, part)
        elif _is_text(part.headers, kind):
            self.text(data, part)
        elif not _is_picture_of_text(part, kind):
            yield from self.attachment(data, part, within)

    def nested(self, data: Message, part: Part, within: tuple[str, ...]) -> Iterator[Frame]:
        """A forwarded message: in its place where it is not encoded."""
        if part.encoding in ("base64", "quoted-printable"):
            content = body_of(data, part, self.limits.member)
            yield from self.enter(content, part.headers.file_name, within)
        elif self.may_enter(within):
            headers, _ = read_head(data, part.start, part.end)
            yield from self.message(data, part.start, part.end, (*within, _title(headers)))

    def enter(self, content: bytes, name: str, within: tuple[str, ...]) -> Iterator[Frame]:
        """A message that had to be decoded first."""
        if len(content) > self.limits.member:
            self.remark("part_too_large", name)
        elif self.may_enter(within):
            headers, _ = read_head(content)
            yield from self.message(content, 0, len(content), (*within, name or _title(headers)))

    def may_enter(self, within: tuple[str, ...]) -> bool:
        if len(within) >= MAX_NESTED:
            self.remark("too_deep")
            return False
        return True

    def text(self, data: Message, part: Part) -> None:
        """What the letter says matters for two things: a link where an attachment should be, and a text that is encrypted."""
        charset = part.headers.media_type[1].get("charset", "")
        text = decode_labelled(body_of(data, part, TEXT_MAX), charset)
        if "-----BEGIN PGP MESSAGE-----" in text:
            self.remark("encrypted_pgp")
        for match in NET_DISKS.finditer(text):
            self.remark("link", match[1].lower().partition("/")[0])

    def attachment(self, data: Message, part: Part, within: tuple[str, ...]) -> Iterator[Frame]:
        """An attachment, or what it wraps."""
        name = part.headers.file_name
        pieces = body_pieces(data, part)
        first = next(pieces, b"")
        lowered = name.lower()
        if lowered.endswith((".pgp", ".gpg")) or (
            lowered.endswith(".asc") and first.startswith(b"-----BEGIN PGP MESSAGE")
        ):
            self.remark("encrypted_pgp", name)
        elif lowered.endswith(".p7m"):
            self.remark("encrypted_smime")
        elif mail_containers.is_tnef(first) or first.startswith(_OLE) or lowered.endswith(".eml"):
            yield from self.opened(name, body_of(data, part, self.limits.member), within)
        elif lowered == "winmail.dat":
            self.remark("broken_container", name)
        else:
            yield from self.emit(name, _chain(first, pieces), within)

    def opened(self, name: str, content: bytes, within: tuple[str, ...]) -> Iterator[Frame]:
        """What has to be seen whole: a wrapper, a message, or an old Office document, which is neither."""
        if len(content) > self.limits.member:
            self.remark("part_too_large", name)
            return
        tnef, msg = mail_containers.is_tnef(content), mail_containers.is_msg(content)
        if not (tnef or msg):
            if content.startswith(_OLE):
                yield from self.emit(name, iter([content]), within)
            else:
                yield from self.enter(content, name, within)
            return
        if not self.may_enter(within):
            return
        unwrap = mail_containers.tnef_attachments if tnef else mail_containers.msg_attachments
        try:
            for wrapped in unwrap(content):
                yield from self.wrapped(wrapped, (*within, name or "winmail.dat"))
        except mail_containers.BrokenContainer:
            self.remark("broken_container", name or "winmail.dat")

    def wrapped(self, one: mail_containers.Wrapped, within: tuple[str, ...]) -> Iterator[Frame]:
        if mail_containers.is_msg(one.data) or one.name.lower().endswith(".eml"):
            yield from self.opened(one.name, one.data, within)
        else:
            yield from self.emit(one.name, iter([one.data]), within)

    def emit(self, name: str, pieces: Iterator[bytes], within: tuple[str, ...]) -> Iterator[Frame]:
        """The bytes upwards, in pieces, so that neither side ever holds them whole; the kind is told from head and tail."""
        self.attachments += 1
        if self.attachments > MAX_ATTACHMENTS:
            self.remark("too_many_parts")
            return
        yield "attachment", {}, []
        digest, size, head, tail = hashlib.sha256(), 0, b"", b""
        for piece in pieces:
            for at in range(0, len(piece), PIECE):
                block = piece[at : at + PIECE]
                self.bytes_out += len(block)
                if self.bytes_out > self.limits.total:
                    self.remark("part_too_large", name)
                    yield "dropped", {}, []
                    return
                digest.update(block)
                size += len(block)
                head = head if len(head) >= _HEAD else (head + block)[:_HEAD]
                tail = (tail + block)[-_TAIL:]
                yield "data", {}, [block]
        kind = kind_of(tail if size <= _TAIL else head + tail)
        values = {"sha256": digest.hexdigest(), "size": size, "kind": kind, "within": list(within)}
        yield "attached", {**values, "name": _named(name, kind, self.attachments)}, []


def _is_text(headers: Headers, kind: str) -> bool:
    disposition = headers.parameters("content-disposition")[0]
    return (
        kind in ("text/plain", "text/html", "text/enriched") and disposition != "attachment" and not headers.file_name
    )


def _is_picture_of_text(part: Part, kind: str) -> bool:
    """A picture that the letter's text shows (a signature's logo is no candidate's photo), or a page's style sheet."""
    if part.headers.parameters("content-disposition")[0] == "attachment":
        return False
    belongs = bool(part.headers.raw("content-id")) or "multipart/related" in part.around
    return belongs and (kind.startswith("image/") or not part.headers.file_name)


def _title(headers: Headers) -> str:
    subject = headers.text("subject")
    return last_name(subject) if subject else "邮件"


def _named(name: str, kind: Kind, number: int) -> str:
    """A name for what came without one, and a suffix where the name has none: people will unpack it themselves."""
    stem = name or f"附件{number}"
    return stem if "." in stem[-6:] else stem + _SUFFIX.get(kind, "")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
