"""A review in the browser: the chief draws, assigns, watches and ranks; an expert on a telephone declares, scores ten dossiers, loses the
network twice, and signs. What was published is drawn and ranked again in a clean directory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from journeys.browsing import PATIENCE, PHONE, NewContext, Watch, sideways
from journeys.house import House
from journeys.words import zh
from playwright.sync_api import BrowserContext, Page, expect

EDITION = "hangzhou-digital-craftsman/2024"
EXPERT, PASSWORD = "phone-expert", "a long enough password 7"
DOSSIERS = 24

_START = """
import json, sys
import django
django.setup()
from jiangbang.accounts.models import Role, User
from jiangbang.programme.models import Edition
from jiangbang.review.models import Card, Draw
from jiangbang.rehearsal import review
edition = Edition.objects.get(slug="2024")
office = User.objects.filter(memberships__role=Role.ORGANISER).order_by("pk").first()
"""
_POOL = (
    _START
    + """
review.rehearse_review(edition, dossiers=int(sys.argv[1]), seed=9, by=office, say=len, until="agreed")
print("null")
"""
)
_ANSWER = _START + "review.experts_answer(Draw.objects.get(edition=edition), by=office)\nprint('null')"
# the expert with the most cards gets an account with a password
_TAKE = (
    _START
    + """
from jiangbang.accounts.acts import create_account
seats = Draw.objects.get(edition=edition).seats.select_related("entry__expert")
seat = max(seats, key=lambda one: one.cards.count())
user = create_account(sys.argv[1], role=Role.EXPERT, password=sys.argv[2], edition=edition.key)
review.take_seat(seat, user, by=office)
print(json.dumps(seat.cards.count()))
"""
)
_JUDGE = _START + "review.experts_judge(edition, 9, by=office)\nprint('null')"
_STORED = (
    _START
    + "print(json.dumps({str(c.reviewed.code): c.scores for c in Card.objects.filter(state='signed').select_related('reviewed')}))"
)


def run(house: House, script: str, *arguments: str) -> object:
    """Part of the story that happens elsewhere, in the same house."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        cwd=Path(__file__).parents[2] / "src", capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def chief(signed_in: NewContext, house: House) -> Page:
    """The organiser, working in the second edition; the session goes back to the first one's afterwards by itself."""
    page = signed_in().new_page()
    page.goto(f"{house.base}/")
    page.locator("details.edition-switch summary").click()
    page.locator(f'form:has(input[value="{EDITION}"]) button').click()
    page.wait_for_load_state()
    page.goto(f"{house.base}/review/")
    return page


def press(page: Page, word: str) -> None:
    """Press a button by its word."""
    page.get_by_role("button", name=zh(word), exact=True).first.click()
    page.wait_for_load_state()


def confirm(page: Page, link: str, word: str) -> None:
    """Open an act's sheet and confirm it."""
    page.locator("#main").get_by_role("link", name=zh(link), exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name=zh(word), exact=True).click()
    page.wait_for_load_state()


def test_a_review_from_the_draw_to_the_ranking(
    house: House, chief: Page, new_context: NewContext, watch: Watch, tmp_path: Path
) -> None:
    run(house, _POOL, str(DOSSIERS))
    draws(chief, house)
    run(house, _ANSWER)
    assigns(chief, house)
    count = run(house, _TAKE, EXPERT, PASSWORD)
    assert isinstance(count, int)
    assert count >= 10
    context = new_context(PHONE)
    judges_on_a_telephone(context, house, count)
    # what was sent in the tunnel; and the page on which the organiser once signed in, an empty desk, hears of the first packets
    known = ("ERR_INTERNET_DISCONNECTED", "oobErrorNoTarget, #desk-arrivals")
    watch.complaints[:] = [said for said in watch.complaints if not any(one in said for one in known)]
    stored = run(house, _STORED)
    assert isinstance(stored, dict)
    assert len(stored) == count
    assert [scores for _code, scores in sorted(stored.items())] == [
        {"technology": 80 + place % 10, "economy": 75, "society": 70} for place in range(count)
    ]
    run(house, _JUDGE)
    ranks(chief, house)
    recomputed(chief, house, tmp_path)


