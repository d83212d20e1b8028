"""The page behind an invitation's link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.invitations import invite, revoke
from jiangbang.accounts.models import Invitation, Membership, Role, User
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(cast: Cast, edition: Edition) -> str:  # noqa: F811
    return made(cast, edition)


def made(cast: Cast, edition: Edition, role: Role = Role.UNIT) -> str:  # noqa: F811
    _found, token = invite(role=role, edition=edition.key, scope="330108", name="王五", by=cast.organiser)
    return f"/invitation/{token}/"


def signed_in(client: Client) -> str:
    return str(User.objects.get(pk=client.session["_auth_user_id"])) if "_auth_user_id" in client.session else ""


def test_looking_at_a_link_says_who_invites_to_what_and_uses_nothing(client: Client, link: str) -> None:
    for _ in range(2):
        answer = client.get(link)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert [word for word in ("王五", "滨江区总工会", "推荐单位", "organiser") if word not in page] == []
    assert (Invitation.objects.get().used_at, signed_in(client)) == (None, "")
    assert "no-store" in answer["Cache-Control"]


def test_the_button_lets_in_to_the_edition(client: Client, link: str, edition: Edition) -> None:  # noqa: F811
    answer = client.post(link)
    assert (answer.status_code, answer["Location"], signed_in(client)) == (302, "/", "王五")
    assert client.session["edition"] == edition.key


def test_a_second_look_leads_in_for_its_owner_and_nowhere_for_others(client: Client, link: str) -> None:
    client.post(link)
    assert client.get(link)["Location"] == "/"
    other = Client()
    answer = other.get(link)
    assert (answer.status_code, "已经使用" in answer.content.decode()) == (410, True)
    assert other.post(link).status_code == 410
    assert Membership.objects.filter(role="unit").count() == 1


def test_whoever_is_signed_in_is_asked(client: Client, link: str, cast: Cast) -> None:  # noqa: F811
    client.force_login(cast.stranger)
    page = client.get(link).content.decode()
    assert 'value="me"' in page
    assert 'value="new"' in page
    client.post(link, {"as": "me"})
    assert list(cast.stranger.memberships.values_list("role", flat=True)) == ["unit"]
    assert signed_in(client) == "stranger"


def test_somebody_else_at_the_same_browser_gets_an_account_of_his_own(client: Client, link: str, cast: Cast) -> None:  # noqa: F811
    client.force_login(cast.stranger)
    client.post(link, {"as": "new"})
    assert (signed_in(client), cast.stranger.memberships.count()) == ("王五", 0)


def test_an_administrator_is_told_to_sign_out_first(client: Client, link: str, cast: Cast) -> None:  # noqa: F811
    client.force_login(cast.system)
    answer = client.post(link, {"as": "me"})
    assert (answer.status_code, Invitation.objects.get().used_at) == (409, None)


@pytest.mark.parametrize(("state", "status"), [("expired", 410), ("revoked", 410), ("unknown", 404)])
def test_a_link_that_does_not_open_says_what_to_do(
    client: Client,
    link: str,
    cast: Cast,  # noqa: F811
    state: str,
    status: int,
) -> None:
    if state == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif state == "revoked":
        revoke(Invitation.objects.get(), by=cast.organiser)
    else:
        link = "/invitation/" + "x" * 43 + "/"
    for answer in (client.get(link), client.post(link)):
        page = answer.content.decode()
        assert (answer.status_code, "打不开" in page, 'href="/account/login/"' in page) == (status, True, True)
        assert ("organiser" in page) is (state != "unknown")


def test_a_link_of_a_person_names_no_candidacy(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    assert "330108" not in client.get(made(cast, edition, Role.CANDIDATE)).content.decode()
