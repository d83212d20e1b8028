"""Twelve of five hundred dossiers screened without a mouse: met, not met, open, waived, returned, concluded, in bulk where it is safe."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from journeys.browsing import PATIENCE
from journeys.house import House, running_house
from journeys.test_by_keyboard import tab_to
from journeys.words import zh
from playwright.sync_api import Page, expect

PEOPLE = 500
DOSSIER = re.compile(r"/screening/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Twelve:
    """The dossiers that are given to the organiser: what each is, by its key."""

    screener: int
    dossiers: int
    kinds: dict[str, str]


@pytest.fixture(scope="module")
def house(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own, for the five hundred would stand in everybody's way."""
    with running_house(tmp_path_factory.mktemp("screening") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def twelve(house: House) -> Twelve:
    script = Path(__file__).with_name("screening_seed.py")
    done = subprocess.run(
        [sys.executable, str(script), str(PEOPLE)],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=900,
    )
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return Twelve(said["screener"], said["dossiers"], said["kinds"])


class Screener:
    """Somebody with a keyboard and nothing else."""

    def __init__(self, page: Page, twelve: Twelve) -> None:
        self.page, self.twelve = page, twelve

    def here(self) -> str:
        """What the dossier on the page is."""
        found = DOSSIER.search(self.page.url)
        assert found, self.page.url
        return self.twelve.kinds[found[1]]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def turns_the_page(self, key: str) -> None:
        """A key that leads to another page, and there its focus."""
        with self.page.expect_navigation(timeout=PATIENCE):
            self.press(key)
        self.page.wait_for_load_state()

    def to_clause(self, code: str) -> None:
        """Walk the clauses with `k`, then with `j`, until this one has the focus."""
        for key in ["k"] * 30 + ["j"] * 30:
            if self.page.evaluate("document.activeElement.id") == f"clause-{code}":
                return
            self.press(key)
        raise AssertionError(f"{code} cannot be reached")

    def rule(self, code: str, key: str, reason: str) -> None:
        self.to_clause(code)
        self.press(key)
        if reason:
            expect(self.page.locator(f"#reason-{code}")).to_be_focused()
            self.page.keyboard.insert_text(reason)
            self.turns_the_page("Enter")

    def conclude(self) -> None:
        """`c`, then Enter on the sheet; leads on to the next dossier."""
        self.press("c")
        expect(self.page.locator("dialog#conclude")).to_be_visible()
        self.turns_the_page("Enter")


def test_twelve_of_five_hundred_are_screened_without_a_mouse(stranger: Page, house: House, twelve: Twelve) -> None:
    page, someone = stranger, Screener(stranger, twelve)
    assert (twelve.dossiers, len(twelve.kinds)) == (PEOPLE, 12)
    sign_in_by_keyboard(page, house)
    mine = f"/screening/?screener={twelve.screener}&state=waiting"
    page.goto(house.base + mine)
    in_bulk(page, someone)
    expect(page.locator("[data-list] tbody tr")).to_have_count(10)
    the_keys_are_told(page, someone)

    to_row(page, someone, "fits")
    someone.turns_the_page("Enter")
    done: list[str] = []
    for _ in range(30):
        kind = someone.here()
        if kind in done or kind == "returned":
            if len(done) == 9:
                break
            someone.turns_the_page("n")
            continue
        done.append(kind)
        DEEDS[kind.split()[0]](someone)
    assert sorted(done) == sorted(kind for kind in twelve.kinds.values() if kind[:4] not in {"bulk", "retu"})
    while someone.here() != "returned":
        someone.turns_the_page("n")
    is_returned(page, someone)
    outcomes(page, house, twelve)


def sign_in_by_keyboard(page: Page, house: House) -> None:
    page.goto(house.base)
    expect(page.locator("#id_login")).to_be_focused()
    name, password = house.account
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=zh("Desk"))).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url(re.compile("/screening/$"))


