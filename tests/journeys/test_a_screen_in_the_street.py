"""The slides of an outdoor screen, opened from a folder: they go round for ever, pass over what is broken, and ask for nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Browser

from jiangbang.publicity import playlist

SECONDS = 12
SHOWN = "[...document.images].findIndex(image => 'shown' in image.dataset)"


def test_slides_go_round_without_network(browser: Browser, tmp_path: Path) -> None:
    source = Path(playlist.__file__).parent / "data" / "screen"
    for name in ("screen.css", "screen.js"):
        shutil.copy(source / name, tmp_path)
    for name in ("0.png", "2.png"):
        Image.new("RGB", (192, 108), "#b3202a").save(tmp_path / name)
    (tmp_path / "1.png").write_bytes(b"broken on the way")
    slides = [(f"{number}.png", "") for number in range(3)]
    (tmp_path / "index.html").write_text(render_to_string("publicity/screen.html", {"title": "首届", "slides": slides}))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.clock.install()
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_load_state("load")
    seen = [page.evaluate(SHOWN)]
    for _round in range(3):
        page.clock.run_for(SECONDS * 1000)
        seen.append(page.evaluate(SHOWN))
    page.close()
    assert seen == [0, 2, 0, 2]
    assert sorted(asked) == ["0.png", "1.png", "2.png", "index.html", "screen.css", "screen.js"]
