"""Log lines: request, view and code on each, and nothing that leads to a person."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from jiangbang import logs
from jiangbang.logs import JsonLines, TextLines, asked

SECRET = "zhang-san-330106199001011234"


def _record(message: str, *args: object, exc_info: object = None) -> logging.LogRecord:
    return logging.LogRecord("jiangbang.queue", logging.WARNING, __file__, 1, message, args, exc_info)  # type: ignore[arg-type]


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Every line of whatever is logged, as collectors get it and as people read it."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend((JsonLines().format(record), TextLines().format(record)))

    handler, root = Kept(), logging.getLogger()
    root.addHandler(handler)
    token = asked.set(None)
    yield lines
    asked.reset(token)
    root.removeHandler(handler)


def test_a_line_is_one_json_object() -> None:
    line = JsonLines().format(_record("job %s failed\nfor good", 7))
    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == (
        "warning",
        "jiangbang.queue",
        "job 7 failed\nfor good",
    )
    assert read["time"].endswith("+00:00")
    assert "error" not in read


def test_an_error_brings_its_places_and_not_what_it_says() -> None:
    try:
        try:
            raise IntegrityError(f"Key (username)=({SECRET}) already exists.")
        except IntegrityError as error:
            raise LookupError(SECRET) from error
    except LookupError:
        record = _record("failed", exc_info=sys.exc_info())
    told = json.loads(JsonLines().format(record))["error"].splitlines()
    assert [line for line in told if not line.startswith("  ")] == ["IntegrityError", "LookupError"]
    assert re.search(r"test_logs\.py:\d+ test_an_error_brings_its_places", told[0])
    assert SECRET not in JsonLines().format(record) + TextLines().format(record)


@pytest.mark.django_db
def test_every_line_of_a_request_says_which_view_and_code_and_nobody_s_name(
    client: Client, written: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's place, a link, a wrong password, a method that is not allowed, a forged form, a fault of the program."""
    settings.JIANGBANG_PROXIES = 1
    client.raise_request_exception = False
    given = "0123456789abcdef" * 2
    client.get(f"/nobody/{SECRET}/", headers={"X-Request-ID": given})
    client.get(reverse("invitation", args=[SECRET]))
    client.post(reverse("account_login"), {"login": SECRET, "password": SECRET})
    client.post(reverse("health_alive"), {"name": SECRET}, headers={"X-Request-ID": SECRET})
    Client(enforce_csrf_checks=True).post(f"{reverse('verify')}?code={SECRET}", {"name": SECRET})
    monkeypatch.setattr("jiangbang.web.health._database_answers", lambda: {}[SECRET])
    client.get(reverse("health_ready"))
    seen = [json.loads(line) for line in written if line.startswith("{")]
    told = {(one["view"], one.get("code")) for one in seen}
    assert {("none", 404), ("health_alive", 405), ("verify", 403), ("health_ready", 500)} <= told
    assert [one for one in seen if not re.fullmatch(r"[0-9a-f]{32}", one["request"])] == []
    assert seen[0]["request"] == given
    assert {one["message"] for one in seen if one["logger"] == "django.request"} >= {"Not Found: …"}
    assert [line for line in written if SECRET in line] == []


def test_without_a_request_a_line_stands_alone(written: list[str]) -> None:
    logging.getLogger("jiangbang.queue").warning("job %d was taken over", 7)
    assert logs.asked.get() is None
    assert json.loads(written[0])["message"] == "job 7 was taken over"
    assert not {"request", "view", "code"} & set(json.loads(written[0]))
    assert written[1].endswith("WARNING jiangbang.queue job 7 was taken over")
