"""Who may do what in the screening stage."""

from __future__ import annotations

import pytest

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.programme.models import Edition
from jiangbang.screening import policy

pytestmark = pytest.mark.django_db

RIGHTS = (
    "may_see_screening",
    "may_screen",
    "may_assign_screeners",
    "may_waive",
    "may_send_letters",
    "may_keep_lists",
)
HELD = {
    Role.ORGANISER: (True,) * len(RIGHTS),
    Role.SCREENER: (True, True, False, False, False, False),
    Role.DISCIPLINE: (True, False, False, False, False, False),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_holds_its_rights_in_its_edition_only(role: Role) -> None:
    user = User.objects.create(username="li")
    Membership.objects.create(user=user, role=role, edition="p/2023")
    for slug, expected in (("2023", HELD.get(role, (False,) * len(RIGHTS))), ("2024", (False,) * len(RIGHTS))):
        edition = Edition(programme="p", slug=slug)
        assert tuple(getattr(policy, name)(user, edition) for name in RIGHTS) == expected
    assert set(RIGHTS) == {name for name in vars(policy) if name.startswith("may_")}
