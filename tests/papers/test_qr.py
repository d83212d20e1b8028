"""QR codes: small pictures that a reader decodes."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from jiangbang.papers.qr import QUIET, address_code


def test_address_and_token_come_back_and_the_token_takes_the_denser_mode():
    token = "ABCDEFGH234567" * 30
    picture = Image.open(io.BytesIO(address_code("https://jiangbang.example.org/verify/#", token)))
    enlarged = picture.resize((picture.width * 4, picture.height * 4))
    assert [one.text for one in zxingcpp.read_barcodes(enlarged)] == [f"https://jiangbang.example.org/verify/#{token}"]
    plain = Image.open(io.BytesIO(address_code(f"https://jiangbang.example.org/verify/#{token}")))
    assert picture.width < plain.width
    assert {picture.getpixel((x, y)) for x in range(picture.width) for y in range(QUIET)} == {255}


def test_too_much_for_a_code_is_refused():
    with pytest.raises(ValueError):
        address_code("https://example.org/#", "A" * 5000)
