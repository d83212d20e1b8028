"""Certificates of honour and plaques: what stands on one, and setting it.

    pdf = write_certificate(certificate)                    one A4 sheet across
    pdf = write_certificate(certificate, print_shop=True)   with 3 mm of bleed, crop marks and four inks

The QR code holds the address of the verify page and, behind `#`, the signed statement (`kernel.statement`): no browser sends what stands
there, and the statement verifies without the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import typst

from jiangbang.kernel.certificate import CertificateSpec, filled
from jiangbang.kernel.statement import Statement
from jiangbang.papers.fonts import lacking
from jiangbang.papers.pdf import TEMPLATES, compile_pdf, compile_png, compile_svg
from jiangbang.papers.qr import address_code

# Millimetres around the trimmed sheet: what the cutter takes away, and the room of the crop marks.
BLEED: Final = 3
SLUG: Final = 7
_DIGITS: Final = "〇一二三四五六七八九"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# name: the size that it has room for, in points, by its number of characters
_NAME_SIZES: Final = ((6, 29), (12, 25), (24, 20))


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate. `title_key` chooses the text of the edition; `address` is the verify page, without `#`.

    `seal` is a picture of the issuer's seal, `photo` one of the holder (PNG or JPEG); without a seal the square one of the edition is
    cut, which is an ornament and not an official seal. `title_en` and `edition_en` serve the second language.
    """

    statement: Statement
    token: str
    address: str
    spec: CertificateSpec
    title_key: str = ""
    name_latin: str = ""
    title_en: str = ""
    edition_en: str = ""
    seal: bytes = b""
    photo: bytes = b""
    # a proof of the design: it says so across the sheet, and its code leads to the verify page without a statement
    specimen: bool = False


def write_certificate(certificate: Certificate, *, print_shop: bool = False) -> bytes:
    """The certificate as PDF of one page. A character that the fonts lack would be printed as 〓: ask `unprintable` before."""
    data = _data(certificate)
    if print_shop:
        return compile_pdf("certificate", {**data, "bleed": BLEED, "slug": SLUG}, tags=False)
    return compile_pdf("certificate", data, tags=False, frame=_frame())


def draw_certificate(certificate: Certificate, *, ppi: float = 144.0) -> bytes:
    """The certificate as PNG picture, for a preview."""
    return compile_png("certificate", _data(certificate), ppi=ppi, frame=_frame())


def write_plaque(certificate: Certificate) -> bytes:
    """The artwork of the holder's plaque, 600 × 400 mm, as PDF."""
    return compile_pdf("plaque", _data(certificate), tags=False)


def draw_plaque(certificate: Certificate) -> str:
    """The same as SVG whose letters are outlines, for the engraver."""
    return compile_svg("plaque", _data(certificate))


def unprintable(certificate: Certificate) -> list[str]:
    """The characters of a certificate that the fonts have no glyph for, each once. Known before anything is printed."""
    values = _values(certificate)
    spec = certificate.spec
    said = (spec.heading, spec.salutation, spec.text_of(certificate.title_key), *spec.bodies, spec.chop, spec.plaque)
    return lacking("".join((*values.values(), *said)))


def chinese_date(day: date) -> str:
    """A date as papers of honour write it: 二〇二三年五月十八日."""
    year = "".join(_DIGITS[int(one)] for one in str(day.year))
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def english_date(day: date) -> str:
    """A date as 18 May 2023, whatever the language of the machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + ("" if ones == 0 else _DIGITS[ones])


def _values(certificate: Certificate) -> dict[str, str]:
    stated = certificate.statement
    return {one: getattr(stated, one) for one in ("name", "unit", "title", "edition", "programme", "number")}


def _data(certificate: Certificate) -> dict[str, Any]:
    spec, stated, values = certificate.spec, certificate.statement, _values(certificate)
    before, _, after = spec.salutation.partition("{name}")
    english = spec.bilingual
    return {
        "kind": spec.heading,
        "heading": spec.heading,
        "heading_en": spec.heading_en if english else "",
        "before": filled(before, values),
        "name": stated.name,
        "name_size": next((size for most, size in _NAME_SIZES if len(stated.name) <= most), 16),
        "after": filled(after, values),
        "text": _parts(spec.text_of(certificate.title_key), values),
        "text_en": _english(certificate, values) if english else "",
        "bodies": list(spec.bodies),
        "date": chinese_date(stated.issued),
        "date_en": english_date(stated.issued) if english else "",
        "number": stated.number,
        "notes": [
            {"said": "扫码验证真伪", "language": "zh"},
            *([{"said": "Scan to verify", "language": "en"}] if english else []),
        ],
        "code": list(_code(certificate)),
        "mark": "样张" if certificate.specimen else "",
        "seal": list(certificate.seal),
        "photo": list(certificate.photo),
        "chop": spec.chop,
        "plaque": _parts(spec.plaque, values),
        "title": stated.title,
        "bleed": 0,
        "slug": 0,
    }


def _code(certificate: Certificate) -> bytes:
    if certificate.specimen:
        return address_code(certificate.address)
    return address_code(f"{certificate.address}#", certificate.token)


def _parts(text: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The text in parts, of which the title, with quotation marks around it, is a strong one."""
    for mark in ("“{title}”", "{title}"):
        if mark in text:
            before, _, after = text.partition(mark)
            parts = ((before, False), (mark, True), (after, False))
            return [{"said": filled(said, values), "strong": strong} for said, strong in parts if said]
    return [{"said": filled(text, values), "strong": False}]


def _english(certificate: Certificate, values: Mapping[str, str]) -> str:
    """The English sentence, beginning with the name in Latin letters where there is one."""
    text = certificate.spec.text_en_of(certificate.title_key)
    if not text or not certificate.title_en:
        return ""
    named = certificate.name_latin or values["name"]
    english = {**values, "name": named, "title": certificate.title_en, "edition": certificate.edition_en}
    said = filled(text, english)
    return said if "{name}" in text else f"{named} {said}"


@cache
def _frame() -> str:
    """The frame as a drawing, made once: what a batch shares is not set again for each sheet."""
    made = typst.Compiler(TEMPLATES / "certificate_ground.typ", root=TEMPLATES).compile(format="svg")
    assert isinstance(made, bytes)
    return made.decode()