def draws(page: Page, house: House) -> None:
    page.goto(f"{house.base}/review/draw/")
    confirm(page, "Fix pool and rules", "Fix them")
    page.goto(f"{house.base}/review/draw/hall/")
    for place, (name, words) in enumerate((("王见证", "风好正是扬帆时"), ("李见证", "八一六"))):
        page.locator("input[name=witness]").nth(place).fill(name)
        page.locator("input[name=entry]").nth(place).fill(words)
    press(page, "Draw")
    expect(page.locator(".hall-panel .hall-cards").first.locator("li")).to_have_count(11)


def assigns(page: Page, house: House) -> None:
    page.goto(f"{house.base}/review/recusals/")
    press(page, "Look through the data")
    page.goto(f"{house.base}/review/assignment/")
    press(page, "Propose an assignment")
    confirm(page, "Release to the experts", "Release")
    page.goto(f"{house.base}/review/progress/")
    expect(page.locator("#progress-board progress")).to_have_count(11)


def judges_on_a_telephone(context: BrowserContext, house: House, count: int) -> None:
    page = context.new_page()
    page.goto(f"{house.base}/")
    page.get_by_label(zh("User name")).fill(EXPERT)
    page.get_by_label(zh("Password")).fill(PASSWORD)
    page.get_by_role("button", name=zh("Sign in"), exact=True).click()
    page.wait_for_url(re.compile("/review/mine/$"))
    page.get_by_role("link", name=zh("Add to it")).click()
    page.locator("select[name=kind]").first.select_option("teacher")
    page.locator("input[name=person]").first.fill("某某某")
    page.locator("input[name=truthful]").check()
    press(page, "Declare")
    page.get_by_role("link", name=zh("To my dossiers")).click()
    reach, seen = sideways(page)
    assert reach <= seen
    state = page.locator(".score-state")
    for place in range(count):
        # the train goes into a tunnel twice
        if place in (3, 7):
            context.set_offline(True)
        sheet = page.locator("[data-sheet]:not([hidden])")
        for line, points in (("technology", 80 + place % 10), ("economy", 75), ("society", 70)):
            sheet.locator(f"[name=score-{line}]").fill(str(points))
        if place in (4, 8):
            expect(state).to_have_attribute("data-state", "kept", timeout=PATIENCE / 2)
            assert (
                page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jiangbang.scores.')).length")
                >= 1
            )
            context.set_offline(False)
        if place < count - 1:
            sheet.locator("[data-next]").click()
    expect(state).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jiangbang.scores.')).length") == 0
    confirm(page, "Sign the complete cards", "Sign")
    page.wait_for_url(re.compile("/review/mine/$"))


def ranks(page: Page, house: House) -> None:
    page.goto(f"{house.base}/review/ranking/")
    press(page, "Compute")
    confirm(page, "Publish", "Publish")
    confirm(page, "Take the shortlist", "Take")
    expect(page.get_by_text(zh("Public proof"))).to_be_visible()


def recomputed(page: Page, house: House, folder: Path) -> None:
    """As an outsider does: the published files, a clean directory, the commands of the page."""
    public = f"{house.base}/proof/{EDITION}/"
    page.goto(public)
    command = page.locator("pre").last.inner_text().split()
    for name, address in (
        ("draw.json", "draw.json"),
        ("scores.csv", "files/scores.csv"),
        ("published.csv", "files/ranking.csv"),
    ):
        (folder / name).write_bytes(page.request.get(public + address).body())
    environment = {"PATH": os.environ["PATH"], "JIANGBANG_HOME": str(folder / "home")}
    for arguments in (["draw", "replay", "draw.json"], command[1:]):
        done = subprocess.run(
            [sys.executable, "-m", "jiangbang", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "ranking.csv").read_bytes() == (folder / "published.csv").read_bytes()
