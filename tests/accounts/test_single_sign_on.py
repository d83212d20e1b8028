"""Single sign-on against a real OpenID Connect provider, in a process of its own on a free port."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.test import Client

from jiangbang.accounts.acts import close_account, create_account
from jiangbang.accounts.invitations import invite
from jiangbang.accounts.models import Role, User
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
PEOPLE = (
    {"sub": "s-lin", "preferred_username": "Lin", "email": "lin@example.cn", "email_verified": True, "name": "林某"},
    {"sub": "s-mallory", "preferred_username": "mallory", "email": "lin@example.cn", "email_verified": False},
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    claims = [part for one in PEOPLE for part in ("--user-claims", json.dumps(one))]
    command = [str(Path(sys.executable).with_name("oidc-provider-mock")), "--port", str(port), *claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base, until = f"http://localhost:{port}", time.monotonic() + 60
    try:
        while time.monotonic() < until:
            assert process.poll() is None, "the provider ended at once"
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{base}/.well-known/openid-configuration", timeout=5).close()
                break
            time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def provider(issuer: str, settings: LazySettings) -> str:
    point_at(issuer, settings)
    return issuer


def point_at(issuer: str, settings: LazySettings) -> None:
    app = {
        "provider_id": "sso",
        "name": "SSO",
        "client_id": "jiangbang",
        "secret": "a secret",
        "settings": {"server_url": issuer},
    }
    settings.JIANGBANG_OIDC_ISSUER = issuer
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def vouch(client: Client, start: Any, subject: str) -> Any:
    """Follow the way to the provider, say there who one is, and come back."""
    assert start.status_code == 302
    assert {"code_challenge_method=S256", "client_id=jiangbang"} <= set(urlsplit(start["Location"]).query.split("&"))
    answer = requests.post(start["Location"], data={"sub": subject}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/account/sso/sso/back/"
    return client.get(f"{back.path}?{back.query}")


def signed_in(client: Client) -> str:
    return str(User.objects.get(pk=client.session["_auth_user_id"])) if "_auth_user_id" in client.session else ""


def through(client: Client, subject: str = "s-lin", **query: str) -> Any:
    return vouch(client, client.post(f"/account/sso/sso/?{urlencode(query)}"), subject)


def test_a_stranger_gets_no_account(client: Client, provider: str) -> None:
    answer = through(client)
    assert (answer.status_code, "此处没有账号" in answer.content.decode()) == (403, True)
    assert (User.objects.count(), signed_in(client)) == (0, "")


def test_an_invitation_taken_up_through_the_provider_ties_the_account(client: Client, provider: str) -> None:
    office = create_account("office", role=Role.ORGANISER, password=None)
    _made, token = invite(role=Role.EXPERT, edition="p/2023", name="林专家", by=office)
    answer = vouch(client, client.post(f"/invitation/{token}/", {"as": "sso"}), "s-lin")
    assert (answer["Location"], signed_in(client)) == ("/", "林专家")
    tied = SocialAccount.objects.get()
    # of the claims only the subject is kept
    assert (tied.uid, tied.extra_data) == ("s-lin", {})
    assert Entry.objects.latest("index").facts == {"kind": "sso"}
    again = Client()
    through(again)
    assert signed_in(again) == "林专家"
    assert User.objects.count() == 2


def test_whoever_is_signed_in_ties_his_own_account(client: Client, provider: str) -> None:
    li = create_account("li", role=Role.EXPERT, password=None)
    client.force_login(li)
    assert through(client, process="connect")["Location"] == "/account/"
    again = Client()
    through(again)
    assert signed_in(again) == "li"


def test_a_claim_is_believed_only_where_the_operator_names_it(
    client: Client, provider: str, settings: LazySettings
) -> None:
    create_account("lin", role=Role.EXPERT, password=None)
    assert through(client).status_code == 403
    settings.JIANGBANG_OIDC_CLAIM = "preferred_username"
    assert through(client)["Location"] == "/"
    assert signed_in(client) == "lin"


def test_an_address_that_nobody_verified_is_not_believed(client: Client, provider: str, settings: LazySettings) -> None:
    create_account("lin@example.cn", role=Role.EXPERT, password=None)
    settings.JIANGBANG_OIDC_CLAIM = "email"
    assert through(client, "s-mallory").status_code == 403
    assert through(client, "s-lin")["Location"] == "/"


def test_a_closed_account_stays_closed(client: Client, provider: str, settings: LazySettings) -> None:
    lin = create_account("lin", role=Role.EXPERT, password=None)
    settings.JIANGBANG_OIDC_CLAIM = "preferred_username"
    through(client)
    close_account(lin, by=create_account("guard", role=Role.SECURITY, password=None))
    again = Client()
    assert through(again)["Location"] == "/account/inactive/"
    assert signed_in(again) == ""


def test_a_state_of_another_browser_is_refused(client: Client, provider: str) -> None:
    start = client.post("/account/sso/sso/")
    answer = requests.post(start["Location"], data={"sub": "s-lin"}, allow_redirects=False, timeout=20)
    back = urlsplit(answer.headers["Location"])
    told = Client().get(f"{back.path}?{back.query}")
    assert (told.status_code, "单点登录未成功" in told.content.decode()) == (502, True)


def test_a_provider_that_does_not_answer_is_a_page(client: Client, settings: LazySettings) -> None:
    point_at(f"http://localhost:{free_port()}", settings)
    answer = client.post("/account/sso/sso/")
    assert (answer.status_code, "没有响应" in answer.content.decode()) == (502, True)


def test_without_an_issuer_there_is_no_single_sign_on(client: Client) -> None:
    assert client.post("/account/sso/sso/").status_code == 404
    assert "sso/sso" not in client.get("/account/login/").content.decode()
