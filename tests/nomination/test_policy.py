"""Who may do what in the recommendation stage."""

from __future__ import annotations

import pytest

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination import policy
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db

RIGHTS = ("may_receive_packets", "may_accept_late", "may_read_dossiers", "may_reveal", "may_export")
HELD = {
    Role.ORGANISER: (True, True, True, True, True),
    Role.SCREENER: (False, False, True, True, False),
    Role.DISCIPLINE: (False, False, True, True, False),
}
NONE = (False,) * 5


def rights(user: User, edition: Edition) -> tuple[bool, ...]:
    return tuple(getattr(policy, name)(user, edition) for name in RIGHTS)


@pytest.mark.parametrize("role", Role)
def test_each_role_holds_its_rights_in_its_edition_only(role: Role) -> None:
    user = User.objects.create(username="li")
    Membership.objects.create(user=user, role=role, edition="p/2023")
    assert rights(user, Edition(programme="p", slug="2023")) == HELD.get(role, NONE)
    assert rights(user, Edition(programme="p", slug="2024")) == NONE


def test_who_has_no_role_and_who_was_closed_hold_none() -> None:
    user = User.objects.create(username="li")
    assert rights(user, Edition(programme="p", slug="2023")) == NONE
    Membership.objects.create(user=user, role=Role.ORGANISER)
    closed = User.objects.get(pk=user.pk)
    closed.is_active = False
    assert rights(closed, Edition(programme="p", slug="2023")) == NONE
    assert {*RIGHTS, "may_declare_facts", "may_bring"} == {name for name in vars(policy) if name.startswith("may_")}


@pytest.mark.parametrize("role", Role)
def test_facts_are_declared_by_the_office_and_by_the_persons_own_unit(role: Role) -> None:
    user, edition = User.objects.create(username="li"), Edition(programme="p", slug="2023")
    Membership.objects.create(user=user, role=role, edition="p/2023", scope="330108" if role == Role.UNIT else "")
    own = role in (Role.ORGANISER, Role.SCREENER, Role.UNIT)
    assert policy.may_declare_facts(user, edition, "330108") is own
    assert policy.may_declare_facts(user, edition, "330106") is (own and role != Role.UNIT)
    assert policy.may_declare_facts(user, Edition(programme="p", slug="2024"), "330108") is False


@pytest.mark.parametrize("role", Role)
def test_packets_are_brought_by_the_office_and_by_their_own_unit(role: Role) -> None:
    user, edition = User.objects.create(username="li"), Edition(programme="p", slug="2023")
    Membership.objects.create(user=user, role=role, edition="p/2023", scope="330108" if role == Role.UNIT else "")
    assert policy.may_bring(user, edition, "330108") is (role in (Role.ORGANISER, Role.UNIT))
    assert policy.may_bring(user, edition, "330106") is (role == Role.ORGANISER)
    assert policy.may_bring(user, edition, "") is (role == Role.ORGANISER)
