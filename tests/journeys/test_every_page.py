"""Every kind of page, in both languages, on a telephone and on a desk: nothing sideways, no barrier, no word of the other language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from access_table import TABLE
from django.urls import get_resolver, reverse
from journeys.browsing import (
    DESKTOP,
    PACKET_PAGE,
    PATIENCE,
    PHONE,
    NewContext,
    Watch,
    bring,
    drop,
    keep_picture,
    sideways,
    sign_in,
)
from journeys.house import House
from journeys.packets import make_packet, seeded
from journeys.words import chinese_words, english_words, zh
from playwright.sync_api import Page, StorageState, expect

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"1440": DESKTOP, "390": PHONE}
LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}

Addresses = dict[str, str]

# What is done once the page stands at its address, and what shows that it is done.
OPEN: dict[str, tuple[Callable[[Page], None], str]] = {
    "register-verified": (lambda page: page.locator("form[action$='/verify/'] button").click(), ".outcome"),
    "keys": (lambda page: page.keyboard.press("?"), "dialog#keys"),
    "dossier-revealed": (lambda page: page.locator("#field-id_number + dd button").click(), ".masked[data-revealed]"),
    "sign-in-refused": (lambda page: _knock(page), ".errorlist"),
}
PAGES = (
    "desk",
    "desk-empty",
    "packets",
    "packets-empty",
    "packet-blocked",
    "packet-clean",
    "intake-failed",
    "intake-asks",
    "dossiers",
    "dossiers-none",
    "dossiers-empty",
    "dossier",
    "dossier-revealed",
    "dossier-waiting",
    "receipt",
    "place",
    "register",
    "register-verified",
    "gallery",
    "password",
    "account",
    "people",
    "people-invite",
    "invitations",
    "link-again",
    "link-unknown",
    "sign-out",
    "not-found",
    "keys",
    "sign-in",
    "sign-in-refused",
)
# Rooms of the office that need no more than their address, by the name of the address.
ROOMS = (
    "account_reauthenticate",
    "certificate_desk",
    "consultation_desk",
    "contact_list",
    *("archive_desk", "benefits", "next_edition", "next_edition_statistics"),
    "deadline",
    *(f"decision_{name}" for name in ("desk", "hall", "meeting", "members", "result", "rounds")),
    "desk_figures",
    "job_list",
    "mail_list",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    *(f"conferral_{name}" for name in ("ceremony", "desk")),
    *(f"notice_{name}" for name in ("calendar", "desk")),
    *(f"objection_{name}" for name in ("enter", "list", "numbers")),
    *("outbox", "outbox_template_list"),
    *(f"privacy_{name}" for name in ("assessment", "desk", "looks", "periods", "processing")),
    *(f"publicity_{name}" for name in ("coverage", "desk")),
    "quota_ledger",
    *(f"review_{name}" for name in ("assignment", "ceremony", "desk", "discussions", "draw", "pool")),
    *(f"review_{name}" for name in ("pool_bring", "progress", "ranking", "recusals")),
    "screening_duplicates",
    "screening_letters",
    "screening_lists",
    "screening_matches",
    "screening_pictures",
    "screening_queue",
    "screening_sheets",
    "site_texts",
    "verify",
)
# What the office gets at an address without arguments and that is no page, or a page under another name in PAGES.
NO_ROOMS = {
    "account",
    "account_change_password",
    "account_inactive",
    "account_logout",
    "desk",
    "desk_news",
    "dossier_list",
    "gallery",
    *(f"health_{name}" for name in ("alive", "ready")),
    "invitation_list",
    "link_again",
    "packet_list",
    "people",
    "people_invite",
    "next_edition_statistics_csv",
    *("privacy_processing_csv", "publicity_kit"),
    "publicity_screen",
    "register",
    *(f"register_{name}" for name in ("checkpoint", "export", "key")),
    "review_pool_template",
    "server_time",
    *(f"verify_{name}" for name in ("keys", "revoked")),
}
# The gallery's examples are Chinese in every language.
SAMPLES_ONLY = {"gallery"}


@pytest.fixture(scope="module")
def furnished() -> Addresses:
    """Where the pages stand, once a house has been furnished for them."""
    return {}


@pytest.fixture
def addresses(
    furnished: Addresses, house: House, signed_in: NewContext, key_ring: dict[str, StorageState], tmp_path: Path
) -> Addresses:
    """A house with something of every kind in it: a blocked packet, a clean one, a refused file, one that asks for its unit."""
    if not furnished:
        furnished |= _furnish(signed_in().new_page(), house, tmp_path)
    if "elsewhere" not in key_ring:
        key_ring["elsewhere"] = _in_the_empty_edition(house, signed_in)
    return furnished


def _furnish(page: Page, house: House, folder: Path) -> Addresses:
    found = {name: reverse(name) for name in ROOMS} | {
        "desk": "/",
        "desk-empty": "/",
        "packets": "/packets/",
        "packets-empty": "/packets/",
        "dossiers": "/dossiers/",
        "dossiers-none": "/dossiers/?q=zzzz",
        "dossiers-empty": "/dossiers/",
        "register": "/register/",
        "register-verified": "/register/",
        "gallery": "/gallery/",
        "password": "/account/password/change/",
        "account": "/account/",
        "people": "/people/",
        "people-invite": "/people/invite/",
        "invitations": "/people/invitations/",
        "link-again": "/invitation/",
        "link-unknown": "/invitation/nobody-made-it/",
        "sign-out": "/account/logout/",
        "not-found": "/nothing/",
        "keys": "/",
        "sign-in": "/account/login/",
        "sign-in-refused": "/account/login/",
    }
    codes = ("id_number.checksum", "photo.missing", "roster.mismatch", "field.too_long", "duplicate.in_packet")
    faults = {place: seeded(code) for place, code in enumerate(codes, 1)}
    bring(page, house.base, make_packet(folder, "余杭", 14, first=300, faults=faults).path)
    found["packet-blocked"] = _path(page)
    found["dossier-waiting"] = _link(page, "#people tbody tr:nth-child(3) th a")
    bring(page, house.base, make_packet(folder, "拱墅", 11, first=320).path)
    found["packet-clean"] = _path(page)
    found["receipt"] = _path(page) + "receipt/"
    found["dossier"] = found["dossier-revealed"] = _link(page, "#people tbody tr:nth-child(6) th a")
    found["place"] = found["dossier"] + "place/"
    (wrong := folder / "会议通知.zip").write_bytes("这不是压缩包".encode() * 50)
    nameless = make_packet(folder, "临安", 1, first=340, name="材料.zip", unit_in_roster=False)
    for name, path, waits_for in (("intake-failed", wrong, ".trouble"), ("intake-asks", nameless.path, "#answer-unit")):
        page.goto(house.base)
        drop(page, path)
        expect(page.locator(waits_for)).to_be_visible(timeout=PATIENCE)
        found[name] = _path(page)
    return found


def _path(page: Page) -> str:
    return "/" + page.url.split("/", 3)[3]


def _link(page: Page, selector: str) -> str:
    return page.locator(selector).get_attribute("href") or ""


def _in_the_empty_edition(house: House, signed_in: NewContext) -> StorageState:
    """Cookies of a second sign-in, in the edition to which no journey brings anything."""
    context = signed_in()
    context.clear_cookies()
    page = context.new_page()
    sign_in(page, house.base, house.account)
    page.locator(".edition-switch summary").click()
    page.get_by_role("button", name="第二届“杭州数字工匠”认定").click()
    expect(page.locator("#needs")).to_contain_text(zh("Nothing waits for you."))
    return context.storage_state()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("no axe-core: npm ci brings it")
    return AXE.read_text("utf-8")


@pytest.fixture
def page_of(
    house: House,
    new_context: NewContext,
    signed_in: NewContext,
    addresses: Addresses,
    key_ring: dict[str, StorageState],
) -> Callable[[str], Page]:
    """A page in the browser of who sees this kind of page."""

    def opened(name: str) -> Page:
        if name.startswith("sign-in"):
            return new_context().new_page()
        if name.endswith("-empty"):
            return new_context(DESKTOP, key_ring["elsewhere"]).new_page()
        return signed_in().new_page()

    return opened


def _knock(page: Page) -> None:
    page.locator("#id_login").fill("nobody")
    page.locator("#id_password").fill("not a password")
    page.locator("button.btn-primary").click()


def visit(page: Page, house: House, addresses: Addresses, name: str, language: str) -> None:
    """Go there in this language, at the desk's size, and wait until it looks as it will."""
    page.context.add_cookies([{"name": "jiangbang_language", "value": language, "url": house.base}])
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(house.base + addresses[name])
    if name in OPEN:
        act, shows = OPEN[name]
        act(page)
        expect(page.locator(shows)).to_be_visible()
    page.evaluate(
        "() => Promise.all([document.fonts.ready, ...[...document.images].map(image => image.decode())]).then(() => 0)"
    )


