"""Scans made ready to look at, in the child: upright, straight, small; and what is refused."""

from __future__ import annotations

import io
import os
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from papers.pages import as_bytes, form_page
from PIL import Image, ImageDraw

from jiangbang.papers import scan
from jiangbang.papers.scan import ScanPage, ScanRefused, scan_pages
from jiangbang.papers.skew import skew_of

TOLERANCE = 0.3


def read(data: bytes, turn: int = 0) -> list[ScanPage]:
    """The pages, through the child."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return list(scan_pages(file.fileno(), turn=turn))


def picture_of(page: ScanPage) -> Image.Image:
    return Image.open(io.BytesIO(page.data))


def marked(size: tuple[int, int] = (900, 1200)) -> Image.Image:
    """A page with a red corner at its top left."""
    page = Image.new("RGB", size, "white")
    ImageDraw.Draw(page).rectangle((0, 0, size[0] // 6, size[1] // 6), fill="red")
    return page


def red_corner(picture: Image.Image) -> str:
    across, down = picture.width - 20, picture.height - 20
    places = {
        "top left": (20, 20),
        "top right": (across, 20),
        "bottom left": (20, down),
        "bottom right": (across, down),
    }
    found = [name for name, at in places.items() if picture.convert("RGB").getpixel(at)[1] < 90]  # type: ignore[index]
    return " ".join(found)


@pytest.mark.parametrize("askew", [-6.0, -1.3, 0.0, 2.2, 8.5])
def test_a_photo_comes_back_straight(askew: float) -> None:
    page = form_page().rotate(-askew, Image.Resampling.BICUBIC, fillcolor=235)
    (read_page,) = read(as_bytes(page, "JPEG", quality=75))
    assert abs(read_page.angle + askew) <= TOLERANCE
    assert abs(skew_of(np.asarray(picture_of(read_page).convert("L")))) <= TOLERANCE
    assert (read_page.number, read_page.pages) == (1, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_the_camera_says_is_followed(orientation: int) -> None:
    transposes = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = marked()
    stored = stored.transpose(transposes[orientation]) if orientation in transposes else stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "maker of the telephone"
    (page,) = read(as_bytes(stored, "JPEG", exif=exif))
    assert red_corner(picture_of(page)) == "top left"
    assert (page.width, page.height) == (900, 1200)
    assert b"maker of the telephone" not in page.data
    assert not picture_of(page).getexif()


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, "top left"), (1, "top right"), (2, "bottom right"), (3, "bottom left"), (5, "top right")]
)
def test_a_page_is_turned_by_quarters(turn: int, corner: str) -> None:
    (page,) = read(as_bytes(marked(), "PNG"), turn)
    assert red_corner(picture_of(page)) == corner


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_pictures_of_every_kind_become_small_jpegs(kind: str) -> None:
    (page,) = read(as_bytes(marked((2600, 3600)), kind))
    picture = picture_of(page)
    assert (picture.format, max(picture.size)) == ("JPEG", scan.LONG_SIDE)
    assert (page.width, page.height) == picture.size


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_pixels_of_every_mode_are_shown_on_white(mode: str) -> None:
    page = form_page() if mode == "I;16" else marked()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    stored = Image.fromarray(np.asarray(page).astype(np.uint16) * 257) if mode == "I;16" else page.convert(mode)
    (read_page,) = read(as_bytes(stored, kind))
    assert np.asarray(picture_of(read_page).convert("L"))[-1, -1] > 230


def test_transparent_paper_is_white() -> None:
    (page,) = read(as_bytes(Image.new("RGBA", (600, 800), (0, 0, 0, 0)), "PNG"))
    assert np.asarray(picture_of(page).convert("L")).min() > 250


def test_a_pdf_gives_page_after_page_each_straight() -> None:
    pages = [
        form_page(seed).rotate(-angle, Image.Resampling.BICUBIC, fillcolor=235) for seed, angle in ((1, 2.0), (2, -3.0))
    ]
    data = as_bytes(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=150.0)
    found = read(data)
    assert [(page.number, page.pages) for page in found] == [(1, 2), (2, 2)]
    assert [round(page.angle) for page in found] == [-2, 3]
    assert {max(page.width, page.height) for page in found} == {scan.LONG_SIDE}


def test_the_pages_of_a_tiff_are_pages() -> None:
    data = as_bytes(marked(), "TIFF", save_all=True, append_images=[marked()])
    assert [page.number for page in read(data)] == [1, 2]


def huge_png() -> bytes:
    """A PNG that says it has 100,000 × 100,000 pixels."""
    data = bytearray(as_bytes(Image.new("L", (8, 8)), "PNG"))
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


def many_pages(kind: str) -> bytes:
    page = Image.new("L", (40, 60), 255)
    return as_bytes(page, kind, save_all=True, append_images=[page] * scan.MAX_PAGES)


BAD = {
    "nothing": (b"", "empty"),
    "text": (b"no picture at all", "kind"),
    "Word": (b"PK\x03\x04" + bytes(100), "kind"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(200), "kind"),
    "half a JPEG": (as_bytes(form_page(), "JPEG")[:4000], "damaged"),
    "a PDF's head only": (b"%PDF-1.7\n", "damaged"),
    "a bomb": (huge_png(), "too_large"),
    "pages of a PDF": (many_pages("PDF"), "too_many_pages"),
    "pages of a TIFF": (many_pages("TIFF"), "too_many_pages"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_shown_is_refused_with_its_reason(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(ScanRefused) as refused:
        read(data)
    assert refused.value.reason == reason


def test_a_file_over_the_limit_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_BYTES", 1000)
    with pytest.raises(ScanRefused, match="too_large"):
        list(scan.pages_of(as_bytes(marked(), "PNG") + bytes(2000)))


@pytest.fixture
def empty_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child whose memory does not suffice."""
    monkeypatch.setattr(scan, "SCAN_LIMITS", replace(scan.SCAN_LIMITS, address_space=300 * 1024 * 1024))


@pytest.mark.usefixtures("empty_child")
def test_a_child_without_memory_is_a_reason_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(as_bytes(Image.effect_noise((6000, 8000), 9), "PNG", compress_level=0))
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(ScanRefused) as refused:
            list(scan_pages(descriptor))
    finally:
        os.close(descriptor)
    assert refused.value.reason in {"too_large", "damaged"}
