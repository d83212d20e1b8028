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
    Role.DISCIPLINE: (False, False, True, True, False),
    Role.SYSTEM: (False,) * 5,
    Role.SECURITY: (False,) * 5,
    Role.AUDIT: (False,) * 5,
}


def rights(user: User, edition: Edition) -> tuple[bool, ...]:
    return tuple(getattr(policy, name)(user, edition) for name in RIGHTS)


@pytest.mark.parametrize("role", Role)
def test_each_role_holds_its_rights_in_its_edition_only(role: Role) -> None:
    user = User.objects.create(username="li")
    Membership.objects.create(user=user, role=role, edition="p/2023")
    assert rights(user, Edition(programme="p", slug="2023")) == HELD[role]
    assert rights(user, Edition(programme="p", slug="2024")) == (False,) * 5


def test_who_has_no_role_and_who_was_closed_hold_none() -> None:
    user = User.objects.create(username="li")
    assert rights(user, Edition(programme="p", slug="2023")) == (False,) * 5
    Membership.objects.create(user=user, role=Role.ORGANISER)
    closed = User.objects.get(pk=user.pk)
    closed.is_active = False
    assert rights(closed, Edition(programme="p", slug="2023")) == (False,) * 5
    assert set(RIGHTS) == {name for name in vars(policy) if name.startswith("may_")}
