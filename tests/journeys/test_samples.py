"""The sample packets that stand beside the project, dropped on the desk all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from journeys.browsing import PATIENCE, drop
from journeys.house import House
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def samples(shared_dir: Path) -> dict[Path, dict[str, Any]]:
    """Each sample packet with what is known of it."""
    found = sorted((shared_dir / "samples").glob("*.zip"))
    if not found:
        pytest.skip("no packets in ../shared/samples")
    return {path: json.loads(path.with_suffix(".json").read_text("utf-8")) for path in found}


def test_sample_packets_are_received_side_by_side(
    office: Page, house: House, samples: dict[Path, dict[str, Any]]
) -> None:
    office.goto(house.base)
    drop(office, *samples)
    office.wait_for_url(f"{house.base}/packets/")
    for path, known in samples.items():
        row = office.locator("[data-list] tbody tr").filter(has_text=path.name)
        reload_until_seen(office, path.name)
        row.locator("th a").click()
        expect(office.get_by_role("heading", level=1)).to_contain_text(known["unit"])
        faults = {code for codes in known["findings"].values() for code in codes}
        shown = set(office.locator("#findings .finding[data-severity=block] code").all_inner_texts())
        assert shown == faults
        office.goto(f"{house.base}/packets/")


def reload_until_seen(page: Page, file_name: str) -> None:
    """Follow the file on its way, if it still is, and come back to the list."""
    arriving = page.locator(".recent a").filter(has_text=file_name)
    if arriving.count():
        arriving.click()
        expect(page.locator("#people")).to_be_visible(timeout=PATIENCE)
        page.go_back()
        page.reload()
