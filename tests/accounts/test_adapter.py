"""Signing in: the closed door, wrong passwords, too many of them, cookies."""

from __future__ import annotations

from http.cookies import Morsel

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, Tries, User

pytestmark = pytest.mark.django_db

PASSWORD = "right password of the office"
WRONG = "您提供的用户名或密码不正确。"
TOO_MANY = "密码输错次数过多"


@pytest.fixture(autouse=True)
def account(settings: LazySettings) -> User:
    """The house's own hasher is slow on purpose; here it is not what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return create_account("li", role=Role.ORGANISER, password=PASSWORD)


def sign_in(client: Client, password: str, *, name: str = "li", to: str = "") -> tuple[int, str]:
    """Status and page; the page of a redirect is where it leads."""
    answer = client.post("/account/login/", {"login": name, "password": password, "next": to})
    return answer.status_code, answer.headers.get("Location") or answer.content.decode()


def test_the_right_password_leads_where_one_was_going(client: Client) -> None:
    assert sign_in(client, PASSWORD, to="/dossiers/") == (302, "/dossiers/")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_signing_in_never_leads_out_of_the_house(client: Client) -> None:
    assert sign_in(client, PASSWORD, to="https://elsewhere.example/") == (302, "/")


def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: Client) -> None:
    wrong, unknown = sign_in(client, "wrong"), sign_in(client, "wrong", name="nobody")
    assert wrong[0] == unknown[0] == 200
    assert WRONG in wrong[1]
    assert WRONG in unknown[1]
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client: Client) -> None:
    for _ in range(5):
        assert WRONG in sign_in(client, "wrong")[1]
    assert TOO_MANY in sign_in(client, "wrong")[1]
    status, page = sign_in(client, PASSWORD)
    assert (status, TOO_MANY in page) == (200, True)
    Tries.objects.update(blocked_until=timezone.now())
    assert sign_in(client, PASSWORD) == (302, "/")
    # the right password has cleared the count
    assert WRONG in sign_in(Client(), "wrong")[1]


def test_the_page_says_how_long_to_wait(client: Client) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    assert "1分钟后再试" in sign_in(client, "wrong")[1]


def test_a_closed_account_is_told_so_only_with_its_password(client: Client, account: User) -> None:
    account.is_active = False
    account.save()
    assert sign_in(client, PASSWORD) == (302, "/account/inactive/")
    assert "账号已停用" in client.get("/account/inactive/").content.decode()
    assert WRONG in sign_in(client, "wrong")[1]


def test_nobody_signs_up(client: Client) -> None:
    answer = client.post(
        "/account/signup/", {"username": "newcomer", "password1": "a long password", "password2": "a long password"}
    )
    assert "不开放注册" in answer.content.decode()
    assert list(User.objects.values_list("username", flat=True)) == ["li"]


@pytest.mark.parametrize("path", ["password/reset/", "email/", "confirm-email/", "login/code/confirm/"])
def test_addresses_that_would_send_mail_do_not_exist(client: Client, account: User, path: str) -> None:
    sign_in(client, PASSWORD)
    assert client.post(f"/account/{path}", {"email": "li@example.cn"}).status_code == 404
    assert mail.outbox == []


def cookie(client: Client, name: str) -> Morsel[str]:
    return client.cookies[name]


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(client: Client) -> None:
    client.get("/account/login/")
    sign_in(client, PASSWORD)
    for name in ("jiangbang_session", "csrftoken"):
        found = cookie(client, name)
        assert (found["httponly"], found["samesite"], found["secure"]) == (True, "Lax", "")
    # gone with the browser window, whatever the browser is told about passwords
    assert cookie(client, "jiangbang_session")["max-age"] == ""


def test_behind_tls_cookies_travel_by_tls_only(client: Client, settings: LazySettings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/account/login/")
    sign_in(client, PASSWORD)
    assert [cookie(client, name)["secure"] for name in ("jiangbang_session", "csrftoken")] == [True, True]


def test_signing_in_changes_the_session(client: Client) -> None:
    client.get("/account/login/")
    client.post("/language/", {"language": "en"})
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = client.cookies["jiangbang_session"].value
    sign_in(client, PASSWORD)
    assert client.cookies["jiangbang_session"].value != before


def test_signing_out_asks_first_and_ends_the_session(client: Client) -> None:
    sign_in(client, PASSWORD)
    assert "退出" in client.get("/account/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("new", "sentence"), [("short", "密码至少12个字符"), ("password1234", "太常见"), ("li-li-li-li-li", "")]
)
def test_weak_passwords_are_refused_when_one_changes_ones_own(client: Client, new: str, sentence: str) -> None:
    sign_in(client, PASSWORD)
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    page = client.post("/account/password/change/", sent, follow=True).content.decode()
    refused = not User.objects.get().check_password(new)
    assert (refused, sentence in page) == (bool(sentence), True)
