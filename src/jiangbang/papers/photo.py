"""What a picture is: media type by its first bytes, size in pixels from its header (nothing is decoded), SHA-256."""

from __future__ import annotations

import hashlib
import struct
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from jiangbang.papers.reading import Photo

# A portrait needs far less; Pillow would decode up to 179 megapixels with only a warning.
MAX_PIXELS = 50_000_000

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd7\xcd\xc6\x9a", "image/x-wmf"),
)
EXTENSIONS = {
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "image/x-emf": "emf",
    "image/x-wmf": "wmf",
}


def media_type(data: bytes) -> str | None:
    """The media type by the first bytes; None for what is no picture that we know."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"\x01\x00\x00\x00" and data[40:44] == b" EMF":
        return "image/x-emf"
    return None


def describe_photo(data: bytes) -> Photo | None:
    """The picture's description; None where the bytes are no picture, are damaged in the header, or are over 50 megapixels."""
    kind = media_type(data)
    if kind is None:
        return None
    try:
        size = _SIZES.get(kind, _size_by_pillow)(data)
    except (struct.error, IndexError, ValueError):
        return None
    if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS or min(size) <= 0:
        return None
    return Photo(kind, size[0], size[1], hashlib.sha256(data).hexdigest(), data)


def photo_value(photo: Photo) -> dict[str, Any]:
    """What the record says of its photo."""
    return {"media_type": photo.media_type, "width": photo.width, "height": photo.height, "sha256": photo.sha256}


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">LL", data, 16)
    return width, height


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp_size(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<L", data, 14)[0] == 12:
        return struct.unpack_from("<HH", data, 18)
    width, height = struct.unpack_from("<ll", data, 18)
    return width, abs(height)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """From the first frame header. Turned pictures (EXIF) are reported as they are stored."""
    at, end = 2, len(data) - 9
    while at < end:
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _emf_size(data: bytes) -> tuple[int, int]:
    """The bounds in device units, both edges included (ENHMETAHEADER.rclBounds)."""
    left, top, right, bottom = struct.unpack_from("<4l", data, 8)
    return right - left + 1, bottom - top + 1


def _wmf_size(data: bytes) -> tuple[int, int]:
    """The placeable header's box, in pixels at 96 dpi."""
    left, top, right, bottom, inch = struct.unpack_from("<4hH", data, 6)
    return (right - left) * 96 // max(1, inch), (bottom - top) * 96 // max(1, inch)


def _size_by_pillow(data: bytes) -> tuple[int, int] | None:
    """Rare formats: Pillow reads the header only. It raises for pictures over its own limit when they are opened."""
    try:
        with Image.open(BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError):
        return None


_SIZES = {
    "image/png": _png_size,
    "image/gif": _gif_size,
    "image/bmp": _bmp_size,
    "image/jpeg": _jpeg_size,
    "image/x-emf": _emf_size,
    "image/x-wmf": _wmf_size,
}
