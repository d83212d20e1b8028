"""One's own account."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts import factors
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role, SignIn, User
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
HERE = "hangzhou-digital-craftsman/2023"


@pytest.fixture
def wu(client: Client, edition: Edition) -> User:  # noqa: F811
    made = create_account("wu", role=Role.UNIT, password=None, edition=HERE, scope="330108", display_name="吴某")
    client.force_login(made)
    return made


def test_the_page_tells_roles_keys_and_sessions(client: Client, wu: User) -> None:
    page = client.get("/account/").content.decode()
    told = ("吴某", "推荐单位", "滨江区总工会", "首届", "设置密码", "设置通行密钥", "设置身份验证器应用", "本浏览器")
    assert [word for word in told if word not in page] == []


def test_a_person_without_a_role_has_the_page_too(client: Client, cast: Cast) -> None:  # noqa: F811
    client.force_login(cast.stranger)
    assert "您还没有角色" in client.get("/account/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_eight_queries_however_many_roles_and_sessions(
    client: Client, wu: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        Membership.objects.create(user=wu, role=Role.EXPERT, edition=HERE, scope=str(number))
        Client().force_login(wu)
    client.get("/account/")
    with django_assert_num_queries(9):
        client.get("/account/")


def test_a_user_name_is_changed_and_the_register_does_not_say_to_what(client: Client, wu: User) -> None:
    client.post("/account/name/", {"username": " wu.zhuanjia "})
    wu.refresh_from_db()
    entry = Entry.objects.latest("index")
    assert (wu.username, entry.type, entry.facts) == ("wu.zhuanjia", "account.renamed", {})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x", "2至150个字符"),
        ("ORGANISER", "已被占用"),
        ("no spaces", "只能含文字"),
        ("<b>", "只能含文字"),
        ("", "只能含文字"),
        ("x" * 151, "2至150个字符"),
    ],
)
def test_a_user_name_that_cannot_be_is_refused(client: Client, wu: User, cast: Cast, name: str, sentence: str) -> None:  # noqa: F811
    page = client.post("/account/name/", {"username": name}, follow=True).content.decode()
    wu.refresh_from_db()
    assert (sentence in page, wu.username) == (True, "wu")


def test_keeping_the_user_name_changes_nothing(client: Client, wu: User) -> None:
    count = Entry.objects.count()
    client.post("/account/name/", {"username": "wu"})
    assert Entry.objects.count() == count


def test_nobody_ends_the_session_of_somebody_else_here(client: Client, wu: User, cast: Cast) -> None:  # noqa: F811
    Client().force_login(cast.organiser)
    theirs = SignIn.objects.get(user=cast.organiser)
    assert client.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    assert SignIn.objects.filter(pk=theirs.pk).exists()


def test_whoever_owes_no_factor_is_sent_on(client: Client, wu: User) -> None:
    assert not factors.is_missing(wu)
    assert client.get("/account/factor/")["Location"] == "/account/"
