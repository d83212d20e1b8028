"""Describing a picture by its header."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest
from PIL import Image

from jiangbang.papers.photo import describe_photo, photo_value


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
        ("WEBP", "image/webp"),
    ],
)
def test_type_and_size_of_every_common_kind(kind: str, media_type: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (29, 41)).save(stream, kind)
    data = stream.getvalue()
    photo = describe_photo(data)
    assert photo is not None
    assert photo_value(photo) == {
        "media_type": media_type,
        "width": 29,
        "height": 41,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    assert photo.data == data


def test_progressive_jpeg_with_metadata_is_measured() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (295, 413)).save(stream, "JPEG", progressive=True, exif=b"Exif\x00\x00" + bytes(500))
    photo = describe_photo(stream.getvalue())
    assert photo is not None
    assert (photo.width, photo.height) == (295, 413)


def test_metafiles_are_measured_by_their_header() -> None:
    emf = struct.pack("<LL4l4l4s", 1, 88, 0, 0, 99, 139, 0, 0, 0, 0, b" EMF") + bytes(44)
    photo = describe_photo(emf)
    assert photo is not None
    assert (photo.media_type, photo.width, photo.height) == ("image/x-emf", 100, 140)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"BM",
        b"II*\x00",
        b"\xff\xd8\xff\xe0" + b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">LL", 60_000, 60_000),
        b"\x89PNG\r\n\x1a\n" + bytes(16),
    ],
)
def test_damaged_or_huge_pictures_are_refused(data: bytes) -> None:
    assert describe_photo(data) is None
