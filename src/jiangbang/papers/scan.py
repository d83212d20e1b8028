"""A scanned or photographed paper as pages to look at: upright, straight, of a handy size. The original is never changed.

    for page in scan_pages(descriptor, turn=0): ...

A scan is foreign bytes, so it is decoded in the child (`papers.sandbox`): photos by Pillow, PDF by PDFium. What comes back is a JPEG of
the house's own making, without the metadata of the camera (place, owner).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pypdfium2 as pdfium
from PIL import ExifTags, Image, UnidentifiedImageError

from jiangbang.papers.child import Job
from jiangbang.papers.limits import MIB, Limits
from jiangbang.papers.sandbox import Child, ChildDied
from jiangbang.papers.skew import skew_of

# A form has two pages, with what is sewn to it a few more; more is another paper.
MAX_PAGES: Final = 12
MAX_BYTES: Final = 40 * MIB
# JPEG is decoded at a fraction of its size, so that a telephone's 200 megapixels cost no more than 12; anything else is decoded whole.
MAX_PIXELS: Final = 50_000_000
MAX_JPEG_PIXELS: Final = 250_000_000
# Long side in pixels: A4 at about 170 dpi, at which a seal's and the smallest print's strokes stay apart.
LONG_SIDE: Final = 2000
QUALITY: Final = 82
# Lines of the smaller picture that are made at a time.
_STRIP: Final = 64
# What the camera's orientation asks for (EXIF 2.3, tag 0x0112).
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Long side of a portrait on a page: sharp at a phone's three pixels for one.
PORTRAIT_SIDE: Final = 800

# Decoding 50 megapixels takes 150 MB and turning it another 150; PDFium maps its own.
SCAN_LIMITS: Final = Limits(address_space=1400 * MIB, cpu=60, silence=30.0, wall=90.0)

ScanFault = Literal["empty", "too_large", "too_many_pages", "kind", "encrypted", "damaged", "time"]
Message = tuple[str, dict[str, Any], list[bytes]]


class ScanRefused(Exception):
    """A file of which no page can be shown. `reason` is closed."""

    def __init__(self, reason: ScanFault) -> None:
        super().__init__(reason)
        self.reason: ScanFault = reason


@dataclass(frozen=True, slots=True)
class ScanPage:
    """One page made ready. `angle`: degrees by which it was turned to be straight, clockwise positive; `data` is a JPEG."""

    number: int
    pages: int
    width: int
    height: int
    angle: float
    data: bytes


# --- the parent's side ------------------------------------------------------------------------------------------------


def scan_pages(file: int, *, turn: int = 0) -> Iterator[ScanPage]:
    """The pages of the scan in the open file `file` (a descriptor), each turned by `turn` quarter turns clockwise besides.

    Raises ScanRefused.
    """
    yield from _read(file, {"turn": turn % 4})


def _read(file: int, arguments: dict[str, Any]) -> Iterator[ScanPage]:
    try:
        with Child("scan", arguments, input=file, limits=SCAN_LIMITS) as child:
            for frame in child:
                if frame.kind == "refused":
                    raise ScanRefused(frame.values["reason"])
                values = frame.values
                yield ScanPage(
                    int(values["number"]),
                    int(values["pages"]),
                    int(values["width"]),
                    int(values["height"]),
                    float(values["angle"]),
                    frame.blobs[0],
                )
    except ChildDied as died:
        reasons: dict[str, ScanFault] = {"time": "time", "memory": "too_large"}
        raise ScanRefused(reasons.get(died.reason, "damaged")) from died


def redraw_portrait(data: bytes) -> bytes:
    """A portrait as a JPEG of the house's own making: of a handy size, without what the camera wrote into it. Raises ScanRefused."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        (portrait,) = _read(file.fileno(), {"portrait": True})
    return portrait.data


# --- the child's side -------------------------------------------------------------------------------------------------


def perform(operation: str, job: Job) -> Iterator[Message]:
    """`scan`: one `page` message for each page, only the first one as it is where a `portrait` is wanted; or one `refused`."""
    assert operation == "scan"
    assert job.input is not None
    data = job.input.read(MAX_BYTES + 1)
    try:
        if job.arguments.get("portrait"):
            yield _message(_portrait(data))
        else:
            yield from (_message(page) for page in pages_of(data, turn=int(job.arguments["turn"])))
    except ScanRefused as refused:
        yield "refused", {"reason": refused.reason}, []


def _message(page: ScanPage) -> Message:
    values = {
        "number": page.number,
        "pages": page.pages,
        "width": page.width,
        "height": page.height,
        "angle": page.angle,
    }
    return "page", values, [page.data]


