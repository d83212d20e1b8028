"""Certificates and plaques: what stands on the printed sheet is what was stated."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from papers.certificates import ADDRESS, SPEC, certificate, issuer_key
from PIL import Image

from jiangbang.kernel.statement import Verdict, check_token, token_in
from jiangbang.papers.certificate import (
    chinese_date,
    draw_certificate,
    draw_plaque,
    english_date,
    unprintable,
    write_certificate,
    write_plaque,
)

RARE = "䶮𬱖𠅤"


def _text(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().replace("\r\n", "\n")


def _size(pdf: bytes) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width * 25.4 / 72), round(height * 25.4 / 72)


def _codes(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def test_the_printed_code_leads_to_the_verify_page_and_is_genuine():
    one = certificate()
    (code,) = _codes(Image.open(io.BytesIO(draw_certificate(one, ppi=150))))
    assert code == f"{ADDRESS}#{one.token}"
    assert check_token(token_in(code), [issuer_key()]).verdict is Verdict.GENUINE


def test_rare_names_and_the_number_are_extracted_as_they_were_stated():
    text = _text(write_certificate(certificate(f"王{RARE}")))
    assert f"王{RARE}" in text
    assert "杭数匠〔2023〕第001号" in text
    assert "二〇二三年五月十八日" in text
    assert [body for body in SPEC.bodies if body not in text] == []


def test_the_same_certificate_gives_the_same_bytes_of_less_than_forty_kibibytes():
    made = write_certificate(certificate())
    assert made == write_certificate(certificate())
    assert len(made) < 36_000
    assert _size(made) == (297, 210)


def test_one_language_leaves_out_the_other():
    text = _text(write_certificate(certificate(spec=replace(SPEC, bilingual=False))))
    assert "CERTIFICATE" not in text
    assert "Craftsman" not in text


def test_a_title_with_a_text_of_its_own_gets_it():
    text = _text(write_certificate(certificate(title_key="nominee"))).replace("\n", "")
    assert "荣获首届“杭州数字工匠”认定“杭州数字工匠”。特颁此证。" in text


def test_the_print_shop_gets_three_millimetres_of_bleed_and_marks_around():
    made = write_certificate(certificate(), print_shop=True)
    assert _size(made) == (317, 230)
    picture = pypdfium2.PdfDocument(made)[0].render(scale=200 / 72).to_pil()
    at = lambda x, y: picture.convert("RGB").getpixel((round(x / 25.4 * 200), round(y / 25.4 * 200)))  # noqa: E731
    # paper up to the end of the bleed, white outside of it, a mark at the height of the trim
    assert at(7.5, 100) != (255, 255, 255)
    assert at(6.5, 100) == (255, 255, 255)
    assert sum(at(4, 10)) < 700
    assert len(_codes(picture)) == 1


def test_photo_and_seal_take_their_place():
    picture = io.BytesIO()
    Image.new("RGB", (295, 413), (40, 90, 160)).save(picture, "JPEG")
    made = draw_certificate(certificate(photo=picture.getvalue(), seal=picture.getvalue()), ppi=72)
    shown = Image.open(io.BytesIO(made)).convert("RGB")
    red, green, blue = shown.getpixel((round(232 / 25.4 * 72), round(103 / 25.4 * 72)))
    assert (red < 60, 70 < green < 110, blue > 140) == (True, True, True)


def test_what_the_fonts_lack_is_announced_before_printing():
    assert unprintable(certificate(f"王{RARE}")) == []
    assert unprintable(certificate("王\U000323af\U000323af")) == ["\U000323af"]


def test_a_plaque_is_artwork_for_the_engraver_with_letters_as_outlines():
    drawn = draw_plaque(certificate())
    assert "<text" not in drawn
    assert _size(write_plaque(certificate())) == (600, 400)
    rendered = pypdfium2.PdfDocument(write_plaque(certificate()))[0].render(scale=1.4).to_pil()
    assert _codes(rendered) == [f"{ADDRESS}#{certificate().token}"]


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2023, 5, 8), "二〇二三年五月八日", "8 May 2023"),
        (date(2026, 10, 10), "二〇二六年十月十日", "10 October 2026"),
        (date(2026, 11, 20), "二〇二六年十一月二十日", "20 November 2026"),
        (date(2030, 12, 31), "二〇三〇年十二月三十一日", "31 December 2030"),
    ],
)
def test_dates_are_written_as_papers_of_honour_write_them(day, chinese, english):
    assert (chinese_date(day), english_date(day)) == (chinese, english)


def test_a_long_name_is_set_smaller_and_stays_on_the_sheet():
    name = "阿依古丽·买买提艾力·阿卜杜热合曼"
    text = _text(write_certificate(certificate(name)))
    assert name in text
