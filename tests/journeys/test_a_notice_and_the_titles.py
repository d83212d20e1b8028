"""The office words its page and prepares the notice, a second person publishes it, the city reads it on a phone, a line is put right, the
days pass, and those stand against whom nothing is open. They are given their titles; a certificate is printed and its code scanned off
the sheet; the title is revoked by two, and the same code says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from journeys.browsing import PHONE, NewContext, Watch, sideways
from journeys.house import House
from journeys.test_a_review import confirm, press
from journeys.test_an_objection import PASSWORD, entered
from journeys.words import zh
from playwright.sync_api import Page, expect

PUBLIC = "/p/hangzhou-digital-craftsman/2023/"
_START = """
import sys
from datetime import timedelta
import django
django.setup()
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.queries import default_edition
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
edition = default_edition()
"""
_DECIDED = """
from decision.decided import decided
decided(edition, office, released=False)
create_account("publisher", role=Role.ORGANISER, password=sys.argv[1], display_name="陈发布")
"""
_DAYS_PASS = """
from jiangbang.rehearsal.clock import stand_at
stand_at(edition, edition.now() + timedelta(days=8), by=office)
"""


def run(house: House, what: str) -> None:
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _START + what, PASSWORD],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings", "PYTHONPATH": os.fspath(tests)},
        cwd=tests.parent / "src", capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


_KEY = """
from jiangbang.rehearsal.conferral import rehearse_key
rehearse_key(edition, by=office)
"""


@pytest.fixture
def phone(house: House, new_context: NewContext) -> Page:
    """A citizen's telephone, signed in nowhere."""
    return new_context(PHONE).new_page()


def test_a_notice_is_published_read_corrected_and_ends(
    house: House, phone: Page, office: Page, new_context: NewContext, watch: Watch
) -> None:
    run(house, _DECIDED)
    words_the_page(office, house)
    office.goto(f"{house.base}/notice/")
    confirm(office, "Prepare the notice", "Prepare")
    expect(office.locator("body")).to_contain_text(zh("You prepared it: another person publishes it."))
    second = entered(new_context().new_page(), house, "publisher", "/notice/")
    confirm(second, "Publish", "Publish")
    reads(phone, house)
    corrects(office, second, house)
    # a browser may keep the page for ten seconds
    phone.reload()
    expect(phone.locator(".notice-versions")).to_contain_text("单位更名")
    phone.locator(".notice-versions a").click()
    expect(phone.locator(".notice-term")).to_contain_text(zh("This is what the notice said before it was corrected."))
    second.goto(f"{house.base}/notice/")
    expect(second.get_by_role("button", name=zh("Let those stand against whom nothing is open"))).to_have_count(0)
    run(house, _DAYS_PASS)
    second.goto(f"{house.base}/notice/")
    press(second, "Let those stand against whom nothing is open")
    expect(second.locator("tbody tr")).to_have_count(3)
    expect(second.locator("tbody tr").filter(has_text=zh("stood undisturbed"))).to_have_count(3)
    phone.goto(f"{house.base}{PUBLIC}notice/")
    phone.reload()
    expect(phone.locator(".notice-term")).to_contain_text(zh("The notice is over."))


def test_titles_are_conferred_printed_scanned_and_one_is_revoked(
    house: House, phone: Page, office: Page, new_context: NewContext, watch: Watch
) -> None:
    office.goto(f"{house.base}/conferral/")
    confirm(office, "Confer", "Confer")
    holders = office.locator("tbody tr")
    expect(holders).to_have_count(3)
    name, number = (holders.first.locator(cell).inner_text() for cell in ("th a", "td >> nth=0"))
    run(house, _KEY)
    holders.first.locator("th a").click()
    with office.expect_download() as printed:
        office.locator(".page-head button").click()
    code = code_on(Path(printed.value.path()))
    assert scanned(phone, code, house) == "genuine"
    expect(phone.locator("#verify-verdict .verify-name")).to_have_text(name)
    roll = f"{house.base}{PUBLIC}roll/"
    phone.goto(roll)
    phone.get_by_role("link", name=name, exact=True).click()
    expect(phone.locator(".holder-head")).to_contain_text(number)
    reach, seen = sideways(phone)
    assert reach <= seen
    award = office.url
    office.locator("a[href='#propose']").click()
    office.locator("[name=ground]").fill("事迹不实，经查属实")
    office.locator("[name=resolution]").fill("数匠撤〔2023〕1号")
    press(office, "Propose")
    assert scanned(phone, code, house) == "genuine"
    second = entered(new_context().new_page(), house, "publisher", award.removeprefix(house.base))
    confirm(second, "Confirm the revocation", "Revoke")
    assert scanned(phone, code, house) == "revoked"
    phone.goto(roll)
    expect(phone.locator("main")).not_to_contain_text(number)
    makes_the_next(office, house, phone)