def pages_of(data: bytes, *, turn: int = 0) -> Iterator[ScanPage]:
    """The pages of a scan. Only in the child. Raises ScanRefused."""
    if not data:
        raise ScanRefused("empty")
    if len(data) > MAX_BYTES:
        raise ScanRefused("too_large")
    pictures = _pdf_pages(data) if b"%PDF-" in data[:1024] else _picture_pages(data)
    for number, (count, picture) in enumerate(pictures, 1):
        yield _straight(picture, number, count, turn)


def _portrait(data: bytes) -> ScanPage:
    if len(data) > MAX_BYTES:
        raise ScanRefused("too_large")
    _count, picture = next(_picture_pages(data))
    return _page(_smaller(picture, PORTRAIT_SIDE), 1, 1, 0.0)


def _picture_pages(data: bytes) -> Iterator[tuple[int, Image.Image]]:
    """A photo, or the pages of a TIFF, upright as the camera says (EXIF)."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ScanRefused("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ScanRefused("kind") from None
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > MAX_PAGES:
        raise ScanRefused("too_many_pages")
    for number in range(count):
        try:
            if number:
                image.seek(number)
            yield count, _decoded(image)
        except (OSError, SyntaxError, ValueError, EOFError):
            raise ScanRefused("damaged") from None


def _decoded(image: Image.Image) -> Image.Image:
    pixels = image.width * image.height
    if image.format == "JPEG":
        if pixels > MAX_JPEG_PIXELS:
            raise ScanRefused("too_large")
        # the decoder halves as often as the result stays larger than what is asked for
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    elif pixels > MAX_PIXELS:
        raise ScanRefused("too_large")
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    image.load()
    upright = _handy(image)
    return upright if turn is None else upright.transpose(turn)


def _handy(image: Image.Image) -> Image.Image:
    """Three channels, and where it has many pixels, so few that two copies cost nothing.

    Strip by strip: a second layer of 50 megapixels, and a third to lay it on, would take 600 MB.
    """
    factor = max(image.size) // LONG_SIDE
    if factor <= 1:
        return _on_white(image)
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, _STRIP * factor):
        strip = image.crop((0, top, image.width, min(image.height, top + _STRIP * factor)))
        # what a palette means, and which colour is transparent, is told beside the pixels
        strip.info = image.info
        small.paste(_on_white(strip).reduce(factor), (0, top // factor))
    return small


def _on_white(image: Image.Image) -> Image.Image:
    """Three channels; what is transparent is paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if image.mode.startswith("I"):
        # 16 bits a pixel: the upper eight say all that an eye can tell
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _pdf_pages(data: bytes) -> Iterator[tuple[int, Image.Image]]:
    """The pages of a PDF as they print."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ScanRefused("encrypted" if "password" in str(error).lower() else "damaged") from None
    count = len(document)
    if count == 0:
        raise ScanRefused("damaged")
    if count > MAX_PAGES:
        raise ScanRefused("too_many_pages")
    for number in range(count):
        try:
            page = document[number]
            width, height = page.get_size()
            if min(width, height) <= 0:
                raise ScanRefused("damaged")
            # by the page's size, never by the file's word: a page a kilometre wide is drawn as small as any
            yield count, page.render(scale=LONG_SIDE / max(width, height)).to_pil().convert("RGB")
        except pdfium.PdfiumError:
            raise ScanRefused("damaged") from None


def _straight(picture: Image.Image, number: int, count: int, turn: int) -> ScanPage:
    picture = _smaller(picture)
    if turn % 4:
        quarter = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
        picture = picture.transpose(quarter[turn % 4])
    angle = skew_of(np.asarray(picture.convert("L")))
    if angle:
        picture = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=_paper_of(picture))
    return _page(picture, number, count, -angle)


def _page(picture: Image.Image, number: int, count: int, angle: float) -> ScanPage:
    # Pillow would write comment, colour profile and resolution of the file that it read
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return ScanPage(number, count, picture.width, picture.height, angle, out.getvalue())


def _smaller(picture: Image.Image, longest: int = LONG_SIDE) -> Image.Image:
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _paper_of(picture: Image.Image) -> tuple[int, int, int]:
    """The colour of the paper, for the corners that turning lays open: the brighter part of the page."""
    small = np.asarray(picture.resize((64, 64)).convert("RGB"), dtype=np.uint8).reshape(-1, 3)
    red, green, blue = np.percentile(small, 80, axis=0)
    return int(red), int(green), int(blue)
