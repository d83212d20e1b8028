"""What every answer of the house carries, and the pages of errors."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang import urls
from jiangbang.programme.models import Edition
from jiangbang.web.headers import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY

ON_EVERY_ANSWER = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}


def fails(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


# the house's addresses, and one that fails
urlpatterns = [path("fails/", fails), *urls.urlpatterns]


def carried(answer: HttpResponse) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in ON_EVERY_ANSWER}


@pytest.fixture
def answers(cast: Cast, edition: Edition, settings: LazySettings) -> dict[str, HttpResponse]:  # noqa: F811
    """One answer of each status."""
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(cast.organiser)
    closed = Client()
    closed.force_login(cast.system)
    return {
        "200": client.get("/"),
        "302": Client().get("/"),
        "400": client.get("/", SERVER_NAME="elsewhere.example"),
        "403": closed.get("/dossiers/"),
        "403 csrf": client.post("/edition/"),
        "404": client.get("/nowhere/"),
        "405": client.get("/packets/receive/"),
        "500": client.get("/fails/"),
    }


@pytest.mark.django_db
def test_every_answer_carries_the_headers_of_the_house(answers: dict[str, HttpResponse]) -> None:
    assert {name: str(answer.status_code) for name, answer in answers.items()} == {name: name[:3] for name in answers}
    assert {name: carried(answer) for name, answer in answers.items()} == dict.fromkeys(answers, ON_EVERY_ANSWER)


@pytest.mark.django_db
def test_no_answer_is_kept_by_a_shared_cache(answers: dict[str, HttpResponse]) -> None:
    kept = {name for name, answer in answers.items() if "no-store" not in answer.headers["Cache-Control"]}
    assert kept == set()


@pytest.mark.django_db
def test_every_error_is_a_page_that_says_what_to_do(answers: dict[str, HttpResponse]) -> None:
    pages = {name: answer.content.decode() for name, answer in answers.items() if name[0] in "45" and name != "405"}
    assert {name: name[:3] in page and 'href="/"' in page for name, page in pages.items()} == dict.fromkeys(pages, True)
    assert "Traceback" not in pages["500"]
    assert "ZeroDivisionError" not in pages["500"]


def test_errors_are_shown_without_a_database(client: Client, settings: LazySettings) -> None:
    """Any query would fail here: this test asks for no database."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    missing, failed = client.get("/nowhere/"), client.get("/fails/")
    assert (missing.status_code, "没有这一页" in missing.content.decode()) == (404, True)
    assert (failed.status_code, "500" in failed.content.decode()) == (500, True)


def test_errors_speak_the_language_of_the_reader(client: Client) -> None:
    client.cookies["jiangbang_language"] = "en"
    page = client.get("/nowhere/").content.decode()
    assert '<html lang="en">' in page
    assert "There is no such page" in page


def test_the_host_that_was_not_named_is_refused(client: Client) -> None:
    assert client.get("/account/login/", SERVER_NAME="elsewhere.example").status_code == 400


def test_behind_tls_every_address_is_asked_for_by_tls(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    answer = client.get("/dossiers/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/dossiers/")
    assert "max-age=31536000" in client.get("/nowhere/", secure=True)["Strict-Transport-Security"]
