"""Second factors: sealed, asked for after the password, due for some roles."""

from __future__ import annotations

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.factors import AAD, SealedFactors, is_missing
from jiangbang.accounts.models import Role, User
from jiangbang.register.models import Entry
from jiangbang.vaults import vault

pytestmark = pytest.mark.django_db
PASSWORD = "right password of the office"


@pytest.fixture
def li(settings: LazySettings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return create_account("li", role=Role.ORGANISER, password=PASSWORD)


def knock() -> tuple[Client, str]:
    client = Client()
    return client, client.post("/account/login/", {"login": "li", "password": PASSWORD})["Location"]


def code(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def set_up(client: Client) -> tuple[str, list[str]]:
    """The app's secret, and the recovery codes that are shown once."""
    found = re.search(r'totp-secret">([A-Z2-7]{32})<', client.get("/account/app/set-up/").content.decode())
    assert found is not None
    answer = client.post("/account/app/set-up/", {"code": code(found[1])})
    assert answer.status_code == 302
    return found[1], re.findall(r"<li>(\d{8})</li>", client.get("/account/codes/").content.decode())


def test_the_app_is_set_up_sealed_and_asked_for_at_the_door(li: User) -> None:
    client, _where = knock()
    secret, codes = set_up(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert vault().unseal(base64.b64decode(kept), AAD).decode() == secret
    assert SealedFactors().decrypt(kept) == secret
    assert len(codes) == 10
    # shown once
    assert re.findall(r"<li>(\d{8})</li>", client.get("/account/codes/").content.decode()) == []
    added = Entry.objects.filter(type="factor.added").order_by("index")
    assert [entry.facts["kind"] for entry in added] == ["totp", "recovery_codes"]
    other, where = knock()
    assert where == "/account/code/"
    assert other.get("/account/").status_code == 302
    assert "验证码" in other.get(where).content.decode()
    cache.clear()
    assert other.post(where, {"code": code(secret)})["Location"] == "/"
    assert other.get("/account/").status_code == 200


def test_a_wrong_code_a_used_code_and_too_many_codes_open_nothing(li: User) -> None:
    client, _where = knock()
    secret, _codes = set_up(client)
    cache.clear()
    first, where = knock()
    used = code(secret)
    assert first.post(where, {"code": used}).status_code == 302
    second, where = knock()
    for tried in (used, *["000000"] * 6):
        assert second.post(where, {"code": tried}).status_code == 200
    assert "过多" in second.post(where, {"code": code(secret, 1)}).content.decode()


def test_a_recovery_code_opens_once(li: User) -> None:
    client, _where = knock()
    _secret, codes = set_up(client)
    for answer in (302, 200):
        other, where = knock()
        assert other.post(where, {"code": codes[0]}).status_code == answer


def test_the_app_is_taken_off_again(li: User) -> None:
    client, _where = knock()
    set_up(client)
    assert client.post("/account/app/take-off/").status_code == 302
    assert not Authenticator.objects.filter(user=li).exists()
    assert Entry.objects.filter(type="factor.removed").exists()
    assert knock()[1] == "/"


def test_a_role_that_must_have_one_is_led_to_it_first(li: User, settings: LazySettings) -> None:
    settings.JIANGBANG_MFA_ROLES = ("organiser",)
    assert is_missing(li)
    client, where = knock()
    assert client.get(where)["Location"] == "/account/factor/"
    assert "再加一道锁" in client.get("/account/factor/").content.decode()
    set_up(client)
    assert client.get("/account/factor/")["Location"] == "/account/"
    assert client.get("/people/").status_code == 404
    # the last one stays with whoever must have one
    client.post("/account/app/take-off/")
    assert Authenticator.objects.filter(user=li, type="totp").exists()


def test_a_role_that_need_not_is_not_led_anywhere(li: User, settings: LazySettings) -> None:
    settings.JIANGBANG_MFA_ROLES = ("system", "security", "audit")
    assert not is_missing(li)
    assert knock()[0].get("/people/").status_code == 404


def test_the_register_and_the_session_do_not_hold_the_secret(li: User) -> None:
    client, _where = knock()
    secret, codes = set_up(client)
    entries = b"".join(entry.leaf() for entry in Entry.objects.all())
    assert [told for told in (secret, *codes) if told.encode() in entries] == []
    assert secret not in str(dict(client.session.items()))