def to_row(page: Page, someone: Screener, kind: str) -> None:
    """Down the queue with `j` until a dossier of this kind has the focus."""
    for _ in range(60):
        found = DOSSIER.search(str(page.evaluate("document.activeElement.href ?? ''")))
        if found and someone.twelve.kinds[found[1]].startswith(kind):
            return
        someone.press("j")
    raise AssertionError(f"{kind} is not in the queue")


def in_bulk(page: Page, someone: Screener) -> None:
    """Two that fit in every respect are chosen in the queue and concluded at once."""
    for kind in ("bulk 1", "bulk 2"):
        for _ in range(12):
            someone.press("k")
        to_row(page, someone, kind)
        someone.press("x")
    expect(page.locator("[data-list] input[type=checkbox]:checked")).to_have_count(2)
    someone.turns_the_page("e")
    expect(page.get_by_text("已对 2 份材料作出结论")).to_be_visible()


def the_keys_are_told(page: Page, someone: Screener) -> None:
    someone.press("?")
    expect(page.locator("dialog#screening-keys")).to_be_visible()
    someone.press("Escape")
    expect(page.locator("dialog#screening-keys")).to_be_hidden()


def fits(someone: Screener) -> None:
    """The paper is looked at, a clause confirmed as the facts say, the dossier concluded."""
    someone.turns_the_page("f")
    expect(someone.page.locator(".received-paper")).to_be_visible()
    someone.turns_the_page("f")
    someone.to_clause("G3")
    someone.turns_the_page("m")
    someone.conclude()


def titled(someone: Screener) -> None:
    """The facts exclude him; another person has to say so too."""
    someone.conclude()


def no_union(someone: Screener) -> None:
    someone.rule("G2", "w", "入会手续办理中")
    someone.turns_the_page("n")


def unknown_union(someone: Screener) -> None:
    someone.rule("G2", "o", "请补工会会员证")
    someone.turns_the_page("n")


def unknown_law(someone: Screener) -> None:
    someone.rule("G3", "m", "已查无违法记录")
    someone.conclude()


def overruled(someone: Screener) -> None:
    someone.rule("G6", "x", "已转管理岗位")
    someone.conclude()


DEEDS = {
    "fits": fits,
    "titled": titled,
    "no": no_union,
    "union": unknown_union,
    "law": unknown_law,
    "overruled": overruled,
}


def is_returned(page: Page, someone: Screener) -> None:
    """What is to be mended, until when, with Tab and Enter alone."""
    someone.turns_the_page("r")
    tab_to(page, "#return-items")
    page.keyboard.insert_text("补交社保缴纳证明")
    tab_to(page, "#return-due")
    page.keyboard.type("2023")
    page.keyboard.press("Tab")
    page.keyboard.type("0329")
    tab_to(page, "main form button[type=submit]")
    someone.turns_the_page("Enter")
    expect(page.get_by_text("补交社保缴纳证明").first).to_be_visible()


def outcomes(page: Page, house: House, twelve: Twelve) -> None:
    """The queue says of each of the twelve what was done."""
    page.goto(f"{house.base}/screening/?screener={twelve.screener}")
    said = {}
    for row in page.locator("[data-list] tbody tr").all():
        key = DOSSIER.search(str(row.locator("th a").get_attribute("href")))
        assert key
        said[twelve.kinds[key[1]]] = row.locator("td").last.inner_text().strip()
    by_state: dict[str, set[str]] = {}
    for kind, state in said.items():
        by_state.setdefault(state, set()).add(kind)
    fitting = {kind for kind in twelve.kinds.values() if kind.startswith(("bulk", "fits"))}
    assert by_state == {
        zh("eligible"): {*fitting, "law unknown"},
        zh("waits for a second person"): {"titled", "overruled"},
        zh("still open"): {"union unknown"},
        zh("would not be eligible"): {"no union"},
        zh("would be eligible"): {"returned"},
    }
