"""Who holds which role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import is_organiser, may_read_register, roles_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Organiser of one edition, auditor of all."""
    made = User.objects.create(username="li")
    Membership.objects.create(user=made, role=Role.ORGANISER, edition="p/2023")
    Membership.objects.create(user=made, role=Role.AUDIT, edition="")
    return made


def test_roles_of_the_edition_and_of_all_editions_count_together(user: User) -> None:
    assert roles_in(user, "p/2023") == {"organiser", "audit"}
    assert roles_in(user, "p/2024") == {"audit"}
    assert roles_in(user, "p/202") == {"audit"}


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
