"""What Outlook wraps attachments in: `winmail.dat` (TNEF) and `.msg` files. Attachments out, nothing else of them.

Sources: MS-OXTNEF; MS-OXMSG 2.2, MS-OXPROPS (the numbers of properties).
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import olefile
from tnefparse import TNEF

from jiangbang.papers.kinds import has_stream
from jiangbang.papers.mail_headers import decode_raw, last_name

# Attachments of one wrapped message, and messages within messages.
MAX_INSIDE = 500
MAX_WITHIN = 4


class BrokenContainer(Exception):
    """It is called so, but cannot be read."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An attachment that was wrapped: its name (perhaps empty) and its bytes."""

    name: str
    data: bytes


def is_tnef(data: bytes) -> bool:
    """The signature of TNEF, which the name `winmail.dat` only promises."""
    return data[:4] == b"\x78\x9f\x3e\x22"


def is_msg(data: bytes) -> bool:
    """An OLE document with the property stream of a message."""
    return has_stream(data, "__properties_version1.0")


def tnef_attachments(data: bytes) -> Iterator[Wrapped]:
    """The attachments of a TNEF stream, those of a message within it too. Raises BrokenContainer."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # the checksum is computed byte by byte in Python: a minute for 50 MB, and nothing is gained
            found = TNEF(data, do_checksum=False)
        if not found.objects:
            raise ValueError("nothing in it")
        yield from _of_tnef(found, 0)
    except MemoryError:
        raise
    except Exception as error:
        raise BrokenContainer(type(error).__name__) from error


def _of_tnef(tnef: Any, depth: int) -> Iterator[Wrapped]:
    for attachment in tnef.attachments[:MAX_INSIDE]:
        inner = getattr(attachment, "embed", None)
        if inner is not None and depth < MAX_WITHIN:
            yield from _of_tnef(inner, depth + 1)
        elif isinstance(attachment.data, bytes) and attachment.data:
            yield Wrapped(_tnef_name(attachment), attachment.data)


def _tnef_name(attachment: Any) -> str:
    """The long name; else the short one, whose bytes are in the sender's code page and not in UTF-8 as the library thinks."""
    try:
        name = attachment.long_filename()
    except UnicodeDecodeError:
        name = attachment._name
    text = decode_raw(name) if isinstance(name, bytes) else str(name)
    text = text.strip("\0 ")
    return last_name(text) if text else ""


# --- .msg -------------------------------------------------------------------------------------------------------------

_DATA, _LONG_NAME, _SHORT_NAME, _HIDDEN = "3701", "3707", "3704", 0x7FFE
_EMBEDDED = "__substg1.0_3701000D"


def msg_attachments(data: bytes) -> Iterator[Wrapped]:
    """The attachments of a `.msg` file, those of messages within it too; pictures of its text are left out. Raises BrokenContainer."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(path): path for path in ole.listdir(streams=True)}
            for folder in _attachment_folders(streams):
                found = _one(ole, streams, folder)
                if found is not None:
                    yield found
    except MemoryError:
        raise
    except Exception as error:
        raise BrokenContainer(type(error).__name__) from error


def _attachment_folders(streams: dict[str, list[str]]) -> list[str]:
    """Each storage that holds one attachment's data, wherever it lies."""
    folders = set()
    for name in streams:
        folder, _, last = name.rpartition("/")
        holds_data = last.startswith(f"__substg1.0_{_DATA}") and "__attach_version1.0" in folder.rpartition("/")[2]
        if holds_data and folder.count(_EMBEDDED) <= MAX_WITHIN:
            folders.add(folder)
    return sorted(folders)[:MAX_INSIDE]


def _one(ole: Any, streams: dict[str, list[str]], folder: str) -> Wrapped | None:
    content = f"{folder}/__substg1.0_{_DATA}0102"
    if content not in streams or _is_hidden(ole, streams, folder):
        return None
    name = _text(ole, streams, folder, _LONG_NAME) or _text(ole, streams, folder, _SHORT_NAME)
    return Wrapped(last_name(name) if name else "", ole.openstream(streams[content]).read())


def _text(ole: Any, streams: dict[str, list[str]], folder: str, number: str) -> str:
    for kind in ("001F", "001E"):
        stream = f"{folder}/__substg1.0_{number}{kind}"
        if stream in streams:
            raw: bytes = ole.openstream(streams[stream]).read(2_000)
            text = raw.decode("utf-16-le", "replace") if kind == "001F" else decode_raw(raw)
            return text.strip("\0 ")
    return ""


def _is_hidden(ole: Any, streams: dict[str, list[str]], folder: str) -> bool:
    """PidTagAttachmentHidden: Outlook hides the pictures that the text shows."""
    stream = f"{folder}/__properties_version1.0"
    if stream not in streams:
        return False
    raw: bytes = ole.openstream(streams[stream]).read(64 * 1024)
    for at in range(8, len(raw) - 15, 16):
        kind, number, _flags, value = struct.unpack_from("<HHIQ", raw, at)
        if (number, kind) == (_HIDDEN, 0x000B):
            return bool(value & 1)
    return False
