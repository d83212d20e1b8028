"""From where people are signed in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts import sessions
from jiangbang.accounts.acts import create_account, end_sessions
from jiangbang.accounts.models import Role, SignIn, User
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "right password of the office"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0"


@pytest.fixture
def li(settings: LazySettings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return create_account("li", role=Role.ORGANISER, password=PASSWORD)


def signed_in(agent: str = EDGE, address: str = "198.51.100.7") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/account/login/", {"login": "li", "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_each_sign_in_is_listed_with_browser_system_and_network(li: User) -> None:
    office, telephone = signed_in(), signed_in(WECHAT, "2001:db8::1")
    assert [(one.browser, one.system, one.network) for one in sessions.sessions_of(li)] == [
        ("WeChat", "Android", "2001:db8::/64"),
        ("Edge", "Windows", "198.51.100.7"),
    ]
    page = office.get("/account/").content.decode()
    assert [word for word in ("WeChat", "Edge", "本浏览器", "198.51.100.7") if word not in page] == []
    telephone.post("/account/logout/")
    assert [one.browser for one in sessions.sessions_of(li)] == ["Edge"]


def test_one_s_own_session_elsewhere_is_ended(li: User) -> None:
    here, elsewhere = signed_in(), signed_in(WECHAT)
    theirs = SignIn.objects.get(browser="WeChat")
    here.post(f"/account/sessions/{theirs.pk}/end/")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.facts) == ("session.ended", f"user:{li.pk}", {"count": 1})
    own = SignIn.objects.get()
    assert here.post(f"/account/sessions/{own.pk}/end/").status_code == 404


def test_all_others_are_ended_at_once(li: User) -> None:
    here, *others = signed_in(), signed_in(WECHAT), signed_in()
    here.post("/account/sessions/end/")
    assert [is_in(client) for client in (here, *others)] == [True, False, False]


def test_changing_the_password_ends_every_other_session(li: User) -> None:
    here, elsewhere = signed_in(), signed_in(WECHAT)
    new = "another password of mine"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert [one.browser for one in sessions.sessions_of(li)] == ["Edge"]
    assert Session.objects.filter(session_key__in=SignIn.objects.values("session_key")).count() == 1


def test_the_security_administrator_ends_the_sessions_of_others_and_nobody_else_does(li: User) -> None:
    client = signed_in()
    guard = create_account("guard", role=Role.SECURITY, password=None)
    expert = create_account("wu", role=Role.EXPERT, password=None)
    with pytest.raises(Refused) as refusal:
        end_sessions(li, by=expert)
    assert (refusal.value.code, is_in(client)) == ("permission", True)
    assert end_sessions(li, by=guard) == 1
    assert not is_in(client)
    count = Entry.objects.count()
    assert (end_sessions(li, by=guard), Entry.objects.count()) == (0, count)


def test_last_seen_is_noted_every_five_minutes_and_costs_nothing_between(
    li: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in()
    is_in(client)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    is_in(client)
    assert timezone.now() - SignIn.objects.get().seen_at > timedelta(minutes=59)
    session = client.session
    session[sessions.SEEN_KEY] = int(time.time()) - sessions.SEEN_EVERY
    session.save()
    is_in(client)
    assert timezone.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)
    # session and person; the page of a door asks nothing else
    with django_assert_num_queries(2):
        client.get("/account/logout/")


def test_what_ran_out_is_not_listed_and_is_forgotten(li: User) -> None:
    signed_in()
    Session.objects.update(expire_date=timezone.now())
    assert sessions.sessions_of(li) == []
    assert (sessions.forget_old(), SignIn.objects.count(), Session.objects.count()) == (1, 0, 0)


def test_a_session_ends_however_busy_it_is(li: User, settings: LazySettings) -> None:
    client = signed_in()
    session = client.session
    session[sessions.BEGAN_KEY] = int(time.time()) - settings.JIANGBANG_SESSION_HOURS * 3600 - 1
    session.save()
    assert client.get("/account/")["Location"] == "/account/login/?next=/account/"
    assert (Session.objects.count(), SignIn.objects.count()) == (0, 0)


def test_an_unused_session_ends_after_two_hours(li: User) -> None:
    client = signed_in()
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=119) < left <= timedelta(hours=2)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_signing_out_empties_the_browsers_cache(li: User) -> None:
    assert signed_in().post("/account/logout/")["Clear-Site-Data"] == '"cache"'
