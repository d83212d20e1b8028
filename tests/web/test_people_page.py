"""The people of an edition."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.invitations import accept, addressee, invite
from jiangbang.accounts.models import Invitation, Membership, Role, User
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db
HERE = "hangzhou-digital-craftsman/2023"


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:  # noqa: F811
    client.force_login(cast.organiser)
    return client


@pytest.fixture
def wu(db: None) -> User:
    return create_account("wu", role=Role.EXPERT, password=None, display_name="吴专家", edition=HERE)


def test_people_are_listed_with_their_roles(office: Client, wu: User) -> None:
    Membership.objects.create(user=wu, role=Role.UNIT, edition=HERE, scope="330108")
    page = office.get("/people/").content.decode()
    assert [word for word in ("吴专家", "专家", "滨江区总工会", "discipline", "system") if word not in page] == []
    assert "stranger" not in page


def test_people_are_filtered_by_role_and_found_by_name(office: Client, wu: User) -> None:
    for query, shown in (("?role=expert", True), ("?role=member", False), ("?q=吴", True), ("?q=zzz", False)):
        page = office.get(f"/people/{query}").content.decode()
        assert (query, "吴专家" in page) == (query, shown)
    assert "没有符合条件的人员" in office.get("/people/?q=zzz").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_nine_queries_however_many_people(
    office: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        create_account(f"expert{number}", role=Role.EXPERT, password=None, edition=HERE)
    office.get("/people/")
    with django_assert_num_queries(9):
        office.get("/people/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_invitations_ask_nine_queries_however_many(
    office: Client,
    cast: Cast,  # noqa: F811
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        invite(role=Role.EXPERT, edition=HERE, name=f"专家{number}", by=cast.organiser)
    office.get("/people/invitations/")
    with django_assert_num_queries(9):
        office.get("/people/invitations/")


def test_administrators_are_not_shown_who_is_nominated(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    nominee = create_account("nominee", role=Role.CANDIDATE, password=None, display_name="候选某", edition=HERE)
    _made, token = invite(role=Role.CANDIDATE, edition=HERE, name="受邀某", by=cast.organiser)
    for who, shown in ((cast.organiser, True), (cast.system, False)):
        client.force_login(who)
        assert ("候选某" in client.get("/people/").content.decode()) is shown
        assert ("受邀某" in client.get("/people/invitations/").content.decode()) is shown
        assert client.get(f"/people/{nominee.pk}/").status_code == (200 if shown else 404)
    assert token


def test_a_role_is_given_and_withdrawn(office: Client, wu: User) -> None:
    office.post(f"/people/{wu.pk}/roles/", {"role": "unit", "unit": "330108"})
    held = Membership.objects.get(user=wu, role=Role.UNIT)
    assert (held.edition, held.scope) == (HERE, "330108")
    assert "滨江区总工会" in office.get(f"/people/{wu.pk}/").content.decode()
    office.post(f"/people/roles/{held.pk}/withdraw/")
    assert not Membership.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"role": "unit"}, "请选择此人代表的推荐单位"),
        ({"role": "unit", "unit": "999"}, "请选择此人代表的推荐单位"),
        ({"role": "department"}, "请写明此人所在的部门"),
        ({"role": "nonsense"}, "请选择角色"),
        ({"role": "candidate"}, "请选择角色"),
        ({}, "请选择角色"),
        ({"role": "organiser"}, "您不能授予这一角色"),
    ],
)
def test_a_role_that_cannot_be_given_says_why(office: Client, wu: User, sent: dict[str, str], sentence: str) -> None:
    page = office.post(f"/people/{wu.pk}/roles/", sent, follow=True).content.decode()
    assert (sentence in page, wu.memberships.count()) == (True, 1)


def test_nobody_changes_his_own_roles(office: Client, cast: Cast) -> None:  # noqa: F811
    office.post(f"/people/{cast.organiser.pk}/roles/", {"role": "expert"})
    office.post(f"/people/roles/{cast.organiser.memberships.get().pk}/withdraw/")
    assert list(cast.organiser.memberships.values_list("role", flat=True)) == ["organiser"]


def test_a_person_of_another_edition_is_not_there(office: Client) -> None:
    other = create_account("other", role=Role.EXPERT, password=None, edition="hangzhou-digital-craftsman/2024")
    assert office.get(f"/people/{other.pk}/").status_code == 404
    assert office.post(f"/people/roles/{other.memberships.get().pk}/withdraw/").status_code == 404


def test_an_account_is_closed_and_reopened_by_an_administrator(
    client: Client,
    cast: Cast,  # noqa: F811
    wu: User,
    edition: Edition,  # noqa: F811
) -> None:
    client.force_login(cast.system)
    client.post(f"/people/{wu.pk}/close/")
    assert not User.objects.get(pk=wu.pk).is_active
    assert "账号已停用" in client.get(f"/people/{wu.pk}/").content.decode()
    client.post(f"/people/{wu.pk}/reopen/")
    assert User.objects.get(pk=wu.pk).is_active


def test_the_link_is_shown_once_and_lets_in(office: Client) -> None:
    sent = {"name": "赵评审", "address": "zhao@example.cn", "role": "expert", "days": "3"}
    page = office.post("/people/invite/", sent).content.decode()
    found = re.search(r'value="http://testserver/invitation/([\w-]{43})/"', page)
    assert found is not None
    made = Invitation.objects.get()
    assert (addressee(made).name, made.role, made.edition) == ("赵评审", "expert", HERE)
    assert timedelta(days=2) < made.expires_at - timezone.now() <= timedelta(days=3)
    pages = [office.get(path).content.decode() for path in ("/people/invite/", "/people/invitations/")]
    assert [found[1] in one for one in pages] == [False, False]
    assert "赵评审" in pages[1]
    assert str(accept(found[1])[1]) == "赵评审"
    assert "赵评审" not in office.get("/people/invitations/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "请写明邀请谁"),
        ({"name": "x" * 101}, "请写明邀请谁"),
        ({"days": "365"}, "请选择链接的有效期"),
        ({"role": "system", "days": "3"}, ""),
        ({"role": "organiser"}, "您不能邀请人担任这一角色"),
    ],
)
def test_what_is_wrong_in_an_invitation_is_said_and_the_input_stays(
    office: Client, changed: dict[str, str], sentence: str
) -> None:
    sent = {"name": "赵评审", "role": "expert", "days": "7", "address": "13900000000", **changed}
    page = office.post("/people/invite/", sent).content.decode()
    # the cast has a system administrator, so that the office may name no other
    assert Invitation.objects.count() == 0
    assert sentence in page
    assert 'value="13900000000"' in page


def test_an_invitation_is_taken_back(office: Client, cast: Cast) -> None:  # noqa: F811
    made, _token = invite(role=Role.EXPERT, edition=HERE, name="某人", by=cast.organiser)
    office.post(f"/people/invitations/{made.pk}/revoke/")
    made.refresh_from_db()
    assert made.revoked_at is not None
    assert "没有未接受的邀请" in office.get("/people/invitations/").content.decode()
