"""What every archive has in common: entries, names, and the limits that hold before anything is unpacked.

Nothing is ever written to disk under a name that an archive gave: contents go to memory, one member at a time. Names are
still judged, because they are shown, stored and handed on to people who will unpack the file themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal, Protocol

from jiangbang.papers.findings import Finding
from jiangbang.papers.limits import Limits

EntryType = Literal["file", "directory", "link", "other"]


class Refused(Exception):
    """Something cannot or must not be read; the finding says what and why. Raised for a member or for a whole archive."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an archive's directory. Sizes in bytes as declared (`packed` None where the format does not say).

    `position` counts the archive's own entries from 0, directories included. `refusal` stands where the content must not be read.
    """

    position: int
    name: str
    size: int
    packed: int | None = None
    type: EntryType = "file"
    encrypted: bool = False
    refusal: Finding | None = None

    @property
    def ignored(self) -> bool:
        """True for what operating systems and office programs leave behind."""
        return is_litter(self.name)


class Archive(Protocol):
    """An open archive. `entries` are the directory as found; `read` gives contents in the archive's own order."""

    kind: str

    def entries(self) -> Sequence[Entry]:
        """The whole directory, unjudged. Raises Refused."""
        ...

    def read(self, wanted: Sequence[Entry], limit: int) -> Iterator[tuple[Entry, bytes | Refused]]:
        """The content of each wanted entry, at most `limit` bytes each, or why there is none. Raises Refused when all is lost."""
        ...


def unreadable(name: str, reason: str) -> Finding:
    return Finding("packet.member_unreadable", where=name, params={"reason": reason})


def too_large(reason: str, name: str | None = None) -> Finding:
    return Finding("packet.too_large", where=name, params={"reason": reason})


def encrypted(name: str) -> Finding:
    return Finding("packet.encrypted", where=name, params={"name": name})


# --- the directory judged ---------------------------------------------------------------------------------------------


def judge_entries(entries: Sequence[Entry], packed_size: int, limits: Limits) -> tuple[Entry, ...]:
    """The files of a directory with a unique clean name each, refusals noted. Raises Refused when the whole is over a limit."""
    files = [entry for entry in entries if entry.type != "directory"]
    if len(files) > limits.members:
        raise Refused(too_large(f"共{len(files)}个文件，最多{limits.members}个"))
    total = sum(entry.size for entry in files)
    if total > limits.total:
        raise Refused(too_large(f"解压后共{_mib(total)}，最多{_mib(limits.total)}"))
    if total > 4 * limits.ratio_from and total > limits.ratio * max(packed_size, 1):
        raise Refused(too_large(f"解压后是压缩包的{total // max(packed_size, 1)}倍，疑为压缩炸弹"))
    taken: set[str] = set()
    return tuple(_judge(entry, limits, taken) for entry in files)


def _judge(entry: Entry, limits: Limits, taken: set[str]) -> Entry:
    shown = printable(entry.name)
    name = _unique(shown if escapes(entry.name) else normal_path(shown), taken)
    judged = replace(entry, name=name)
    if entry.refusal is not None:
        return replace(judged, refusal=replace(entry.refusal, where=name))
    if escapes(entry.name) or entry.type != "file":
        return replace(judged, refusal=Finding("packet.path_escape", where=name, params={"name": name}))
    if entry.encrypted:
        return replace(judged, refusal=encrypted(name))
    if entry.size > limits.member:
        return replace(judged, refusal=too_large(f"文件有{_mib(entry.size)}，最多{_mib(limits.member)}", name))
    if entry.packed is not None and entry.size > limits.ratio_from and entry.size > limits.ratio * max(entry.packed, 1):
        return replace(
            judged, refusal=too_large(f"解压后是原来的{entry.size // max(entry.packed, 1)}倍，疑为压缩炸弹", name)
        )
    return judged


def _mib(size: int) -> str:
    return f"{size / (1024 * 1024):.1f} MB"


# --- names ------------------------------------------------------------------------------------------------------------

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")
_NAME_MAX = 1_000
_LITTER_FOLDERS = {"__MACOSX", ".git", ".svn", "$RECYCLE.BIN", "System Volume Information", "@eaDir"}
_LITTER_FILES = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized", "icon\r"}


def escapes(name: str) -> bool:
    """True when a name, as given, would lead outside the folder where it is unpacked, or hides what it is.

    >>> escapes("../a.docx"), escapes("a\\\\..\\\\..\\\\b"), escapes("C:x"), escapes("/etc/passwd"), escapes("a..b/c.docx")
    (True, True, True, True, False)
    """
    path = name.replace("\\", "/")
    parts = path.split("/")
    absurd = not path.strip() or len(name) > _NAME_MAX or "\x00" in name
    return absurd or path.startswith("/") or ".." in parts or bool(_DRIVE.match(path))


def printable(name: str) -> str:
    """The name fit to be shown and stored: control characters and direction marks replaced, absurd length cut.

    >>> printable("a\\x00b\\u202ecod.exe")
    'a�b�cod.exe'
    """
    cleaned = _CONTROL.sub("�", name[:_NAME_MAX])
    return cleaned if cleaned.strip() else "（无名）"


def normal_path(name: str) -> str:
    """Forward slashes, no empty and no `.` parts.

    >>> normal_path("./滨江\\\\.//附件2.docx")
    '滨江/附件2.docx'
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(parts) or "（无名）"


def _unique(name: str, taken: set[str]) -> str:
    """The name, with ` (2)` before its suffix where it, or its twin in other case, stands in the archive already."""
    path, tried, count = PurePosixPath(name), name, 1
    while tried.casefold() in taken:
        count += 1
        tried = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
    taken.add(tried.casefold())
    return tried


def is_litter(name: str) -> bool:
    """True for files that nobody sent on purpose.

    >>> [is_litter(n) for n in ("__MACOSX/x/._a.docx", "a/Thumbs.db", "a/~$附件3.xlsx", ".~lock.a.docx#", "~附件.docx")]
    [True, True, True, True, False]
    """
    *folders, last = name.split("/")
    lowered = last.lower()
    return (
        not _LITTER_FOLDERS.isdisjoint(folders)
        or lowered in _LITTER_FILES
        or last.startswith(("~$", "._", ".~"))
        or (lowered.startswith("~wrl") and lowered.endswith(".tmp"))
    )


_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def decode_names(raw: Sequence[bytes]) -> list[str]:
    """Names that came without a statement of their encoding, decided once for the whole archive.

    UTF-8 only if every name is valid in it and some Chinese comes out; else GB 18030, which Chinese Windows writes. Names that
    fit neither keep what can be read of them.
    """
    joined = b"/".join(raw)
    if joined.isascii():
        return [name.decode("ascii") for name in raw]
    try:
        if _CJK.search(joined.decode("utf-8")):
            return [name.decode("utf-8") for name in raw]
        valid_utf8 = True
    except UnicodeDecodeError:
        valid_utf8 = False
    try:
        # GB 18030 gives a reading to nearly every byte string: Cyrillic UTF-8 must not become Chinese
        names = [name.decode("gb18030") for name in raw]
    except UnicodeDecodeError:
        return [name.decode("utf-8" if valid_utf8 else "gb18030", "replace") for name in raw]
    return [name.decode("utf-8") for name in raw] if valid_utf8 and not _plausible(names) else names


def _plausible(names: Sequence[str]) -> bool:
    """True when the names hold Chinese from the everyday block rather than what stray bytes decode to."""
    letters = [character for name in names for character in name if ord(character) > 0x7F]
    return bool(letters) and all("\u4e00" <= letter <= "\u9fff" or not letter.isalpha() for letter in letters)
