"""Single files, looked at in the child: their kind by content, and whether a picture is whole."""

from __future__ import annotations

import hashlib
import tempfile
from io import BytesIO

import pytest
from PIL import Image

from jiangbang.papers.uploads import DOCX, Seen, look_at


def seen(data: bytes, limit: int = 10_000_000) -> Seen:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return look_at(file, limit=limit)


def picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 84), "#8a8f99").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_is_described(kind: str, media_type: str) -> None:
    data = picture(kind)
    described = {"media_type": media_type, "width": 60, "height": 84, "sha256": hashlib.sha256(data).hexdigest()}
    assert seen(data) == Seen("picture", media_type, described)


def test_a_picture_that_breaks_off_is_none() -> None:
    assert seen(picture("PNG")[:-40]) == Seen("picture", None, None)


def test_pdf_is_known_by_its_first_bytes() -> None:
    assert seen(b"%PDF-1.7\n%%EOF") == Seen("pdf", "application/pdf", None)


@pytest.mark.parametrize("data", [b"", b"MZ\x90", b"<html></html>", b"\0" * 100])
def test_everything_else_is_nothing(data: bytes) -> None:
    assert (seen(data).media_type, seen(data).photo) == (None, None)


def test_the_word_media_type_is_the_registered_one() -> None:
    assert DOCX.startswith("application/vnd.openxmlformats-officedocument.wordprocessingml")
