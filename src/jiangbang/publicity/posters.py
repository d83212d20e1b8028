"""From a person who agreed to the sheets that show him, and from all of them to the press kit."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from jiangbang.conferral.certificates import words_of
from jiangbang.kernel.pipe import Pipe
from jiangbang.nomination import evidence
from jiangbang.nomination.models import StoredFile
from jiangbang.papers.poster import FORMATS, Poster, PosterList, write_poster, write_poster_list
from jiangbang.programme.models import Edition
from jiangbang.publicity.queries import Shown

# what typst reads as a picture
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
# what the press gets of each person
_KIT: Final = ("a3", "card")
_KIT_OF_ALL: Final = ("poster", "screen", "card")


def poster_of(edition: Edition, shown: Shown) -> Poster:
    """The poster of one who agreed. One query where the agreement covers the photo. Raises ValueError where there is none."""
    if shown.consent is None:
        raise ValueError("nobody is shown who has not agreed")
    words, revision = words_of(edition), shown.dossier.accepted_revision
    said = revision.open if revision is not None else {}
    return Poster(
        edition=edition.name,
        name=shown.award.name,
        title=shown.title.label,
        title_en=shown.title.label_en if words.bilingual else "",
        employer=shown.award.employer,
        motto=" ".join(str(said.get("motto") or "").split()),
        photo=_photo(revision.photo_sha256) if shown.consent.photo and revision is not None else b"",
        bodies=words.bodies,
        chop=words.chop,
    )


def list_of(edition: Edition, people: Sequence[Shown]) -> PosterList:
    """The poster of all who agreed, under their titles."""
    words = words_of(edition)
    groups = tuple(
        (title.label, tuple(one.award.name for one in people if one.title == title and one.consent is not None))
        for title in edition.spec.titles
    )
    return PosterList(edition.name, groups, words.bodies, words.chop)


def press_kit(edition: Edition, people: Sequence[Shown]) -> Iterator[bytes]:
    """A zip archive in pieces, each sheet made as it is sent: whoever waits sees it grow, and memory does not."""
    stream = Pipe()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as kit:
        kit.writestr("people.csv", _table(people))
        for key in _KIT_OF_ALL:
            kit.writestr(f"all/{key}.{FORMATS[key].suffix}", write_poster_list(list_of(edition, people), FORMATS[key]))
            yield stream.taken()
        for number, shown in enumerate((one for one in people if one.consent is not None), start=1):
            poster = poster_of(edition, shown)
            for key in _KIT:
                name = f"people/{number:03}-{_as_file_name(poster.name)}-{key}.{FORMATS[key].suffix}"
                kit.writestr(name, write_poster(poster, FORMATS[key]))
            yield stream.taken()
    yield stream.taken()


def _table(people: Sequence[Shown]) -> bytes:
    """Those who agreed, as a table that Excel opens: it tells UTF-8 by the mark in front."""
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(["称号", "姓名", "单位及职务"])
    for one in people:
        if one.consent is not None:
            rows.writerow([_plain(cell) for cell in (one.title.label, one.award.name, one.award.employer)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _as_file_name(name: str) -> str:
    return "".join(one for one in name if one.isalnum() or one in "·")[:40]


def _photo(sha256: str) -> bytes:
    """The picture's bytes; none where there is no picture, or it was erased."""
    stored = StoredFile.objects.filter(pk=sha256).first() if sha256 else None
    if stored is None or stored.media_type not in _PICTURES:
        return b""
    try:
        return evidence.read_bytes(sha256)
    except FileNotFoundError:
        return b""
