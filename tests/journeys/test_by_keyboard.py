"""The whole main job without a mouse."""

from __future__ import annotations

from pathlib import Path

from journeys.browsing import PACKET_PAGE, PATIENCE
from journeys.house import House
from journeys.packets import make_packet
from journeys.words import zh
from playwright.sync_api import Page, expect

# More steps than any page has before what is looked for.
STEPS = 80

# What the focused element looks like: an outline or a shadow that it has not when it is not focused.
FOCUS_SHOWS = """() => {
    const shown = (element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    const element = document.activeElement;
    const around = element.closest("label, .search, .dropzone-field") ?? element;
    return shown(element) || shown(around) || getComputedStyle(around).boxShadow !== "none";
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; every stop on the way shows that it has it."""
    wanted = page.locator(selector).first
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(FOCUS_SHOWS), f"no visible focus on {name}"
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def test_a_packet_is_received_and_a_value_revealed_without_a_mouse(
    stranger: Page, house: House, tmp_path: Path
) -> None:
    page, (name, password) = stranger, house.account
    packet = make_packet(tmp_path, "钱塘", 2, first=200)
    # a listener from the start: Chromium is told in time that the dialog is ours
    page.on("filechooser", lambda _chooser: None)
    page.goto(house.base)
    expect(page.locator("#id_login")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=zh("Desk"))).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    tab_to(page, ".dropzone input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(packet.path)
    expect(page.locator(".dropzone-files li")).to_contain_text(packet.path.name)
    expect(page.locator(".dropzone button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(PACKET_PAGE, timeout=PATIENCE)

    tab_to(page, "#people tbody th a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(packet.slips[0].person.name)
    tab_to(page, "#field-id_number + dd button")
    page.keyboard.press("Enter")
    shown = page.locator("#field-id_number + dd .masked[data-revealed] .figures")
    expect(shown).to_be_visible()
    assert shown.inner_text().replace(" ", "") == packet.slips[0].person.id_number


def test_the_keys_open_their_sheet_and_their_rooms(office: Page, house: House) -> None:
    office.goto(house.base)
    office.keyboard.press("?")
    sheet = office.locator("dialog#keys")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("heading")).to_have_text(zh("Keys"))
    office.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    for key, address in {"p": "/packets/", "c": "/dossiers/", "r": "/register/", "d": "/"}.items():
        office.keyboard.press("g")
        office.keyboard.press(key)
        office.wait_for_url(f"{house.base}{address}")
    office.keyboard.press("/")
    expect(office.locator(".search input")).to_be_focused()
