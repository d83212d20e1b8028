"""The child's side of `uploads`: what a single file is, and for pictures whether they can be decoded to the last line."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from jiangbang.papers.kinds import kind_of
from jiangbang.papers.photo import describe_photo, photo_value

if TYPE_CHECKING:
    from jiangbang.papers.child import Job

# Pillow's readers are imported now: in the locked child, looking for plug-ins would be too late
Image.preinit()


def perform(operation: str, job: Job) -> Iterator[tuple[str, dict[str, Any], list[bytes]]]:
    """One frame `seen` with the kind, and for a picture its description and whether it is whole."""
    assert operation == "look"
    assert job.input is not None
    data = job.input.read(int(job.arguments["limit"]) + 1)
    photo = describe_photo(data)
    seen: dict[str, Any] = {"kind": kind_of(data), "photo": None}
    if photo is not None:
        seen["photo"] = {**photo_value(photo), "whole": _is_whole(data)}
    yield "seen", seen, []


def _is_whole(data: bytes) -> bool:
    """Whether every line of the picture can be decoded; the first frame of one that moves."""
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
    except Exception:  # noqa: BLE001 — whatever a decoder raises, the picture is not whole
        return False
    return True
