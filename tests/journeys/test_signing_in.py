"""How people come in: by invitation, with a code, with a passkey; how they see and end sessions, and prove once more who they are."""

from __future__ import annotations

import re
import time
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from journeys.browsing import DESKTOP, PHONE, NewContext, Watch, bring, keep_picture, sideways, sign_in
from journeys.house import House
from journeys.packets import make_packet
from journeys.words import zh
from playwright.sync_api import Page, expect

PASSWORD = "a password of my own 2023"


def invited(office: Page, house: House, name: str) -> str:
    """The office makes a link for an expert; returns it."""
    office.goto(f"{house.base}/people/invite/")
    office.get_by_label(zh("Name"), exact=True).fill(name)
    office.locator("#role").select_option("expert")
    office.get_by_role("button", name=zh("Make the link")).click()
    link = office.locator("#link").input_value()
    assert re.fullmatch(rf"{re.escape(house.base)}/invitation/[\w-]{{43}}/", link)
    return link


def picture(page: Page, name: str) -> None:
    """The page at both sizes; nothing reaches sideways."""
    for wide, high in (DESKTOP, PHONE):
        page.set_viewport_size({"width": wide, "height": high})
        keep_picture(page, f"{name}-{wide}")
        reach, seen = sideways(page)
        assert (name, wide, reach) == (name, wide, seen)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def with_password(page: Page, base: str) -> str:
    """Whoever came by link sets a password; returns the user name."""
    page.goto(f"{base}/account/")
    name = page.locator("#username").input_value()
    page.get_by_role("link", name=zh("Set a password")).click()
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    picture(page, "password-set")
    page.get_by_role("button", name=zh("Set the password")).click()
    page.wait_for_url(re.compile(r"/(account/)?$"))
    return name


def knock(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/account/login/?next=/account/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name=zh("Sign in"), exact=True).click()


def code(secret: str, after: str = "") -> str:
    """The code that an app shows now; another one than `after`, for each opens once."""
    while True:
        shown = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
        if shown != after:
            return shown
        time.sleep(1)


def test_an_invitation_lets_in_once(office: Page, house: House, new_context: NewContext, watch: Watch) -> None:
    link = invited(office, house, "赵一评")
    picture(office, "people-invited")
    # a scanner of mails looks first
    scanner = new_context().new_page()
    scanner.goto(link)
    guest = new_context(PHONE).new_page()
    guest.goto(link)
    expect(guest.get_by_text("赵一评")).to_be_visible()
    picture(guest, "invitation")
    guest.get_by_role("button", name=zh("Accept and go in")).click()
    guest.wait_for_load_state()
    watch.allowed |= {link, f"{house.base}/"}
    guest.goto(f"{house.base}/account/")
    expect(guest.get_by_role("heading", level=1)).to_have_text("赵一评")
    picture(guest, "account-by-link")
    scanner.goto(link)
    expect(scanner.get_by_role("heading", level=1)).to_have_text(zh("This link does not open"))
    picture(scanner, "invitation-used")


def test_the_app_s_code_is_asked_for_after_the_password(
    office: Page, house: House, new_context: NewContext, watch: Watch
) -> None:
    watch.allowed.add(f"{house.base}/")
    page = new_context().new_page()
    page.goto(invited(office, house, "钱二评"))
    page.get_by_role("button", name=zh("Accept and go in")).click()
    name = with_password(page, house.base)
    page.goto(f"{house.base}/account/app/set-up/")
    secret = page.locator(".totp-secret").inner_text()
    picture(page, "app-set-up")
    set_up_with = code(secret)
    page.locator("#id_code").fill(set_up_with)
    page.get_by_role("button", name=zh("Switch it on")).click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = page.locator(".recovery-codes li").first.inner_text()
    picture(page, "recovery-codes")
    for tried in ("000000", code(secret, set_up_with), recovery):
        door = new_context().new_page()
        knock(door, house.base, name)
        expect(door.get_by_role("heading", level=1)).to_have_text(zh("Second factor"))
        door.locator("#id_code").fill(tried)
        door.get_by_role("button", name=zh("Sign in"), exact=True).click()
        if tried == "000000":
            expect(door.locator(".wrong").first).to_be_visible()
            picture(door, "second-factor")
        else:
            expect(door.get_by_role("heading", level=1)).to_have_text("钱二评")


