"""The two profiles of password rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from jiangbang.accounts.acts import change_password, create_account, give_password
from jiangbang.accounts.models import OldPassword, Role, User
from jiangbang.accounts.passwords import must_change
from jiangbang.register.models import Entry

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def refusals(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


def test_passwords_are_hashed_by_argon2id_with_the_stated_parameters() -> None:
    encoded = make_password("the right password")
    told = identify_hasher(encoded).decode(encoded)
    assert {name: told[name] for name in ("variety", "version", "time_cost", "memory_cost", "parallelism")} == {
        "variety": "argon2id",
        "version": 19,
        "time_cost": 3,
        "memory_cost": 65_536,
        "parallelism": 4,
    }


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("a" * 5 + "bcdefg", {"password_too_short"}),
        ("only small letters here", set()),
        ("杭州数字工匠一二三四五六", set()),
        ("x y" * 43, set()),
        ("ab" * 128, set()),
        ("ab" * 129, {"password_too_long"}),
        ("password1234", {"password_too_common", "password_of_the_house"}),
        ("Jiangbang-2026!!", {"password_of_the_house"}),
        ("杭州数字工匠20262026", {"password_of_the_house"}),
        ("organiser of nine cranes", set()),
    ],
)
def test_asvs_wants_length_and_nothing_common(settings: LazySettings, password: str, codes: set[str]) -> None:
    settings.JIANGBANG_PASSWORD_PROFILE = "asvs"
    assert refusals(password) == codes


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Short-1", {"password_too_short"}),
        ("only small letters here", {"password_too_plain"}),
        ("smallletters77", {"password_too_plain"}),
        ("Smallletters77", set()),
        ("small letters 77", set()),
        ("Password123", {"password_too_common", "password_of_the_house"}),
    ],
)
def test_mlps_wants_kinds_of_characters(settings: LazySettings, password: str, codes: set[str]) -> None:
    settings.JIANGBANG_PASSWORD_PROFILE = "mlps"
    assert refusals(password) == codes


@pytest.mark.django_db
def test_a_password_like_the_user_name_is_refused() -> None:
    assert refusals("linchengban-2023", User(username="linchengban2023")) == {"password_too_similar"}


@pytest.mark.django_db
def test_mlps_keeps_the_last_five_and_asvs_none(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = FAST
    user = create_account("li", role=Role.ORGANISER, password="Password number 0")
    for profile, kept in (("asvs", 0), ("mlps", 5)):
        settings.JIANGBANG_PASSWORD_PROFILE = profile
        for number in range(1, 8):
            change_password(user, f"Password number {number}")
        assert OldPassword.objects.filter(user=user).count() == kept
    used = {number for number in range(9) if refusals(f"Password number {number}", user)}
    assert used == {2, 3, 4, 5, 6, 7}
    settings.JIANGBANG_PASSWORD_PROFILE = "asvs"
    assert refusals("Password number 7", user) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("profile", "days", "due"), [("asvs", 4000, False), ("mlps", 89, False), ("mlps", 90, True)])
def test_only_mlps_lets_passwords_come_of_age(settings: LazySettings, profile: str, days: int, due: bool) -> None:
    settings.PASSWORD_HASHERS, settings.JIANGBANG_PASSWORD_PROFILE = FAST, profile
    user = create_account("li", role=Role.ORGANISER, password="the right password")
    assert must_change(user, timezone.now() + timedelta(days=days)) is due
    user.set_unusable_password()
    assert not must_change(user, timezone.now() + timedelta(days=days))


@pytest.mark.django_db
def test_a_given_password_opens_only_the_page_that_changes_it(client: Client, settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = FAST
    guard = create_account("guard", role=Role.SECURITY, password=None)
    user = create_account("li", role=Role.ORGANISER, password="the lost password")
    given = give_password(user, by=guard)
    assert Entry.objects.latest("index").type == "password.given"
    client.post("/account/login/", {"login": "li", "password": given})
    assert client.get("/dossiers/")["Location"] == "/account/password/change/"
    page = client.get("/account/password/change/")
    assert "还有他人知道" in page.content.decode()
    new = "a password of my own"
    answer = client.post("/account/password/change/", {"oldpassword": given, "password1": new, "password2": new})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.check_password(new), user.password_is_given) == (True, False)
    # the gate is open: what is asked for now is answered by its own view
    assert client.get("/account/").status_code == 200
    assert client.get("/people/").status_code == 404
    assert [entry.type for entry in Entry.objects.order_by("-index")[:1]] == ["password.changed"]


@pytest.mark.django_db
def test_an_account_with_a_password_from_the_office_must_change_it(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = FAST
    system = create_account("system", role=Role.SYSTEM, password="its own password")
    made = create_account("new", role=Role.ORGANISER, password="known to the office", by=system)
    assert (must_change(system), must_change(made)) == (False, True)
