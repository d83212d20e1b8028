"""Pictures of every page at 390 and 1440 px, and one contact sheet for each width. Called by script/look."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "tests" / "journeys" / "pictures"
SIZES = {1440: 900, 390: 844}
ACCOUNT = ("organiser", "jiangbang-demo")
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A demonstration reads its packets before it answers.
START_SECONDS = 240
# Contact sheet: columns, width and greatest height of a picture on it, in pixels.
COLUMNS, THUMB, TALLEST, GAP = {1440: 4, 390: 7}, {1440: 480, 390: 260}, 900, 24

# page name → address, or a list page and the place of a link on it
PAGES: dict[str, tuple[str, str]] = {
    "desk": ("/", ""),
    "packets": ("/packets/", ""),
    "packet-blocked": ("/packets/?verdict=blocked", "tbody th a"),
    "packet-clean": ("/packets/?verdict=clean", "tbody th a"),
    "receipt": ("/packets/?verdict=clean", "tbody th a"),
    "dossiers": ("/dossiers/", ""),
    "dossiers-none": ("/dossiers/?q=zzzz", ""),
    "dossier-waiting": ("/dossiers/?state=waiting", "tbody th a"),
    "dossier": ("/dossiers/?state=accepted", "tbody th a"),
    "register": ("/register/", ""),
    "gallery": ("/gallery/", ""),
    "password": ("/account/password/change/", ""),
    "not-found": ("/nothing/", ""),
}


def main(wanted: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        for width in SIZES:
            taken = list(take_pages(browser, base, width, wanted))
            contact_sheet(taken, width)
        browser.close()
    print(f"{PICTURES.relative_to(ROOT)}/sheet-390.png and sheet-1440.png")  # noqa: T201 — the script's own voice


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running demonstration: the one that the environment names, else one in a temporary home."""
    if running := os.environ.get("JIANGBANG_LOOK_URL"):
        yield running.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="jiangbang-look-") as home:
        command = [str(Path(sys.executable).with_name("jiangbang")), "up", "--demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "JIANGBANG_HOME": home})  # noqa: S603
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(base, process)
            yield base
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(base: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the sign-in page answers; SystemExit when the server ended or is too slow."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit("the demonstration ended before it answered")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{base}/account/login/", timeout=5)  # noqa: S310 — our own server
            return
        time.sleep(0.5)
    raise SystemExit(f"the demonstration did not answer within {START_SECONDS} s")


def take_pages(browser: Browser, base: str, width: int, wanted: list[str]) -> Iterator[tuple[str, Path]]:
    """Sign in and take each page at this width; yields (page name, picture)."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, locale="zh-CN")
    page = context.new_page()
    if not wanted or "sign-in" in wanted:
        page.goto(f"{base}/account/login/")
        yield "sign-in", take(page, "sign-in", width)
    page.goto(f"{base}/account/login/")
    page.fill("#id_login", ACCOUNT[0])
    page.fill("#id_password", ACCOUNT[1])
    page.click(".door-leaf button[type=submit]")
    for name, (address, link) in PAGES.items():
        if wanted and name not in wanted:
            continue
        page.goto(base + address)
        if link and (found := page.locator(link)).count():
            page.goto(base + str(found.first.get_attribute("href")) + ("receipt/" if name == "receipt" else ""))
        yield name, take(page, name, width)
    context.close()


def take(page: Page, name: str, width: int) -> Path:
    """The whole page as a picture, once fonts and charts are there."""
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}-{width}.png"
    page.screenshot(path=path, full_page=True)
    return path


def contact_sheet(taken: list[tuple[str, Path]], width: int) -> None:
    """All pictures of one width, side by side, the tops of tall ones."""
    columns, thumb = COLUMNS[width], THUMB[width]
    rows = -(-len(taken) // columns)
    sheet = Image.new("RGB", (columns * (thumb + GAP) + GAP, rows * (TALLEST + 2 * GAP) + GAP), "#d9d6ce")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for number, (name, path) in enumerate(taken):
        x, y = GAP + number % columns * (thumb + GAP), GAP + number // columns * (TALLEST + 2 * GAP)
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((thumb, round(picture.height * thumb / picture.width)))
        pen.text((x, y - 4), name, fill="#1f2328", font=font)
        sheet.paste(small.crop((0, 0, thumb, min(TALLEST, small.height))), (x, y + GAP - 4))
    sheet.save(PICTURES / f"sheet-{width}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
