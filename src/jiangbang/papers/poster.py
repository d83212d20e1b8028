"""Posters of the titled: one person or everybody of a list, for the wall, for screens, for messages.

    pdf = write_poster(poster, FORMATS["poster"])      1080p and the card for messages: `draw_poster`, a PNG of so many pixels
    png = draw_list(poster_list, FORMATS["screen"])

Whoever makes one has asked before whether the person agrees, and `unprintable` whether the fonts have every character.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

from jiangbang.papers.fonts import lacking
from jiangbang.papers.paper import texts_of
from jiangbang.papers.pdf import compile_pdf, compile_png

_INCH: Final = 25.4
# the size of the motto in hundredths of the short side, by its number of characters
_MOTTO_SIZES: Final = ((24, 5.2), (44, 4.4), (80, 3.6), (140, 2.9))
_SMALLEST_MOTTO: Final = 2.3


@dataclass(frozen=True, slots=True)
class Format:
    """A sheet of `width` × `height` millimetres, or where `pixels` says how many across, a picture for a screen."""

    key: str
    width: int
    height: int
    pixels: int = 0

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return "png" if self.pixels else "pdf"

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"{self.key}.{self.suffix}"


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        one.key: one
        for one in (
            Format("poster", 600, 900),
            Format("landscape", 900, 600),
            Format("a3", 297, 420),
            Format("screen", 480, 270, 1920),
            Format("card", 300, 157, 1200),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Poster:
    """One person: `photo` as PNG or JPEG or empty, `bodies` who confers, `chop` the characters of the square seal, which is an ornament."""

    edition: str
    name: str
    title: str
    title_en: str = ""
    employer: str = ""
    motto: str = ""
    photo: bytes = b""
    bodies: tuple[str, ...] = ()
    chop: str = ""


@dataclass(frozen=True, slots=True)
class PosterList:
    """Everybody: the names under each title, in the order in which they are read out."""

    edition: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    bodies: tuple[str, ...] = ()
    chop: str = ""


def write_poster(poster: Poster, form: Format) -> bytes:
    """The poster in a format: PDF for a sheet, PNG for a screen. A photo that is no picture is left out."""
    data = {**asdict(poster), **_motto(poster)}
    try:
        return _made("poster", {**data, "photo": list(poster.photo)}, form)
    except ValueError:
        if not poster.photo:
            raise
        return _made("poster", {**data, "photo": []}, form)


def write_poster_list(names: PosterList, form: Format) -> bytes:
    """The poster of a list in a format. All names are on one sheet: the more there are, the smaller they stand."""
    groups = [{"title": title, "names": list(people)} for title, people in names.groups if people]
    return _made("poster_list", {**asdict(names), "groups": groups, "heading": names.edition}, form)


def preview_poster(poster: Poster, *, across: int = 480) -> bytes:
    """The upright poster as PNG of so many pixels across."""
    form = FORMATS["a3"]
    return write_poster(poster, Format("preview", form.width, form.height, across))


def unprintable(poster: Poster) -> list[str]:
    """The characters of a poster that the fonts have no glyph for, each once."""
    return lacking("".join(texts_of(asdict(poster))))


def _motto(poster: Poster) -> dict[str, Any]:
    long = len(poster.motto)
    return {"motto_size": next((size for most, size in _MOTTO_SIZES if long <= most), _SMALLEST_MOTTO)}


def _made(template: str, data: dict[str, Any], form: Format) -> bytes:
    whole = {**data, "width": form.width, "height": form.height}
    if form.pixels:
        return compile_png(template, whole, ppi=form.pixels / (form.width / _INCH))
    return compile_pdf(template, whole, tags=False)
