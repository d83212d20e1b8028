"""Who holds which role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import (
    clashes,
    grantable,
    hidden_roles,
    is_organiser,
    may_close_accounts,
    may_grant,
    may_invite,
    may_read_register,
    may_see_people,
    roles_in,
    scopes_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Organiser of one edition, discipline office of all."""
    made = User.objects.create(username="li")
    Membership.objects.create(user=made, role=Role.ORGANISER, edition="p/2023")
    Membership.objects.create(user=made, role=Role.DISCIPLINE, edition="")
    return made


def test_roles_of_the_edition_and_of_all_editions_count_together(user: User) -> None:
    assert roles_in(user, "p/2023") == {"organiser", "discipline"}
    assert roles_in(user, "p/2024") == {"discipline"}
    assert roles_in(user, "p/202") == {"discipline"}


def test_who_has_no_role_is_a_stranger() -> None:
    assert roles_in(User.objects.create(username="stranger"), "p/2023") == frozenset()


def test_a_closed_account_and_a_visitor_have_no_role(user: User) -> None:
    user.is_active = False
    assert roles_in(user, "p/2023") == frozenset()
    assert roles_in(AnonymousUser(), "p/2023") == frozenset()  # type: ignore[arg-type]


def test_roles_are_asked_for_once(user: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        roles_in(user, "p/2023")
        roles_in(user, "p/2024")


@pytest.mark.parametrize(
    ("role", "organises", "reads"),
    [
        (Role.ORGANISER, True, True),
        (Role.DISCIPLINE, False, True),
        (Role.AUDIT, False, True),
        (Role.SYSTEM, False, False),
        (Role.SECURITY, False, False),
    ],
)
def test_each_role_may_what_its_office_is_for(role: Role, organises: bool, reads: bool) -> None:
    user = User.objects.create(username="li")
    Membership.objects.create(user=user, role=role, edition="p/2023")
    assert (is_organiser(user, "p/2023"), may_read_register(user, "p/2023")) == (organises, reads)
    assert (is_organiser(user, "p/2024"), may_read_register(user, "p/2024")) == (False, False)


def test_scopes_are_those_of_the_role_in_the_edition(user: User) -> None:
    for scope, edition in (("330108", "p/2023"), ("330106", "p/2024"), ("", "p/2023")):
        Membership.objects.create(user=user, role=Role.UNIT, edition=edition, scope=scope)
    assert scopes_in(user, "p/2023", Role.UNIT) == {"330108"}
    assert scopes_in(user, "p/2023", Role.EMPLOYER) == frozenset()
    assert scopes_in(AnonymousUser(), "p/2023", Role.UNIT) == frozenset()  # type: ignore[arg-type]


def holder(role: Role, edition: str = "p/2023") -> User:
    made = User.objects.create(username=f"{role}-{edition}")
    Membership.objects.create(user=made, role=role, edition=edition)
    return made


OFFICE_GIVES = {"screener", "unit", "candidate", "employer", "expert", "department", "member", "discipline"}


@pytest.mark.parametrize(
    ("role", "gives"),
    [
        (Role.ORGANISER, OFFICE_GIVES | {"system", "security", "audit"}),
        (Role.SYSTEM, {"organiser", "discipline", "system", "security", "audit"}),
        (Role.UNIT, {"candidate", "employer"}),
        (Role.CANDIDATE, {"employer"}),
        *[(role, set()) for role in Role if role not in ("organiser", "system", "unit", "candidate")],
    ],
)
def test_each_role_gives_its_own_roles_in_its_own_edition(role: Role, gives: set[str]) -> None:
    user = holder(role)
    assert grantable(user, "p/2023") == gives
    assert grantable(user, "p/2024") == grantable(user, "") == frozenset()
    assert {given.value for given in Role if may_grant(user, given, "p/2023")} == gives


def test_the_office_names_administrators_only_while_there_are_none() -> None:
    office = holder(Role.ORGANISER, "")
    assert may_grant(office, Role.SYSTEM, "")
    holder(Role.SYSTEM, "")
    assert {role.value for role in grantable(office, "") & {Role.SYSTEM, Role.SECURITY, Role.AUDIT}} == {
        "security",
        "audit",
    }


@pytest.mark.parametrize(
    ("role", "held", "clash"),
    [
        (Role.SYSTEM, [Role.ORGANISER], True),
        (Role.ORGANISER, [Role.AUDIT], True),
        (Role.SECURITY, [Role.SYSTEM], True),
        (Role.EXPERT, [Role.SECURITY], True),
        (Role.SYSTEM, [Role.SYSTEM], False),
        (Role.SYSTEM, [], False),
        (Role.EXPERT, [Role.MEMBER, Role.ORGANISER], False),
    ],
)
def test_an_administrator_holds_nothing_else(role: Role, held: list[Role], clash: bool) -> None:
    assert clashes(role, held) is clash
    assert clashes(role.value, [other.value for other in held]) is clash


@pytest.mark.parametrize("role", list(Role))
def test_people_are_seen_invited_and_shut_out_by_whose_office_it_is(role: Role) -> None:
    user = holder(role)
    told = [predicate(user, "p/2023") for predicate in (may_see_people, may_invite, may_close_accounts)]
    assert told == {
        "organiser": [True, True, False],
        "discipline": [True, False, False],
        "system": [True, True, True],
        "security": [True, False, True],
        "audit": [True, False, False],
    }.get(role.value, [False, False, False])
    administers = role in (Role.SYSTEM, Role.SECURITY, Role.AUDIT)
    assert hidden_roles(user, "p/2023") == ({"candidate", "employer"} if administers else frozenset())
