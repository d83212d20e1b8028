"""A whole nomination in the browser: invite, fill in on a telephone, seal, opinion, rank, submit; returned, mended, submitted again.

And what came of it is what the same forms would have become had they come by file, field by field.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from journeys.browsing import DESKTOP, PATIENCE, PHONE, NewContext, Watch, keep_picture, sideways
from journeys.house import House
from journeys.test_a_candidate_fills_the_form import TYPED, agree, enter, picture, saved
from journeys.test_every_page import SIZES, axe, barriers  # noqa: F401 — a fixture
from journeys.words import zh
from papers.pages import as_bytes, form_page
from PIL import Image
from playwright.sync_api import Page, expect

UNIT, OTHER_UNIT = "330113", "330114"
NAME, SECOND = "顾云舟", "程亦安"
MENDED = "精益求精，止于至善。"

_UNIT_LINK = """
import json, sys
import django
django.setup()
from jiangbang.accounts.invitations import invite
from jiangbang.accounts.models import Role, User
from jiangbang.programme.models import Edition
edition = Edition.objects.get(slug="2023")
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
_made, token = invite(role=Role.UNIT, edition=edition.key, scope=sys.argv[1], name=sys.argv[2], by=office)
print(json.dumps(token))
"""
# The accepted dossier's record, written as another unit's packet, brought as a file, received: which fields differ?
_BY_FILE = """
import json, sys, tempfile
from pathlib import Path
import django
django.setup()
from jiangbang.accounts.models import Role, User
from jiangbang.nomination import acts, evidence
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.intake import read_packet
from jiangbang.nomination.models import Dossier
from jiangbang.recommendation.packing import Nominee, packet_file_name, write_packet
web = Dossier.objects.select_related("edition", "person").get(name=sys.argv[1], unit_code=sys.argv[2], state="accepted")
edition, other = web.edition, web.edition.spec.unit(sys.argv[3])
record = full_record(web.accepted_revision)
facts = declared_facts([web])[web.pk]
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / packet_file_name(edition.spec, other)
    photo = evidence.read_bytes(record["photo"]["sha256"])
    write_packet(path, [Nominee(record, photo)], edition.spec, other)
    reading = read_packet(path, edition.spec.form, name=path.name, keep=True)
Dossier.objects.filter(pk=web.pk).update(state="waiting")
acts.receive_packet(reading, edition=edition, unit=other, by=office, declared={str(record["id_number"]): facts})
filed = Dossier.objects.select_related("person").get(name=sys.argv[1], unit_code=sys.argv[3])
kept = full_record(filed.revision)
differ = [key for key in record if record[key] != kept[key]]
for name in ("findings", "verdicts", "photo_sha256", "open"):
    differ += [] if getattr(web.accepted_revision, name) == getattr(filed.revision, name) else [name]
