"""The leading group on tablets: two members and a substitute sign in, tie, run off, lose the network for a moment, elect. The result is
resolved, a member finds the own ballot, and the minutes are taken away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from journeys.browsing import PATIENCE, PHONE, NewContext, Watch, sideways
from journeys.house import House
from journeys.test_a_review import confirm, press
from journeys.words import zh
from playwright.sync_api import BrowserContext, Page, expect

TABLET = (1024, 768)
PASSWORD = "a long enough password 7"
# who sits in the three seats; the last is a substitute
NAMES = ("甲委员", "乙委员", "丙替补")

_PREPARE = """
import json, sys
from copy import deepcopy
import django
django.setup()
from jiangbang.accounts import invitations
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.decision import group
from jiangbang.decision.profiles import Profile
from jiangbang.programme.queries import default_edition
from jiangbang.rehearsal.clock import load_document
from jiangbang.rehearsal.consultation import rehearse_consultation
from jiangbang.rehearsal.whole import rehearse_whole
names, password = json.loads(sys.argv[1]), sys.argv[2]
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
edition = default_edition()
document = deepcopy(edition.document)
made = document["edition"]
for title in made["title"]:
    title["seats"] = {"craftsman": 2, "nominee": 1}[title["key"]]
made["review"]["shortlist_more"] = 2
made["decision"] |= {"bodies": ["甲会", "乙局", "丙局"], "members": 1, "substitutes": 1, "members_of": {}, "reserve": 2}
edition = load_document(edition.programme, document, default=True, by=office)
edition = rehearse_whole(edition, dossiers=12, seed=4, by=office, say=len, until="shortlist")
create_account("police", role=Role.DEPARTMENT, password=password, edition=edition.key, scope="公安")
rehearse_consultation(edition, by=office, seed=4, say=len, until="asked")
rows = [("甲会", names[0], False), ("乙局", names[1], False), ("丙局", "丙委员", False), ("丙局", names[2], True)]
for body, name, substitute in rows:
    member = group.name_member(edition, body, Profile(name, "处长"), substitute=substitute, by=office)
    if name in names:
        user = create_account(f"member{names.index(name)}", role=Role.MEMBER, password=password, edition=edition.key)
        invitations.accept(group.invite_member(member, by=office), as_user=user)
print("null")
"""


def prepare(house: House) -> None:
    """A shortlist of five, three seats to fill, and a group of three with a substitute."""
    done = subprocess.run(
        [sys.executable, "-c", _PREPARE, json.dumps(NAMES), PASSWORD],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        cwd=Path(__file__).parents[2] / "src", capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def prepared(house: House) -> House:
    prepare(house)
    return house


def test_a_department_answers_on_a_phone_and_a_concern_is_decided(
    prepared: House, new_context: NewContext, office: Page
) -> None:
    phone = new_context(PHONE).new_page()
    signs_in_as(phone, prepared, "police", "/consultation/mine/")
    phone.locator(".letter-cards a").click()
    asked = phone.locator("fieldset.ask")
    expect(asked).to_have_count(5)
    reason = asked.nth(1).locator("textarea")
    expect(reason).to_be_hidden()
    asked.nth(1).locator("[value=concern]").check()
    reason.fill("有行政处罚记录")
    phone.locator("#sign-name").fill("王警官")
    press(phone, "Sign the chosen answers")
    expect(asked).to_have_count(4)
    phone.locator("#sign-name").fill("王警官")
    phone.locator("button[name=all]").click()
    expect(asked).to_have_count(0)
    reach, seen = sideways(phone)
    assert reach <= seen
    office.goto(f"{prepared.base}/consultation/")
    expect(office.get_by_text(zh("concern, to be decided")).first).to_be_visible()
    office.locator(".asked-link[data-state=not_met]").click()
    office.locator("[name=reason]").fill("经核实为他人，与本人无关")
    press(office, "Goes on")
    office.goto(f"{prepared.base}/consultation/")
    expect(office.locator(".panel").last.locator(".verdict[data-state=met]")).to_have_count(5)


def signs_in_as(page: Page, house: House, name: str, to: str) -> None:
    page.goto(f"{house.base}/account/login/?next={to}")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name=zh("Sign in"), exact=True).click()
    page.wait_for_url(re.compile(f"{to}$"))


@pytest.fixture
def tablets(prepared: House, new_context: NewContext) -> list[tuple[BrowserContext, Page]]:
    """Each member's own tablet, signed in."""
    found = []
    for number in range(len(NAMES)):
        context = new_context(TABLET)
        page = context.new_page()
        signs_in_as(page, prepared, f"member{number}", "/decision/mine/")
        found.append((context, page))
    return found


