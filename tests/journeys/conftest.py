"""One house and one browser for the journeys of a module, and a watch over everything that the browser says.

A module has a house of its own, so that no journey stands on what another one left, whichever worker runs it.

The browser is not kept for the whole session: while Playwright runs, its event loop makes Django refuse the database to the other
tests of the same process.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.browsing import ARGUMENTS, DESKTOP, PATIENCE, NewContext, Watch, sign_in
from journeys.house import House, running_house
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium, or whichever stands in the path."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium: as root, apt-get install chromium")


@pytest.fixture(scope="module")
def house(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not (ROOT / "node_modules/@tabler").is_dir():
        pytest.skip("no node_modules: script/up or npm ci brings the style sheets that the pages need")
    with running_house(tmp_path_factory.mktemp("journeys") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE / 4)
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def key_ring() -> dict[str, StorageState]:
    """The cookies of who has signed in once, so that not every journey begins at the door."""
    return {}


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    """No error in the console, no violation of the content security policy, no request to another host, in every journey."""
    watching = Watch(house.base)
    yield watching
    assert (watching.complaints, watching.strangers) == ([], [])


@pytest.fixture
def new_context(browser: Browser, watch: Watch) -> Iterator[NewContext]:
    """Contexts of one journey, each as good as a browser of its own; all are watched."""
    opened = []

    def new(size: tuple[int, int] = DESKTOP, state: StorageState | None = None) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            storage_state=state,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE / 2)
        watch.over(context)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def stranger(new_context: NewContext) -> Page:
    """A browser that nobody has signed in with."""
    return new_context().new_page()


@pytest.fixture
def signed_in(house: House, new_context: NewContext, key_ring: dict[str, StorageState]) -> NewContext:
    """Makes contexts in which the organiser has signed in; the door is walked through once."""

    def new(size: tuple[int, int] = DESKTOP) -> BrowserContext:
        if "organiser" not in key_ring:
            first = new_context()
            sign_in(first.new_page(), house.base, house.account)
            key_ring["organiser"] = first.storage_state()
        return new_context(size, key_ring["organiser"])

    return new


@pytest.fixture
def office(signed_in: NewContext) -> Page:
    """A page of the organiser, signed in."""
    return signed_in().new_page()