differ += [] if declared_facts([filed])[filed.pk] == facts else ["declared facts"]
Dossier.objects.filter(pk=filed.pk).update(state="superseded")
Dossier.objects.filter(pk=web.pk).update(state="accepted")
print(json.dumps({"fields": len(record), "differ": differ, "facts": len(facts), "motto": record["motto"]}))
"""


def run(house: House, script: str, *arguments: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        cwd=Path(__file__).parents[2] / "src",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def sealed(folder: Path, name: str, askew: float = 2.0) -> Path:
    """A photo of a sealed form, held a little askew."""
    path = folder / name
    page = form_page().rotate(-askew, Image.Resampling.BICUBIC, fillcolor=235)
    path.write_bytes(as_bytes(page, "JPEG"))
    return path


def hand_on(phone: Page, folder: Path) -> None:
    """Hand the form to the employer on paper, bring it back sealed, hand it on to the unit."""
    phone.get_by_role("link", name=zh("Hand over to the employer")).click()
    sheet = phone.locator("#hand-over")
    sheet.get_by_text(zh("On paper"), exact=True).click()
    sheet.get_by_role("button", name=zh("Hand over"), exact=True).click()
    phone.locator("#scan-file").set_input_files(sealed(folder, "单位盖章.jpg"))
    phone.get_by_role("button", name=zh("Upload")).click()
    phone.get_by_role("button", name=zh("Hand on to the unit")).click()
    waiting = zh("Your employer has confirmed; the form lies with the unit")
    expect(phone.get_by_role("heading", name=waiting)).to_be_visible()


def fill_in(phone: Page, folder: Path) -> None:
    """Everything that the form asks, on a telephone."""
    phone.locator("#f-gender").get_by_text(zh("male"), exact=True).click()
    for key, value in TYPED.items():
        phone.locator(f"#f-{key}-input").fill(value)
        phone.locator(f"#f-{key}-input").blur()
    search = phone.locator("#f-industry_class-input-search")
    search.fill("软件开发")
    search.press("Enter")
    phone.locator("#f-achievements .item").nth(0).locator("textarea").fill("主持研发国产芯片封装缺陷检测系统")
    saved(phone)
    phone.locator("#photo-file").set_input_files(picture(folder))
    phone.locator("#crop").get_by_role("button", name=zh("Use this photo")).click()
    expect(phone.locator(".photo-frame img")).to_be_visible()
    saved(phone)


def submit(unit: Page, base: str) -> str:
    """Submit whoever can go in; the number on the receipt."""
    unit.goto(f"{base}/unit/submit/")
    unit.locator("input[name=declared]").check()
    unit.get_by_role("button", name=zh("Submit"), exact=True).click()
    unit.wait_for_url("**/receipt/", timeout=PATIENCE)
    return unit.locator(".receipt-number").inner_text()


def test_a_whole_nomination(house: House, new_context: NewContext, office: Page, tmp_path: Path) -> None:
    unit = new_context(DESKTOP).new_page()
    enter(unit, f"{house.base}/invitation/{run(house, _UNIT_LINK, UNIT, '钱推荐')}/")
    expect(unit.get_by_role("heading", name=zh("Nobody has been invited yet"))).to_be_visible()

    # invited from a pasted list, whose mistake is told before anything is sent
    unit.goto(f"{house.base}/unit/invite/")
    unit.get_by_label(zh("People"), exact=True).fill(
        f"{NAME}\t云栖智联科技有限公司\t1990000000\n{SECOND}\t浙江智造研究院\t19900000002"
    )
    unit.get_by_role("button", name=zh("Check the list")).click()
    expect(unit.get_by_text(zh("A mobile number has eleven digits and begins with 1."))).to_be_visible()
    fixed = unit.get_by_label(zh("People"), exact=True)
    fixed.fill(fixed.input_value().replace("1990000000\t", "19900000001\t", 1))
    unit.get_by_role("button", name=zh("Check again")).click()
    unit.locator("form[action$='/send/'] button").click()
    expect(unit.locator(".qr")).to_have_count(2)
    link = unit.locator("#link-1").input_value()

    # on a telephone
    phone = new_context(PHONE).new_page()
    enter(phone, link)
    agree(phone)
    fill_in(phone, tmp_path)
    assert sideways(phone) == (PHONE[0], PHONE[0])
    phone.reload()
    hand_on(phone, tmp_path)

    # the unit's seal, opinion and word
    unit.goto(f"{house.base}/unit/")
    unit.get_by_role("link", name=NAME, exact=True).click()
    drop_scan(unit, sealed(tmp_path, "盖章.jpg", -3.0))
    expect(unit.locator("#scans img").last).to_be_visible()
    unit.get_by_label(zh("Opinion"), exact=True).fill("经研究，同意推荐。")
    unit.get_by_role("button", name=zh("Save the opinion")).click()
    unit.locator("#fact-union_member").select_option("yes")
    unit.get_by_role("button", name=zh("Declare"), exact=True).click()
    expect(unit.get_by_text(zh("What you declare is saved."))).to_be_visible()

    # ranked by the keyboard
    unit.goto(f"{house.base}/unit/order/")
    unit.locator("[data-person]").nth(0).get_by_role("button").nth(1).focus()
    unit.keyboard.press("Alt+ArrowDown")
    unit.get_by_role("button", name=zh("Save this order")).click()
    expect(unit.locator(".ranked-name").nth(1)).to_contain_text(NAME)

    assert submit(unit, house.base) == f"2023-{UNIT}-001"

    # given back by the office, mended on the telephone, submitted again
    office.goto(f"{house.base}/dossiers/?unit={UNIT}")
    office.get_by_role("link", name=NAME).first.click()
    office.get_by_role("link", name=zh("Return for correction")).click()
    office.locator("#return-items").fill("格言写得更具体一些")
    office.locator("#return-due").fill("2023-04-05")
    office.get_by_role("button", name=zh("Return to the unit")).click()
    returns = office.url
    unit.goto(f"{house.base}/unit/")
    expect(unit.locator("#returned")).to_contain_text("格言写得更具体一些")
    phone.reload()
    expect(phone.locator(".draft-remark")).to_contain_text("格言写得更具体一些")
    phone.locator("#f-motto-input").fill(MENDED)
    phone.locator("#f-motto-input").blur()
    saved(phone)
    phone.reload()
    hand_on(phone, tmp_path)
    assert submit(unit, house.base) == f"2023-{UNIT}-002"
    office.goto(returns)
    expect(office.locator(".changes ins").first).to_contain_text(MENDED)

    # the same by file
    found = run(house, _BY_FILE, NAME, UNIT, OTHER_UNIT)
    assert found == {"fields": 24, "differ": [], "facts": 1, "motto": MENDED}


def drop_scan(unit: Page, path: Path) -> None:
    unit.locator("#scans input[type=file]").set_input_files(path)
    unit.locator("#scans [data-dropzone] button[type=submit]").click()
    unit.wait_for_load_state()


@pytest.mark.parametrize("width", SIZES)
def test_the_unit_s_pages_have_no_barrier_and_fit(
    house: House,
    new_context: NewContext,
    axe: str,  # noqa: F811
    watch: Watch,
    width: str,
) -> None:
    page = new_context(SIZES[width]).new_page()
    enter(page, f"{house.base}/invitation/{run(house, _UNIT_LINK, UNIT, '孙推荐')}/")
    person = page.locator("#nominees tbody th a").first.get_attribute("href")
    places = {
        "desk": "/unit/",
        "invite": "/unit/invite/",
        "enter": "/unit/enter/",
        "order": "/unit/order/",
        "scans": "/unit/scans/",
        "submit": "/unit/submit/",
        "person": str(person),
        "packet": page.locator("#packets a").first.get_attribute("href"),
    }
    for language in ("zh-hans", "en"):
        page.context.add_cookies([{"name": "jiangbang_language", "value": language, "url": house.base}])
        for name, address in places.items():
            page.goto(f"{house.base}{address}")
            keep_picture(page, f"unit-{name}-{language}-{width}")
            reach, seen = sideways(page)
            assert (name, reach) == (name, seen)
            with watch.looking_away():
                assert (name, language, barriers(page, axe)) == (name, language, [])