def barriers(page: Page, axe: str, *, colours: bool = True) -> list[str]:
    """What axe finds: rule, element, remedy. Measuring `colours` takes most of its time."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    options = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": colours}},
    }
    report: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
    return [
        f"{broken['id']}: {node['target']} {node['failureSummary']}"
        for broken in report["violations"]
        for node in broken["nodes"]
    ]


@cache
def foreign_words(language: str) -> frozenset[str]:
    """Words that belong to the other language's pages."""
    return english_words() if language == "zh-hans" else chinese_words()


# Of every element that is not a person's or a unit's own text: what stands in it, and its names for those who listen.
TEXTS = """() => {
    const texts = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (element.closest("script, style, code, kbd, .language, .seal-mark")) continue;
        texts.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
        for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(element.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.trim().replace(/\\s+/g, " ")).filter(Boolean);
}"""


def test_no_room_of_the_office_is_forgotten() -> None:
    """Every address without arguments that the office may open is looked at, or named with what it is instead."""
    rooms = {name for name in TABLE if name in argument_less() and _office_gets(TABLE[name])}
    assert rooms == {*ROOMS, *NO_ROOMS}


def _office_gets(line: str) -> bool:
    """Whether the table says that GET answers the office with a page."""
    for part in line.split(" | "):
        methods, *answers = part.split()
        if "GET" in methods.split(",") and "200" in answers:
            after = answers[answers.index("200") + 1 :]
            who = set(takewhile(lambda word: not word.isdecimal(), after))
            return bool({"office", "readers", "insiders", "signed-in", "all"} & who)
    return False


