"""Somebody holds a certificate: the code is scanned off the rendered sheet, the page it leads to checks it, then the file is dropped. The
browser sends nothing; what a browser finds is what the command line finds, for whole and for damaged ones."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from journeys.browsing import DESKTOP, PHONE, NewContext, Watch, keep_picture, sideways
from journeys.house import House
from playwright.sync_api import Page, expect

from jiangbang.kernel.statement import IssuerKey, check_token, read_keys, token_in
from jiangbang.papers.signature import check_pdf

_PREPARE = """
import base64, json, sys
from dataclasses import replace
from datetime import date
import django
django.setup()
sys.path.insert(0, sys.argv[2])
from jiangbang.accounts.acts import console_account
from jiangbang.conferral.issuers import issuer_for, issuer_keys, make_issuer_key
from jiangbang.kernel.statement import keys_document, sign_statement
from jiangbang.papers.certificate import write_certificate
from jiangbang.papers.signature import sign_pdf
from papers.certificates import certificate
make_issuer_key("杭州市数字经济行业工会联合会", date(2023, 1, 1), date(2025, 12, 31), by=console_account())
issuer = issuer_for(date(2023, 5, 18))
one = certificate()
one = replace(one, address=sys.argv[1] + "/verify/", token=sign_statement(one.statement, issuer.seed))
pdf = sign_pdf(write_certificate(one), issuer.signatory, address=one.address, token=one.token)
print(json.dumps({"pdf": base64.b64encode(pdf).decode(), "keys": keys_document(issuer_keys())}))
"""


@dataclass(frozen=True)
class Issued:
    pdf: bytes
    keys: tuple[IssuerKey, ...]

    @property
    def address(self) -> str:
        """What the code on the rendered sheet says."""
        picture = pypdfium2.PdfDocument(self.pdf)[0].render(scale=2).to_pil()
        (code,) = zxingcpp.read_barcodes(picture)
        return str(code.text)


@pytest.fixture(scope="module")
def issued(house: House) -> Issued:
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _PREPARE, house.base, str(tests)],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        cwd=tests.parent / "src", capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    return Issued(base64.b64decode(told["pdf"]), read_keys(told["keys"]))


def drop(page: Page, pdf: bytes) -> str:
    """Give the page a file; returns the verdict of the card that it shows."""
    page.evaluate("document.getElementById('verify-verdict').replaceChildren()")
    page.set_input_files("[name=file]", {"name": "证书.pdf", "mimeType": "application/pdf", "buffer": pdf})
    card = page.locator("#verify-verdict [data-verdict]")
    expect(card).to_be_visible()
    return str(card.get_attribute("data-verdict"))


def scan(page: Page, address: str) -> str:
    page.goto("about:blank")
    page.goto(address)
    card = page.locator("#verify-verdict [data-verdict]")
    expect(card).to_be_visible()
    return str(card.get_attribute("data-verdict"))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_scanned_code_and_a_dropped_file_are_checked_on_the_spot(
    house: House, issued: Issued, new_context: NewContext, watch: Watch, size: tuple[int, int]
) -> None:
    page = new_context(size).new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method != "GET" else None)
    assert issued.address.startswith(f"{house.base}/verify/#")
    assert scan(page, issued.address) == "genuine"
    expect(page.locator("#verify-verdict .verify-name")).to_have_text("王䶮")
    reach, seen = sideways(page)
    assert reach == seen
    keep_picture(page, f"verify-{size[0]}")
    assert drop(page, issued.pdf) == "genuine"
    assert drop(page, issued.pdf.replace(b"/Type", b"/type", 1)) == "altered"
    assert drop(page, b"%PDF-1.7 a scan") == "malformed"
    assert sent == []


def test_browser_and_command_line_find_the_same_in_whole_and_damaged_ones(
    issued: Issued, new_context: NewContext, watch: Watch
) -> None:
    page = new_context(DESKTOP).new_page()
    source, token, address = random.Random(11), token_in(issued.address), issued.address.partition("#")[0]
    start = issued.pdf.index(b"/ByteRange") - 600
    for _ in range(12):
        damaged = bytearray(issued.pdf)
        damaged[source.randrange(start, len(damaged))] ^= source.randrange(1, 256)
        if not scan_is_open(page):
            page.goto(address)
        assert drop(page, bytes(damaged)) == check_pdf(bytes(damaged), issued.keys).verdict
    for at in (0, 5, 40, len(token) - 1):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert scan(page, f"{address}#{other}") == check_token(other, issued.keys).verdict


def test_a_revoked_one_is_told_apart_at_once(
    house: House, issued: Issued, office: Page, new_context: NewContext, watch: Watch
) -> None:
    number = "杭数匠〔2023〕第001号"
    office.goto(f"{house.base}/certificates/#revoke")
    office.fill("[name=number]", number)
    office.fill("[name=resolution]", "数匠撤〔2023〕1号")
    office.locator("#revoke button[type=submit]").click()
    expect(office.locator("main")).to_contain_text(number)
    page = new_context(PHONE).new_page()
    assert scan(page, issued.address) == "revoked"
    assert drop(page, issued.pdf) == "revoked"


def scan_is_open(page: Page) -> bool:
    return page.url.partition("#")[0].endswith("/verify/")
