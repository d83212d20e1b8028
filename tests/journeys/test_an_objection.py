"""A citizen objects on a phone; the office admits, asks the unit, proposes; a second person decides: struck, answered, and the
next of the reserve list follows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from journeys.browsing import PATIENCE, PHONE, NewContext, Watch, sideways
from journeys.house import House
from journeys.test_a_review import confirm, press
from journeys.words import zh
from playwright.sync_api import Page, expect

PASSWORD = "a long enough password 7"
UNIT = "330108"
FACTS = "公示材料中的专利第一发明人并非本人，请核对专利证书与入职时间。"
_PREPARE = """
import sys
import django
django.setup()
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.queries import default_edition
from notice.noticed import noticed
password, unit = sys.argv[1:]
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
edition = default_edition()
noticed(edition, office)
create_account("second", role=Role.DISCIPLINE, password=password, display_name="周监督")
create_account("replies", role=Role.UNIT, password=password, edition=edition.key, scope=unit)
"""


def prepare(house: House) -> None:
    """A notice that stands, a second person of the office, and the unit's account."""
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _PREPARE, PASSWORD, UNIT],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings", "PYTHONPATH": os.fspath(tests)},
        cwd=tests.parent / "src", capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def phone(house: House, new_context: NewContext) -> Page:
    """A citizen's telephone, signed in nowhere."""
    prepare(house)
    return new_context(PHONE).new_page()


def entered(page: Page, house: House, name: str, address: str) -> Page:
    page.goto(f"{house.base}/account/login/?next={address}")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name=zh("Sign in"), exact=True).click()
    page.wait_for_url(re.compile(re.escape(address) + "$"))
    return page


def test_a_citizen_objects_and_the_person_is_struck(
    house: House, phone: Page, office: Page, new_context: NewContext, watch: Watch
) -> None:
    number, secret = objects(phone, house)
    office.goto(f"{house.base}/objections/")
    office.get_by_role("link", name=number, exact=True).click()
    case = office.url
    takes(office, "Handle this case")
    press(office, "Assess")
    office.locator("[name=question]").fill("请核实专利归属和入职时间。")
    press(office, "Ask")
    unit = entered(new_context(PHONE).new_page(), house, "replies", "/unit/inquiries/")
    expect(unit.locator("body")).not_to_contain_text(FACTS)
    unit.locator("[name=reply]").fill("经核实，专利第一发明人为他人。")
    press(unit, "Send the reply")
    reach, seen = sideways(unit)
    assert reach <= seen
    office.goto(case)
    office.locator("[name=upheld][value=yes]").check()
    office.locator("[name=finding]").fill("异议事实成立。")
    press(office, "Propose")
    second = entered(new_context().new_page(), house, "second", "/objections/")
    second.goto(case)
    takes(second, "Decide this case")
    press(second, "Show who objects (registered)")
    expect(second.locator("body")).to_contain_text("钱有据")
    confirm(second, "Agree and decide", "Make the decision")
    office.goto(case)
    press(office, "Answer")
    follows(phone, number, secret)
    office.goto(f"{house.base}/notice/")
    press(office, "Let the next of the reserve list follow")
    expect(office.locator("body")).to_contain_text(zh("somebody follows in this place"))
    phone.goto(f"{house.base}/p/hangzhou-digital-craftsman/2023/notice/")
    expect(phone.locator(".notice-list li")).to_have_count(2)
    reach, seen = sideways(phone)
    assert reach <= seen


def objects(phone: Page, house: House) -> tuple[str, str]:
    """The form filled on a phone; number and code of the receipt."""
    phone.goto(f"{house.base}/p/hangzhou-digital-craftsman/2023/objections/")
    phone.locator("[name=entry]").select_option(index=1)
    phone.locator("[name=name]").fill("钱有据")
    phone.locator("[name=contact]").fill("13900000000")
    phone.locator("[name=facts]").fill(FACTS)
    phone.locator("input[type=checkbox]").check()
    reach, seen = sideways(phone)
    assert reach <= seen
    send = phone.locator("[data-send]")
    expect(send).to_be_enabled(timeout=PATIENCE)
    send.click()
    code = phone.locator(".secret-code")
    expect(code).to_be_visible()
    return phone.locator(".receipt-number").inner_text(), code.inner_text()


def takes(page: Page, word: str) -> None:
    page.get_by_role("link", name=zh(word), exact=True).click()
    sheet = page.locator("dialog[open]")
    sheet.locator("[name=unrelated]").check()
    sheet.get_by_role("button", name=zh("Take it"), exact=True).click()
    page.wait_for_load_state()


def follows(phone: Page, number: str, secret: str) -> None:
    phone.get_by_role("link", name=zh("What became of an objection"), exact=True).click()
    phone.locator("[name=number]").fill(number)
    phone.locator("[name=secret]").fill(secret)
    press(phone, "Look")
    expect(phone.locator(".case-said")).to_contain_text("已从公示名单中取消")
