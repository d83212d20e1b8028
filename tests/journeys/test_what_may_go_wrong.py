"""Corrected packets, the same packet again, two people at once, files that are no packets, packets without a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from journeys.browsing import ARRIVING_PAGE, PACKET_PAGE, PATIENCE, NewContext, bring, drop
from journeys.house import House
from journeys.packets import Packet, make_packet, seeded
from journeys.words import zh
from playwright.sync_api import Page, expect


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def figures(page: Page) -> list[str]:
    """People in the packet, accepted, waiting."""
    return page.locator(".figure-row .figure-value").all_inner_texts()


def test_a_corrected_packet_replaces(office: Page, house: House, folder: Path) -> None:
    faulty = make_packet(folder, "萧山", 3, first=100, faults={1: seeded("roster.mismatch")})
    bring(office, house.base, faulty.path)
    assert figures(office) == ["3", "2", "1"]
    name = faulty.slips[1].person.name
    office.locator("#people tbody th a", has_text=name).click()
    expect(office.locator(".dossier-title .verdict")).to_have_text(zh("waiting for correction"))
    dossier = office.url

    bring(office, house.base, faulty.corrected(folder / "corrected").path)
    assert figures(office) == ["3", "3", "0"]
    expect(office.locator("#findings .finding:not([data-severity=note])")).to_have_count(0)
    office.goto(dossier)
    expect(office.locator(".dossier-title .verdict")).to_have_text(zh("accepted"))
    expect(office.locator(".revisions li")).to_have_count(2)
    office.goto(f"{house.base}/dossiers/?unit=330109")
    expect(office.locator("[data-list] tbody tr")).to_have_count(3)


def test_the_same_bytes_again_are_recognised(office: Page, house: House, folder: Path) -> None:
    packet = make_packet(folder, "富阳", 2, first=110)
    bring(office, house.base, packet.path)
    first = office.url
    bring(office, house.base, packet.path)
    assert office.url == first
    office.goto(f"{house.base}/packets/?unit=330111")
    expect(office.locator("[data-list] tbody tr")).to_have_count(1)


def test_two_people_who_bring_the_same_packet_get_one(signed_in: NewContext, house: House, folder: Path) -> None:
    packet = make_packet(folder, "临安", 2, first=120)
    desks = [signed_in().new_page(), signed_in().new_page()]
    for desk in desks:
        desk.goto(house.base)
    with house.held_worker():
        for desk in desks:
            drop(desk, packet.path)
        for desk in desks:
            desk.wait_for_url(ARRIVING_PAGE)
        assert len({desk.url for desk in desks}) == 2
    for desk in desks:
        desk.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
        assert figures(desk) == ["2", "2", "0"]
    assert len({desk.url for desk in desks}) == 1
    desks[0].goto(f"{house.base}/packets/?unit=330112")
    expect(desks[0].locator("[data-list] tbody tr")).to_have_count(1)


def test_a_file_that_is_no_packet_says_so_and_what_to_do(office: Page, house: House, folder: Path) -> None:
    wrong = folder / "会议通知.zip"
    wrong.write_bytes("这不是压缩包".encode() * 40)
    office.goto(house.base)
    drop(office, wrong)
    trouble = office.locator(".trouble")
    expect(trouble).to_be_visible(timeout=PATIENCE)
    expect(trouble.get_by_role("heading")).to_have_text(zh("The file could not be received"))
    expect(trouble.locator(".trouble-where")).to_have_text(wrong.name)
    expect(trouble).to_contain_text(zh("What to do:"))
    expect(trouble).to_contain_text(
        zh(
            "Mend the file, or ask the unit to, and bring it again. This file stays in the store; the register says that it "
            "was refused."
        )
    )
    expect(trouble.get_by_role("link", name=zh("Bring it again"))).to_have_attribute("href", "/")
    office.goto(house.base)
    expect(office.locator("#needs")).to_contain_text(zh("%(name)s could not be received", name=wrong.name))


def test_an_empty_file_is_refused_at_once(office: Page, house: House, folder: Path) -> None:
    empty = folder / "空文件.zip"
    empty.write_bytes(b"")
    office.goto(house.base)
    drop(office, empty)
    expect(office.locator(".messages li")).to_have_text(zh("%(name)s is empty. Nothing was received.", name=empty.name))
    assert office.url == f"{house.base}/"


def test_a_packet_that_names_no_unit_asks_and_goes_on(office: Page, house: House, folder: Path) -> None:
    packet = make_packet(folder, "桐庐", 2, first=130, name="推荐材料.zip", unit_in_roster=False)
    office.goto(house.base)
    drop(office, packet.path)
    question = office.get_by_role("heading", name=zh("Which unit does this packet come from?"))
    expect(question).to_be_visible(timeout=PATIENCE)
    office.get_by_label(zh("Recommending unit")).select_option(label="桐庐县总工会")
    office.get_by_role("button", name=zh("Receive for this unit")).click()
    office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
    expect(office.get_by_role("heading", level=1)).to_contain_text("桐庐县总工会")
    assert figures(office) == ["2", "2", "0"]


def test_several_packets_at_once_are_all_received(office: Page, house: House, folder: Path) -> None:
    packets: list[Packet] = [
        make_packet(folder, unit, 1, first=140 + place) for place, unit in enumerate(["淳安", "建德"])
    ]
    office.goto(house.base)
    drop(office, *(packet.path for packet in packets))
    office.wait_for_url(f"{house.base}/packets/")
    stuck = office.locator(".recent a")
    for packet in packets:
        if stuck.filter(has_text=packet.path.name).count():
            stuck.filter(has_text=packet.path.name).click()
            office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
            office.goto(f"{house.base}/packets/")
    for packet in packets:
        expect(office.locator("[data-list] tbody tr").filter(has_text=packet.path.name)).to_have_count(1)