def test_a_group_meets_votes_and_resolves(
    house: House, tablets: list[tuple[BrowserContext, Page]], office: Page, watch: Watch, tmp_path: Path
) -> None:
    pages = [page for _context, page in tablets]
    office.goto(f"{house.base}/decision/meeting/")
    office.get_by_role("link", name=zh("Call a meeting"), exact=True).click()
    sheet = office.locator("dialog[open]")
    sheet.locator("[name=place]").fill("三楼会议室")
    sheet.locator("[name=agenda]").fill("一、审议\n二、表决")
    sheet.get_by_role("button", name=zh("Call"), exact=True).click()
    office.wait_for_load_state()
    confirm(office, "Open the meeting", "Open")
    for page in pages:
        signs_in(page, house)
    # everybody marks another two of three: equals, a runoff among them
    opens(office, house)
    for page, marks in zip(pages, ([0, 1], [1, 2], [0, 2]), strict=True):
        votes(page, house, marks)
    closes(office)
    expect(office.get_by_text(zh("equal: another round"))).to_have_count(3)
    opens(office, house)
    lost(tablets[0][0], pages[0], house)
    for page in pages[1:]:
        votes(page, house, [0, 1])
    closes(office)
    opens(office, house)
    for page in pages:
        votes(page, house, [0])
    closes(office)
    expect(office.get_by_text(zh("Every title is through: the group can resolve."))).to_be_visible()
    office.goto(f"{house.base}/decision/result/")
    confirm(office, "Resolve", "Resolve")
    expect(office.locator(".ledger")).to_have_count(3)
    checks(pages[0], house)
    answer = office.request.get(f"{house.base}/decision/papers/minutes.pdf")
    assert answer.body()[:5] == b"%PDF-"
    # what was sent while the network was away
    watch.complaints[:] = [said for said in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


def signs_in(page: Page, house: House) -> None:
    page.goto(f"{house.base}/decision/mine/")
    seat = page.locator("input[name=seat]")
    if seat.count():
        seat.first.check()
    press(page, "Sign in to the meeting")
    expect(page.locator(".review-steps > li").nth(1)).to_have_attribute("data-state", "done")


def opens(office: Page, house: House) -> None:
    office.goto(f"{house.base}/decision/rounds/")
    confirm(office, "Open the round", "Open the round")


def marks_and_reviews(page: Page, house: House, marks: list[int]) -> None:
    page.goto(f"{house.base}/decision/mine/ballot/")
    boxes = page.locator(".ballot [name=mark]")
    expect(page.locator("[data-review]")).to_be_enabled(timeout=PATIENCE)
    for place in marks:
        boxes.nth(place).check()
    page.locator("[data-review]").click()
    expect(page.locator("dialog[open] [data-chosen] li")).to_have_count(len(marks))


def votes(page: Page, house: House, marks: list[int]) -> None:
    marks_and_reviews(page, house, marks)
    press(page, "Yes, this is it")
    expect(page.locator("#slip-done")).to_be_visible(timeout=PATIENCE)
    reach, seen = sideways(page)
    assert reach <= seen


def lost(context: BrowserContext, page: Page, house: House) -> None:
    """The network is away when the ballot is put in: nothing is lost, and the second try counts once."""
    marks_and_reviews(page, house, [0, 1])
    context.set_offline(True)
    press(page, "Yes, this is it")
    expect(page.locator("[data-wrong]")).to_contain_text(zh("No network: nothing is lost. Try again."))
    context.set_offline(False)
    page.locator("[data-review]").click()
    press(page, "Yes, this is it")
    expect(page.locator("#slip-done")).to_be_visible(timeout=PATIENCE)


def closes(office: Page) -> None:
    office.reload()
    confirm(office, "Close and count", "Close and count")


def checks(page: Page, house: House) -> None:
    """The member finds the own ballot of the first round; the slip stands in this browser and in no address or cookie."""
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('jiangbang.ballot.'))")
    assert len(kept) == 3
    slips = [json.loads(value)["slip"] for _key, value in kept]
    page.goto(f"{house.base}/decision/mine/")
    page.locator("a[href*='/decision/mine/rounds/']").last.click()
    expect(page.locator(".ballot-list li[data-own]")).to_have_count(1)
    expect(page.locator("[data-own-names]")).to_contain_text("、")
    everything = json.dumps(page.context.cookies()) + page.url + page.content()
    assert [slip for slip in slips if slip in everything] == []
    page.locator("[data-forget]").click()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jiangbang.ballot.')).length") == 2
