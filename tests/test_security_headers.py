"""Headers where no address of the house answers: static files, what is not there, what fails, what is asked for in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from access_headers import ALWAYS, faults_of
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from jiangbang import urls
from jiangbang.web.headers import CONTENT_SECURITY_POLICY

HSTS = "max-age=31536000; includeSubDomains; preload"


def fails(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("fails/", fails), *urls.urlpatterns]


@pytest.fixture
def visitor(settings: LazySettings) -> Iterator[Client]:
    """A browser before a house that has one static file and an address that fails. Nothing here asks a database."""
    settings.ROOT_URLCONF = __name__
    kept = Path(settings.STATIC_ROOT) / "seen.0123456789ab.css"
    kept.write_text("p { color: red }", encoding="utf-8")
    yield Client(raise_request_exception=False)
    kept.unlink()


def test_a_static_file_bears_the_headers_too(visitor: Client) -> None:
    answer = visitor.get("/static/seen.0123456789ab.css")
    assert b"".join(answer.streaming_content) == b"p { color: red }"
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/fails/", 500), ("/static/nothing.css", 404)])
def test_what_fails_or_is_not_there_bears_them(visitor: Client, address: str, status: int) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (status, True)
    assert list(faults_of("none", answer, where=address)) == []


BESIDE = (
    *(
        "/.git/config",
        "/static/",
        "/static/../settings.py",
        "/static/%2e%2e/keys/fields.json",
        "/static/.env",
        "/keys/",
    ),
    *("/jiangbang.sqlite3", "/files/", "/p/hangzhou-digital-craftsman/2023/seen.css", "/account/login/seen.css"),
)


@pytest.mark.parametrize("address", BESIDE)
def test_nothing_but_the_house_is_served(visitor: Client, address: str) -> None:
    """No folder is listed, nothing beside the static files is there, and an address with something behind it is no page."""
    answer = visitor.get(address)
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (404, True)


def test_trace_is_not_answered(visitor: Client) -> None:
    answer = visitor.generic("TRACE", "/account/login/", headers={"X-Told": "back"})
    assert (answer.status_code, b"back" in answer.content) == (405, False)


def test_behind_tls_every_answer_insists_on_it(settings: LazySettings, visitor: Client) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    browser = Client(raise_request_exception=False)
    for address in ("/account/login/", "/healthz", "/nowhere/", "/fails/", "/static/seen.0123456789ab.css"):
        answer = browser.get(address, secure=True)
        assert answer.headers["Strict-Transport-Security"] == HSTS
        if answer.streaming:
            # not `close()`, which looks after database connections
            assert b"".join(answer.streaming_content)
    answer = browser.get("/account/login/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/account/login/")
