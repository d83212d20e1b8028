"""Accounts and memberships as rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from jiangbang.accounts.models import Membership, Role, User

pytestmark = pytest.mark.django_db


def test_people_are_shown_by_name_and_else_by_account() -> None:
    assert str(User(username="li", display_name="李某")) == "李某"
    assert str(User(username="li")) == "li"


def test_one_role_is_held_once_in_an_edition() -> None:
    user = User.objects.create(username="li")
    held = Membership.objects.create(user=user, role=Role.ORGANISER, edition="p/2023")
    assert str(held) == "li: organiser p/2023"
    Membership.objects.create(user=user, role=Role.ORGANISER, edition="p/2024")
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        Membership.objects.create(user=user, role=Role.ORGANISER, edition="p/2023")
