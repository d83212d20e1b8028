"""Slides for an outdoor screen, as a folder that runs from a stick: a page, its script, and a picture of everybody who agrees.

The people who run such screens take files, and a screen in the street must not depend on a network. Whoever withdraws is off the next
archive; the register says when, so that the office knows which copies to have replaced.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string

from jiangbang.kernel.pipe import Pipe
from jiangbang.papers.poster import FORMATS, write_poster, write_poster_list
from jiangbang.programme.models import Edition
from jiangbang.publicity.posters import list_of, poster_of
from jiangbang.publicity.queries import Shown

_FOLDER: Final = Path(__file__).parent / "data" / "screen"
_FILES: Final = ("screen.css", "screen.js")


def playlist(edition: Edition, people: Sequence[Shown]) -> Iterator[bytes]:
    """The archive in pieces: `index.html` shows the list and then each person, 12 seconds each, for ever, without network."""
    agreed, form = [one for one in people if one.consent is not None], FORMATS["screen"]
    slides = ["slides/000.png", *(f"slides/{number:03}.png" for number in range(1, len(agreed) + 1))]
    stream = Pipe()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        context = {
            "title": edition.name,
            "slides": list(zip(slides, ["", *(one.award.name for one in agreed)], strict=True)),
        }
        archive.writestr("index.html", render_to_string("publicity/screen.html", context))
        for name in _FILES:
            archive.write(_FOLDER / name, name)
        archive.writestr(slides[0], write_poster_list(list_of(edition, people), form))
        yield stream.taken()
        for slide, one in zip(slides[1:], agreed, strict=True):
            archive.writestr(slide, write_poster(poster_of(edition, one), form))
            yield stream.taken()
    yield stream.taken()
