"""A fresh proof before what is sealed is shown or taken away."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from jiangbang import urls
from jiangbang.accounts import step_up
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role

pytestmark = pytest.mark.django_db
PASSWORD = "right password of the office"


@login_required
@step_up.required
def ballot(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.POST.get('vote', '')}")


urlpatterns = [path("ballot/", ballot, name="ballot"), *urls.urlpatterns]


@pytest.fixture
def member(client: Client, settings: LazySettings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROOT_URLCONF = __name__
    create_account("member", role=Role.MEMBER, password=PASSWORD)
    client.post("/account/login/", {"login": "member", "password": PASSWORD})
    return client


def grow_old(client: Client, minutes: float = 16) -> None:
    session = client.session
    session[step_up.SESSION_KEY] = int(time.time() - 60 * minutes)
    session.save()


def asked(location: str) -> tuple[str, list[str]]:
    parts = urlsplit(location)
    return parts.path, parse_qs(parts.query)["next"]


def test_signing_in_is_a_proof(member: Client) -> None:
    assert member.post("/ballot/", {"vote": "yes"}).content == b"POST yes"
    grow_old(member, 14.9)
    assert member.get("/ballot/").content == b"GET "


def test_a_link_leads_to_the_question_and_back_to_the_page_that_it_stood_on(member: Client) -> None:
    grow_old(member)
    answer = member.get("/ballot/", headers={"Referer": "http://testserver/dossiers/?unit=330108"})
    assert asked(answer["Location"]) == ("/account/reauthenticate/", ["/dossiers/?unit=330108"])
    proved = member.post(answer["Location"], {"password": PASSWORD, "next": "/dossiers/?unit=330108"})
    assert proved["Location"] == "/dossiers/?unit=330108"
    assert member.get("/ballot/").content == b"GET "


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/page", "//elsewhere.example/"])
def test_nobody_is_led_out_of_the_house(member: Client, referer: str) -> None:
    grow_old(member)
    answer = member.get("/ballot/", headers={"Referer": referer})
    assert asked(answer["Location"]) == ("/account/reauthenticate/", ["/"])


def test_a_form_that_was_sent_is_sent_again_after_the_proof(member: Client) -> None:
    grow_old(member)
    answer = member.post("/ballot/", {"vote": "yes"})
    assert asked(answer["Location"]) == ("/account/reauthenticate/", ["/ballot/"])
    assert "请确认是您本人" in member.get(answer["Location"]).content.decode()
    assert member.post(answer["Location"], {"password": PASSWORD, "next": "/ballot/"}).content == b"POST yes"
    # once: whoever comes back later sees the page
    assert member.get("/ballot/").content == b"GET "


def test_a_fragment_sends_the_whole_page_to_the_question(member: Client) -> None:
    grow_old(member)
    answer = member.post(
        "/ballot/", {"vote": "yes"}, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/dossiers/7/"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert asked(answer["HX-Redirect"]) == ("/account/reauthenticate/", ["/dossiers/7/"])


def test_a_wrong_password_proves_nothing(member: Client) -> None:
    grow_old(member)
    member.post("/account/reauthenticate/", {"password": "wrong", "next": "/ballot/"})
    assert member.get("/ballot/").status_code == 302


def test_the_window_is_a_setting(member: Client, settings: LazySettings) -> None:
    settings.JIANGBANG_STEP_UP_MINUTES = 2
    grow_old(member, 3)
    assert member.get("/ballot/").status_code == 302


def test_whoever_came_by_link_and_has_no_key_is_told_what_to_do(client: Client, settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__
    client.force_login(create_account("guest", role=Role.CANDIDATE, password=None))
    assert client.get("/ballot/").content == b"GET "
    grow_old(client)
    answer = client.get("/ballot/")
    assert (answer.status_code, 'href="/account/password/set/"' in answer.content.decode()) == (403, True)
