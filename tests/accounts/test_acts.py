"""Making accounts."""

from __future__ import annotations

import getpass
from unittest import mock

import pytest
from django.db import IntegrityError

from jiangbang.accounts.acts import console_account, create_account
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def test_an_account_has_its_role_and_stands_in_the_register() -> None:
    maker = create_account("maker", role=Role.SYSTEM, password=None)
    made = create_account(
        "li", role=Role.DISCIPLINE, password="a long password", display_name="李某", edition="p/2023", by=maker
    )
    assert made.check_password("a long password")
    assert list(Membership.objects.filter(user=made).values_list("role", "edition")) == [("discipline", "p/2023")]
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.actor, entry.edition, entry.subject, entry.facts) == (
        "account.created",
        f"user:{maker.pk}",
        "p/2023",
        f"user:{made.pk}",
        {"username": "li", "role": "discipline"},
    )


def test_the_register_never_holds_the_password() -> None:
    create_account("li", role=Role.ORGANISER, password="a long password")
    assert b"a long password" not in Entry.objects.latest("index").leaf()
    assert "a long password" not in User.objects.get().password


def test_the_first_account_is_recorded_as_made_by_itself() -> None:
    first = create_account("first", role=Role.ORGANISER, password=None)
    assert Entry.objects.get().actor == f"user:{first.pk}"


@pytest.mark.parametrize("password", [None, ""])
def test_without_a_password_nobody_can_sign_in(password: str | None) -> None:
    made = create_account("li", role=Role.ORGANISER, password=password)
    assert not made.has_usable_password()
    assert not made.check_password("")


def test_a_name_that_is_taken_is_refused_and_leaves_nothing() -> None:
    create_account("li", role=Role.ORGANISER, password=None)
    with pytest.raises(IntegrityError):
        create_account("li", role=Role.SYSTEM, password=None)


def test_a_failed_register_write_makes_no_account() -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        create_account("li", role=Role.ORGANISER, password=None)
    assert (User.objects.count(), Membership.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_the_console_acts_in_the_name_of_the_person_at_the_keyboard() -> None:
    account = console_account()
    assert account.username == f"console-{getpass.getuser()}"
    assert str(account) == f"{getpass.getuser()}（控制台）"
    assert not account.has_usable_password()
    assert console_account() == account
    assert (User.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize(("role", "may"), [(Role.ORGANISER, True), (Role.SYSTEM, True), (Role.DISCIPLINE, False)])
def test_only_the_office_and_the_system_administrator_make_accounts(role: Role, may: bool) -> None:
    maker = create_account("maker", role=role, password=None)
    if may:
        create_account("made", role=Role.AUDIT, password=None, by=maker)
    else:
        with pytest.raises(Refused) as refusal:
            create_account("made", role=Role.AUDIT, password=None, by=maker)
        assert refusal.value.code == "permission"
    assert User.objects.filter(username="made").exists() is may