def test_a_passkey_is_set_up_and_signs_in_without_a_password(
    office: Page, house: House, new_context: NewContext, watch: Watch
) -> None:
    # browsers know passkeys of names, not of addresses in figures
    base = house.base.replace("127.0.0.1", "localhost")
    link = invited(office, house, "孙三评").replace(house.base, base)
    watch.base = base
    watch.allowed.add(f"{base}/")
    page = new_context().new_page()
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto(link)
    page.get_by_role("button", name=zh("Accept and go in")).click()
    page.wait_for_load_state()
    page.goto(f"{base}/account/passkeys/new/")
    page.locator("[name=name]").fill("办公室电脑")
    picture(page, "passkey-new")
    page.get_by_role("button", name=zh("Set up the passkey")).click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto(f"{base}/account/")
    expect(page.get_by_text("办公室电脑", exact=False).first).to_be_visible()
    picture(page, "account-with-passkey")
    page.goto(f"{base}/account/logout/")
    page.locator(".door-leaf button").click()
    page.wait_for_url(re.compile("/account/login/"))
    page.goto(f"{base}/account/login/?next=/account/")
    page.get_by_role("button", name=zh("Sign in with a passkey")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("孙三评")
    # and it proves once more who one is
    page.goto(f"{base}/account/reauthenticate/passkey/?next=/account/")
    page.get_by_role("button", name=zh("Use a passkey")).click()
    page.wait_for_url(f"{base}/account/")


def test_a_session_elsewhere_is_seen_and_ended(
    office: Page, house: House, new_context: NewContext, watch: Watch
) -> None:
    watch.allowed.add(f"{house.base}/")
    here, elsewhere = new_context().new_page(), new_context(PHONE).new_page()
    here.goto(invited(office, house, "李四评"))
    here.get_by_role("button", name=zh("Accept and go in")).click()
    name = with_password(here, house.base)
    knock(elsewhere, house.base, name)
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("李四评")
    here.goto(f"{house.base}/account/")
    rows = here.locator("form[action*='/account/sessions/'][action$='/end/']:not([action='/account/sessions/end/'])")
    expect(rows).to_have_count(1)
    picture(here, "sessions")
    rows.get_by_role("button").click()
    expect(here.get_by_text(zh("That browser is signed out."))).to_be_visible()
    elsewhere.goto(f"{house.base}/account/")
    elsewhere.wait_for_url(re.compile("/account/login/"))


def test_a_sealed_value_wants_a_fresh_proof(house: House, new_context: NewContext, tmp_path: Path) -> None:
    page = new_context().new_page()
    sign_in(page, house.base, house.account)
    bring(page, house.base, make_packet(tmp_path, "余杭", 1, first=910).path)
    page.locator("#people tbody th a").first.click()
    page.wait_for_url(re.compile("/dossiers/"))
    dossier = page.url
    session = next(one for one in page.context.cookies() if one["name"] == "jiangbang_session")
    house.grow_old(session["value"])
    button = page.locator("#field-id_number + dd button")
    button.click()
    page.wait_for_url(re.compile("/account/reauthenticate/"))
    picture(page, "prove-it")
    page.get_by_label(zh("Password")).fill(house.account[1])
    page.get_by_role("button", name=zh("Continue")).click()
    page.wait_for_url(dossier)
    expect(page.get_by_text(zh("It is you. Go on with what you were about to do."))).to_be_visible()
    button.click()
    expect(page.locator("#field-id_number + dd .masked[data-revealed]")).to_be_visible()
