"""Papers that were right once: forms, rosters, archives, pictures and PDFs, changed by one seed always in the same way."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
KINDS = ("form", "roster", "archive", "image", "pdf")
SUFFIX = {"form": ".docx", "roster": ".xlsx", "archive": ".zip", "image": ".jpg", "pdf": ".pdf"}
# Numbers at which counters turn over, little-endian.
EDGES = [struct.pack("<L", number) for number in (0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)]
PIECES = (
    b"<w:tbl>" * 300,
    b"]]>",
    b"&#0;",
    b"&amp;" * 5000,
    "𠮷龘\u202e\u200b".encode() * 200,
    b"\0" * 64,
    b"9" * 5000,
    b"=cmd|' /C calc'!A0",
    b"../../../../etc/passwd",
    b"<!ENTITY a SYSTEM 'file:///etc/passwd'>",
)
# What zipfile says of an archive that was changed before.
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError, LookupError)
Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed paper, and the change."""

    kind: str
    name: str
    data: bytes
    how: str


# -- what is changed -----------------------------------------------------------------------------------------------------


@cache
def originals() -> dict[str, tuple[bytes, ...]]:
    """Right papers of each kind: of synthetic people, and of the samples beside the project where they are."""
    archives = [_synthetic(), *(path.read_bytes() for path in sorted(SAMPLES.glob("*.zip")))]
    members = [content for archive in archives for content in _members(archive)]
    documents = [one for one in members if _holds(one, "word/document.xml")]
    # the last document of an archive is its roster where that is no workbook
    rosters = [one for one in members if _holds(one, "xl/workbook.xml")]
    pictures = [_picture(kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")]
    return {
        "form": tuple(sorted(documents, key=len)[:40]),
        "roster": tuple(rosters),
        "archive": tuple(sorted(archives, key=len)[:2]),
        "image": tuple(pictures),
        "pdf": (_picture("PDF"), _typed_pdf()),
    }


def _synthetic() -> bytes:
    from jiangbang.commands.speaking import bundled_edition
    from jiangbang.rehearsal.faults import Slip
    from jiangbang.rehearsal.papers import PacketPapers, packet_archive
    from jiangbang.rehearsal.people import make_people

    edition = bundled_edition()
    signed = date(2023, 3, 1)
    people = make_people(3, seed=1, form=edition.form, classes=edition.industry_classes, signed=signed, year=2023)
    papers = PacketPapers(edition.units[0].name, f"{edition.units[0].short_name}+数字工匠推荐")
    return packet_archive([Slip.right(one) for one in people], edition.form, papers)


def _members(archive: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        for name in file.namelist():
            yield file.read(name)


def _holds(data: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return name in file.namelist()
    except zipfile.BadZipFile:
        return False


def _picture(kind: str) -> bytes:
    picture = Image.effect_noise((413, 579), 60).convert("RGB")
    picture.putpixel((3, 3), (200, 30, 40))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def _typed_pdf() -> bytes:
    """A page of text with a cross-reference table, an object stream's worth of things to go wrong."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length 44>>stream\nBT /F1 24 Tf 72 700 Td (digital craftsman) Tj ET\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start


# -- how it is changed ---------------------------------------------------------------------------------------------------


def _flip(data: bytes, lot: random.Random) -> bytes:
    out = bytearray(data)
    for _turn in range(lot.randint(1, 40)):
        out[lot.randrange(len(out))] ^= 1 << lot.randrange(8)
    return bytes(out)


def _cut(data: bytes, lot: random.Random) -> bytes:
    return data[: lot.randrange(len(data))]


def _remove(data: bytes, lot: random.Random) -> bytes:
    start = lot.randrange(len(data))
    return data[:start] + data[start + lot.randint(1, 2000) :]


def _repeat(data: bytes, lot: random.Random) -> bytes:
    start = lot.randrange(len(data))
    piece = data[start : start + lot.randint(1, 500)]
    return data[:start] + piece * lot.randint(2, 50) + data[start:]


def _insert(data: bytes, lot: random.Random) -> bytes:
    start = lot.randrange(len(data))
    return data[:start] + lot.choice(PIECES) + data[start:]


def _edge(data: bytes, lot: random.Random) -> bytes:
    start = lot.randrange(max(1, len(data) - 4))
    return data[:start] + lot.choice(EDGES) + data[start + 4 :]


def _shuffle(data: bytes, lot: random.Random) -> bytes:
    size = max(1, len(data) // 16)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    lot.shuffle(pieces)
    return b"".join(pieces)


def _inside(data: bytes, lot: random.Random) -> bytes:
    """A member of the archive changed, and packed rightly again: this gets past the directory, to the reader within."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            members = [(name, source.read(name)) for name in source.namelist()]
    except UNREADABLE:
        return _flip(data, lot)
    readable = [place for place, (_name, content) in enumerate(members) if content]
    if not readable:
        return _flip(data, lot)
    place = lot.choice(readable)
    name, content = members[place]
    members[place] = (name, lot.choice((_tags, _words, _flip, _cut, _repeat, _insert))(content, lot) or b"<")
    return _packed(members)


def _renamed(data: bytes, lot: random.Random) -> bytes:
    """Members under names that lead elsewhere, or that are not there any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            members = [(name, source.read(name)) for name in source.namelist()]
    except UNREADABLE:
        return _cut(data, lot)
    if not members:
        return _cut(data, lot)
    place = lot.randrange(len(members))
    odd = ("../" * 9 + "x", "C:\\x", "a\0b", "x" * 60000, "con", "‮xcod.tac", "word/document.xml", "a" * 200 + "/")
    members[place] = (lot.choice(odd), members[place][1])
    return _packed(members)


def _packed(members: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name[:65000], zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return out.getvalue()


def _tags(data: bytes, lot: random.Random) -> bytes:
    """A tag dropped, doubled, nested deep, or exchanged for another of the document."""
    tags = list(re.finditer(rb"<[^>]{1,200}>", data))
    if not tags:
        return _flip(data, lot)
    one, other = lot.choice(tags), lot.choice(tags)
    new = lot.choice((b"", one[0] * 2, one[0] * 2000, other[0], one[0].replace(b'"', b""), one[0].replace(b"w:", b"")))
    return data[: one.start()] + new + data[one.end() :]


def _words(data: bytes, lot: random.Random) -> bytes:
    """The text between two tags exchanged."""
    texts = list(re.finditer(rb">([^<>]{1,400})<", data))
    if not texts:
        return _insert(data, lot)
    one = lot.choice(texts)
    new = lot.choice((b"", b"0", b"-1", b"1e999", b"2023-13-45", *PIECES[2:7], b"330106" + b"0" * 12, one[1] * 50))
    return data[: one.start(1)] + new + data[one.end(1) :]


RAW: tuple[Change, ...] = (_flip, _cut, _remove, _repeat, _insert, _edge, _shuffle)
ZIPPED: tuple[Change, ...] = (*RAW, _inside, _inside, _inside, _inside, _inside, _renamed)


def mutants(count: int, *, seed: int) -> Iterator[Mutant]:
    """So many changed papers, the kinds in turn; one in five is changed twice. The same seed gives the same."""
    found = originals()
    for number in range(count):
        lot = random.Random(f"{seed}:{number}")
        kind = KINDS[number % len(KINDS)]
        yield mutant(kind, lot.choice(found[kind]), lot, number)


def mutant(kind: str, data: bytes, lot: random.Random, number: int) -> Mutant:
    """One paper, changed."""
    how = []
    for _turn in range(1 + (lot.random() < 0.2)):
        change = lot.choice(ZIPPED if kind in ("form", "roster", "archive") else RAW)
        data = change(data, lot) or b"\0"
        how.append(change.__name__.strip("_"))
    label = {"form": "附件2推荐表", "roster": "附件3汇总表"}.get(kind, kind)
    return Mutant(kind, f"{label}{number}{SUFFIX[kind]}", data, "+".join(how))
