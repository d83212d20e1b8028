"""What the log says of people coming, going and failing."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from jiangbang.accounts import sessions, watch
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.gate import Gate
from jiangbang.accounts.models import Role, User

pytestmark = pytest.mark.django_db
PASSWORD = "right password of the office"


def test_each_step_is_a_line_and_none_names_anybody(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.JIANGBANG_MFA_ROLES = ()
    pk = create_account("lixiaoming", role=Role.SYSTEM, password=PASSWORD).pk
    caplog.set_level("INFO", "jiangbang.watch")
    client = Client(REMOTE_ADDR="198.51.100.7")
    for password in (*["wrong"] * 5, PASSWORD):
        client.post("/account/login/", {"login": "lixiaoming", "password": password})
    other = Client(REMOTE_ADDR="198.51.100.8")
    other.post("/account/login/", {"login": "lixiaoming", "password": PASSWORD})
    refused = RequestFactory().get("/outbox/")
    refused.user = User.objects.get()
    refused.session = {sessions.BEGAN_KEY: time.time(), sessions.SEEN_KEY: time.time()}  # type: ignore[assignment]
    Gate(lambda _: HttpResponse(status=403))(refused)
    other.post("/account/logout/")
    here, there = watch.mark("198.51.100.7", "network"), watch.mark("198.51.100.8", "network")
    name = watch.mark("LiXiaoMing ", "name")
    said = [one.getMessage() for one in caplog.records if one.name == "jiangbang.watch"]
    assert said == [
        *[f"sign-in failed: name {name} from network {here}"] * 5,
        f"sign-in refused: name {name} from network {here} waits 1 min",
        f"signed in: account {pk} by password from network {there}",
        f"access refused: account {pk}, GET none",
        f"signed out: account {pk}",
    ]
    assert not re.search(r"lixiaoming|198\.51|wrong|right", "\n".join(said))


def test_a_line_cannot_be_forged_by_what_was_typed() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", watch.mark("x\n2026-01-01 INFO jiangbang.watch signed in: account 1", "name"))
