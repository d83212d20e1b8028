"""Accounts and memberships as rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiangbang.accounts.models import Invitation, Membership, Role, User

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


@pytest.mark.parametrize("first", [Role.ORGANISER, Role.SECURITY, Role.UNIT])
def test_the_database_refuses_an_administrator_a_second_role(first: Role) -> None:
    user = User.objects.create(username="li")
    Membership.objects.create(user=user, role=first, edition="p/2023")
    with transaction.atomic(), pytest.raises(IntegrityError, match="holds no other role"), transaction.atomic():
        Membership.objects.create(user=user, role=Role.SYSTEM)
    expert = Membership.objects.create(user=User.objects.create(username="wu"), role=Role.SYSTEM)
    with transaction.atomic(), pytest.raises(IntegrityError, match="holds no other role"), transaction.atomic():
        Membership.objects.filter(pk=expert.pk).update(user=user)
    Membership.objects.create(user=expert.user, role=Role.SYSTEM, edition="p/2023")


def test_an_invitation_cannot_be_both_used_and_revoked_nor_used_by_nobody() -> None:
    user = User.objects.create(username="li")
    now = timezone.now()
    kept = {"wrapped_key": b"", "sealed": b"", "invited_by": user, "made_at": now, "expires_at": now, "role": "unit"}
    for name, times in (
        ("has_account", {"used_at": now}),
        ("used_or_revoked", {"used_at": now, "revoked_at": now, "account": user}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Invitation.objects.create(token_sha256=name, **kept, **times)
