"""Wrong passwords: the attacker waits, the victim does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from jiangbang.accounts import throttle
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, Tries

pytestmark = pytest.mark.django_db

PASSWORD = "right password of the office"
ATTACKER, VICTIM, OFFICE = "203.0.113.66", "198.51.100.7", "192.0.2.1"
IN, WRONG, WAIT = "in", "wrong", "wait"


@pytest.fixture(autouse=True)
def account(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for name in ("li", "wu"):
        create_account(name, role=Role.ORGANISER, password=PASSWORD)


def knock(password: str, *, name: str = "li", address: str = ATTACKER, browser: Client | None = None) -> str:
    """How the door answers one try; every knock without a browser is a new browser."""
    client = browser or Client()
    answer = client.post("/account/login/", {"login": name, "password": password}, REMOTE_ADDR=address)
    if answer.status_code == 302:
        client.post("/account/logout/")
        return IN
    return WAIT if "分钟后再试" in answer.content.decode() else WRONG


def test_an_attacker_waits_longer_with_each_wrong_password() -> None:
    assert [knock("wrong") for _ in range(6)] == [WRONG] * 5 + [WAIT]
    waits = []
    for _ in range(8):
        row = Tries.objects.filter(blocked_until__isnull=False).get()
        assert row.blocked_until is not None
        waits.append(round((row.blocked_until - row.last_at).total_seconds()))
        Tries.objects.update(blocked_until=timezone.now())
        assert knock("wrong") == WRONG
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_victim_is_not_locked_out_by_an_attacker_elsewhere() -> None:
    for _ in range(20):
        knock("wrong")
    assert knock(PASSWORD) == WAIT
    assert knock(PASSWORD, address=VICTIM) == IN


def test_a_browser_that_signed_in_before_has_tries_of_its_own_even_beside_the_attacker() -> None:
    browser = Client()
    assert knock(PASSWORD, address=OFFICE, browser=browser) == IN
    for _ in range(20):
        knock("wrong", address=OFFICE)
    assert knock(PASSWORD, address=OFFICE) == WAIT
    assert knock(PASSWORD, address=OFFICE, browser=browser) == IN


def test_the_browser_s_own_tries_end_too() -> None:
    browser = Client()
    knock(PASSWORD, browser=browser)
    assert [knock("wrong", browser=browser) for _ in range(6)] == [WRONG] * 5 + [WAIT]
    assert knock(PASSWORD, browser=browser) == WAIT
    # and the account is open from everywhere else
    assert knock(PASSWORD) == IN


def test_a_stolen_or_forged_cookie_of_another_account_gives_no_tries() -> None:
    browser = Client()
    knock(PASSWORD, name="wu", browser=browser)
    assert [knock("wrong", browser=browser) for _ in range(6)] == [WRONG] * 5 + [WAIT]
    forged = Client()
    forged.cookies[throttle.COOKIE] = "forged:value"
    assert knock("wrong", browser=forged) == WAIT


def test_an_office_behind_one_address_is_not_locked_by_a_neighbour() -> None:
    for _ in range(20):
        knock("wrong", address=OFFICE)
    assert knock(PASSWORD, name="wu", address=OFFICE) == IN


def test_proxies_keep_neighbours_apart(settings: LazySettings) -> None:
    settings.JIANGBANG_PROXIES = 1
    for _ in range(6):
        Client().post("/account/login/", {"login": "li", "password": "wrong"}, headers={"X-Forwarded-For": ATTACKER})
    for address, answer in ((ATTACKER, 200), (VICTIM, 302)):
        told = Client().post(
            "/account/login/", {"login": "li", "password": PASSWORD}, headers={"X-Forwarded-For": address}
        )
        assert (address, told.status_code) == (address, answer)


def test_trying_many_names_from_one_address_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "SPRAY_TRIES", 8)
    assert [knock("wrong", name=f"name{number}") for number in range(9)] == [WRONG] * 8 + [WAIT]
    # a right password of his own clears nothing for the attacker
    assert knock(PASSWORD, name="wu") == WAIT
    assert knock(PASSWORD, name="wu", address=VICTIM) == IN


def test_an_unknown_name_is_counted_as_a_known_one() -> None:
    assert [knock("wrong", name="nobody") for _ in range(6)] == [WRONG] * 5 + [WAIT]


def test_mlps_locks_for_half_an_hour(settings: LazySettings) -> None:
    settings.JIANGBANG_PASSWORD_PROFILE = "mlps"
    for _ in range(5):
        knock("wrong")
    row = Tries.objects.exclude(blocked_until=None).get()
    assert row.blocked_until is not None
    assert row.blocked_until - row.last_at == timedelta(minutes=30)


def test_a_count_is_forgotten_after_a_day() -> None:
    for _ in range(5):
        knock("wrong")
    Tries.objects.update(last_at=timezone.now() - timedelta(hours=25))
    assert knock("wrong") == WRONG
    Tries.objects.update(last_at=timezone.now() - timedelta(hours=25))
    assert throttle.forget_old() == 2
    assert not Tries.objects.exists()


def test_names_and_addresses_are_not_kept() -> None:
    knock("wrong", name="somebody")
    assert {len(key) for key in Tries.objects.values_list("key", flat=True)} == {64}


def test_no_cookie_outgrows_what_browsers_keep() -> None:
    browser = Client()
    for number in range(throttle.COOKIE_PEOPLE + 2):
        create_account(name := f"{number}" * 100, role=Role.SCREENER, password=PASSWORD)
        knock(PASSWORD, name=name, browser=browser)
    assert len(browser.cookies[throttle.COOKIE].value) < 1_000
    assert max(len(name) + len(found.value) for name, found in browser.cookies.items()) < 4_096


def test_the_device_cookie_is_for_the_door_only() -> None:
    browser = Client()
    knock(PASSWORD, browser=browser)
    cookie = browser.cookies[throttle.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/account/", True, "Lax")