def argument_less() -> set[str]:
    """The names of the addresses that need nothing but themselves."""
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    return {name for name in names if any(not needs for _, needs in get_resolver().reverse_dict.getlist(name)[0][0])}


@pytest.mark.parametrize("name", [*PAGES, *ROOMS])
def test_a_page_fits_speaks_and_has_no_barrier(
    name: str, page_of: Callable[[str], Page], addresses: Addresses, axe: str, house: House, watch: Watch
) -> None:
    if name in ("not-found", "link-unknown"):
        watch.allowed.add(house.base + addresses[name])
    page, data = page_of(name), {house.account[0]}
    for language, tag in LANGUAGES.items():
        visit(page, house, addresses, name, language)
        assert page.locator("html").get_attribute("lang") == tag
        if name not in SAMPLES_ONLY:
            assert sorted(foreign_words(language) & set(page.evaluate(TEXTS)) - data) == []
        for width, (wide, high) in SIZES.items():
            page.set_viewport_size({"width": wide, "height": high})
            if language == "zh-hans":
                keep_picture(page, f"{name}-{width}")
            reach, seen = sideways(page)
            assert (language, width, reach) == (language, width, seen)
            # markup and colours are the same in every language, and most of it shows on the widest screen
            colours = width == max(SIZES, key=int)
            if language == "zh-hans":
                with watch.looking_away():
                    found = barriers(page, axe, colours=colours)
                assert (width, found) == (width, [])


def test_a_board_at_work_fits_and_has_no_barrier(
    office: Page, house: House, axe: str, watch: Watch, tmp_path: Path
) -> None:
    """The one page that does not stay: seen while nothing is taken from the queue."""
    packet = make_packet(tmp_path, "财贸", 1, first=350)
    office.goto(house.base)
    with house.held_worker():
        drop(office, packet.path)
        expect(office.locator(".board")).to_be_visible()
        for width, (wide, high) in SIZES.items():
            office.set_viewport_size({"width": wide, "height": high})
            keep_picture(office, f"intake-board-{width}")
            reach, seen = sideways(office)
            assert (width, reach) == (width, seen)
            with watch.looking_away():
                found = barriers(office, axe)
            assert (width, found) == (width, [])
    office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)


def test_the_language_is_switched_and_switched_back(office: Page, house: House) -> None:
    office.goto(f"{house.base}/packets/")
    for language, heading, button in (("zh-Hans", zh("Packets"), "English"), ("en", "Packets", "中文")) * 2:
        assert office.locator("html").get_attribute("lang") == language
        expect(office.get_by_role("heading", level=1)).to_have_text(heading)
        office.get_by_role("button", name=button).click()
        office.wait_for_load_state()
    assert office.url == f"{house.base}/packets/"


def test_pages_of_the_empty_edition_say_nothing_chinese_in_english(
    page_of: Callable[[str], Page], house: House, addresses: Addresses
) -> None:
    """Where there is no data, there is no Chinese: neither from the catalogue nor from anywhere else."""
    page = page_of("desk-empty")
    for name in ("desk-empty", "packets-empty", "dossiers-empty"):
        visit(page, house, addresses, name, "en")
        chinese = {text for text in page.evaluate(TEXTS) if re.search(r"[\u4e00-\u9fff]", text)}
        # the name of the first account, and how a packet's file is called
        assert chinese - {"主办方", "unit+数字工匠推荐.zip"} == set()
