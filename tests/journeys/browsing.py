"""What people do in the browser, and what must never happen while they do it."""

from __future__ import annotations

import base64
import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from journeys.words import zh
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, expect

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (390, 844), (1440, 900)
# Looked at by people, kept out of the project.
PICTURES = Path(__file__).parent / "pictures"
# Reading a packet starts a child process; the machine may be busy.
PATIENCE = 60_000
PACKET_PAGE = re.compile(r"/packets/\d+/$")
ARRIVING_PAGE = re.compile(r"/packets/arriving/[0-9a-f-]{36}/$")

# Makes a browser context: of a size, with somebody's cookies or without.
NewContext = Callable[..., BrowserContext]


@dataclass
class Watch:
    """Everything that a browser context complained of or asked of others. Chromium reports violations of the policy as errors."""

    base: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._raised)
        context.on("request", self._asked)

    @contextlib.contextmanager
    def looking_away(self) -> Iterator[None]:
        """While a tool of ours works in the page: axe adds a style sheet of its own, which the policy forbids."""
        before = len(self.complaints)
        yield
        del self.complaints[before:]

    def _said(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type in {"error", "warning"} and where not in self.allowed:
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _raised(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        # the house by name and by figures is one house
        asked = f"{parts.scheme}://{parts.netloc}".replace("//localhost:", "//127.0.0.1:")
        if parts.scheme not in {"data", "blob"} and asked != self.base.replace("//localhost:", "//127.0.0.1:"):
            self.strangers.append(request.url)


def sign_in(page: Page, base: str, account: tuple[str, str]) -> None:
    """With the form of the sign-in page, as everybody does; ends on the desk."""
    page.goto(f"{base}/")
    page.get_by_label(zh("User name")).fill(account[0])
    page.get_by_label(zh("Password")).fill(account[1])
    page.get_by_role("button", name=zh("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1, name=zh("Desk"))).to_be_visible()


def drop(page: Page, *paths: Path) -> None:
    """Drag files over the drop zone and let go: real events with a DataTransfer whose files are made in the page."""
    zone = page.locator("[data-dropzone]")
    files = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, packed] of files) {
                const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type: "application/zip" }));
            }
            return transfer;
        }""",
        files,
    )
    for event in ("dragenter", "dragover"):
        zone.dispatch_event(event, {"dataTransfer": transfer})
    assert zone.get_attribute("data-over") is not None
    zone.dispatch_event("drop", {"dataTransfer": transfer})


def bring(page: Page, base: str, path: Path) -> None:
    """Drop a packet on the desk and wait until it has been received; ends on the packet's page."""
    page.goto(f"{base}/")
    drop(page, path)
    page.wait_for_url(PACKET_PAGE, timeout=PATIENCE)


def sideways(page: Page) -> tuple[int, int]:
    """(how far the page reaches to the right, how much of it is seen), in pixels."""
    reach, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return reach, seen


def switch_language(page: Page) -> None:
    """Press the one button that offers the other language."""
    page.locator("form.language button").click()
    page.wait_for_load_state()


def keep_picture(page: Page, name: str) -> None:
    """A picture of the whole page, where KEEP_PICTURES is set: all of them take a minute, and only people look at them."""
    if "KEEP_PICTURES" in os.environ:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
