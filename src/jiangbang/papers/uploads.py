"""What a single file is that somebody uploads: its kind by content, looked at in a child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any, Final

from jiangbang.papers.kinds import Kind
from jiangbang.papers.sandbox import Child

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEDIA_TYPES: dict[Kind, str] = {"pdf": "application/pdf", "docx": DOCX}


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it is. `media_type` is None for what is neither picture nor PDF nor Word; `photo` describes a whole picture."""

    kind: str
    media_type: str | None
    photo: dict[str, Any] | None


def look_at(file: IO[bytes], *, limit: int) -> Seen:
    """What an open file is, by at most `limit` bytes of it. Raises ChildDied: then nothing can be said but that it is damaged."""
    file.seek(0)
    with Child("look", {"limit": limit}, input=file.fileno()) as child:
        for frame in child:
            return _seen(frame.values)
    raise AssertionError("the child ended without an answer")


def _seen(values: Any) -> Seen:
    kind, found = str(values["kind"]), values["photo"]
    if found is None:
        return Seen(kind, _MEDIA_TYPES.get(kind), None)  # type: ignore[call-overload]  # any text may be asked for
    described: dict[str, Any] = {
        "media_type": str(found["media_type"]),
        "width": int(found["width"]),
        "height": int(found["height"]),
        "sha256": str(found["sha256"]),
    }
    return Seen(kind, str(described["media_type"]), described) if found["whole"] else Seen(kind, None, None)