def makes_the_next(office: Page, house: House, phone: Page) -> None:
    """The edition that follows, with its differences seen first; it knows who holds the titles that were not revoked."""
    office.goto(f"{house.base}/next-edition/")
    office.locator("[name=slug]").fill("2026")
    office.locator("[name=name]").fill("第四届“杭州数字工匠”认定")
    press(office, "Show the differences")
    expect(office.locator("#differences")).to_contain_text("第四届“杭州数字工匠”认定")
    confirm(office, "Make this edition", "Make it")
    expect(office.locator(".succession-steps")).to_contain_text(zh("Titles of earlier editions"))
    press(office, "Take them over")
    expect(office.locator(".succession-steps li").first).to_contain_text(zh("Take them anew"))
    phone.goto(f"{house.base}/p/hangzhou-digital-craftsman/2026/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("第四届“杭州数字工匠”认定")


def code_on(pdf: Path) -> str:
    """What a telephone reads off the printed sheet."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)


def scanned(phone: Page, code: str, house: House) -> str:
    """Open what the code says; the verdict of the page behind it."""
    phone.goto("about:blank")
    phone.goto(re.sub(r"^https?://[^/]+", house.base, code))
    card = phone.locator("#verify-verdict [data-verdict]")
    expect(card).to_be_visible()
    return str(card.get_attribute("data-verdict"))


def words_the_page(office: Page, house: House) -> None:
    office.goto(f"{house.base}/site/")
    office.locator("[name=about]").fill("**弘扬工匠精神**")
    office.locator("[name=call]").fill("## 推荐范围\n一线职工。")
    office.locator("[name=called]").check()
    press(office, "Save")
    expect(office.locator("body")).to_contain_text(zh("The public page reads so."))


def reads(phone: Page, house: House) -> None:
    """From the edition's page with its call to the notice, whose PDF is there; nothing reaches beyond the screen."""
    phone.goto(f"{house.base}{PUBLIC}")
    expect(phone.locator(".site-text").first).to_contain_text("弘扬工匠精神")
    assert phone.request.get(f"{house.base}{PUBLIC}papers/roster.xlsx").body()[:2] == b"PK"
    phone.locator(".notice-links a[href*=notice-1]").click()
    expect(phone.locator(".notice-list li")).to_have_count(3)
    reach, seen = sideways(phone)
    assert reach <= seen
    assert phone.request.get(f"{house.base}{PUBLIC}notice/1.pdf").body()[:5] == b"%PDF-"
    picture = phone.locator("meta[property='og:image']").get_attribute("content") or ""
    address = re.sub(r"^https?://[^/]+", house.base, picture)
    assert phone.request.get(address).body()[:4] == b"\x89PNG"


def corrects(office: Page, second: Page, house: House) -> None:
    office.goto(f"{house.base}/notice/")
    row = office.locator("tbody tr").first
    row.locator("summary").click()
    row.locator("[name=employer]").fill("甲智造股份有限公司 工程师")
    row.locator("[name=reason]").fill("单位更名")
    row.get_by_role("button", name=zh("Correct"), exact=True).click()
    office.wait_for_load_state()
    second.goto(f"{house.base}/notice/")
    press(second, "Release the correction")
    expect(second.locator("tbody tr").first).to_contain_text("甲智造股份有限公司 工程师")
