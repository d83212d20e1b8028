"""Making accounts."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError

from jiangbang.accounts.acts import (
    close_account,
    console_account,
    create_account,
    grant_role,
    reopen_account,
    withdraw_role,
)
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import roles_in
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
def test_accounts_are_made_by_whoever_may_give_their_role(role: Role, may: bool) -> None:
    maker = create_account("maker", role=role, password=None)
    if may:
        create_account("made", role=Role.AUDIT, password=None, by=maker)
    else:
        assert refused(create_account, "made", role=Role.AUDIT, password=None, by=maker) == "permission"
    assert User.objects.filter(username="made").exists() is may


def refused(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The code with which an act refuses; it leaves no entry."""
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert Entry.objects.count() == before
    return refusal.value.code


@pytest.fixture
def office(db: None) -> User:
    return create_account("office", role=Role.ORGANISER, password=None, edition="p/2023")


@pytest.fixture
def wu(db: None) -> User:
    return create_account("wu", role=Role.EXPERT, password=None, edition="p/2023")


def test_a_role_is_given_and_stands_in_the_register(office: User, wu: User) -> None:
    held = grant_role(wu, role=Role.UNIT, edition="p/2023", scope="330108", by=office)
    assert roles_in(User.objects.get(pk=wu.pk), "p/2023") == {"expert", "unit"}
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.actor, entry.edition, entry.subject, entry.facts) == (
        "role.granted",
        f"user:{office.pk}",
        "p/2023",
        f"user:{wu.pk}",
        {"role": "unit", "scope": "330108"},
    )
    assert grant_role(wu, role=Role.UNIT, edition="p/2023", scope="330108", by=office) == held
    assert Entry.objects.latest("index") == entry


def test_a_role_that_may_not_be_given_is_refused(office: User, wu: User) -> None:
    system = create_account("system", role=Role.SYSTEM, password=None)
    assert refused(grant_role, wu, role=Role.ORGANISER, edition="p/2023", by=office) == "permission"
    assert refused(grant_role, wu, role=Role.MEMBER, edition="p/2024", by=office) == "permission"
    assert refused(grant_role, office, role=Role.EXPERT, edition="p/2023", by=office) == "self"
    assert refused(grant_role, system, role=Role.ORGANISER, edition="p/2023", by=system) == "self"
    assert refused(grant_role, wu, role=Role.SECURITY, edition="", by=system) == "clash"
    assert refused(grant_role, system, role=Role.EXPERT, edition="p/2023", by=office) == "clash"
    assert Membership.objects.count() == 3


def test_a_role_is_withdrawn_once(office: User, wu: User) -> None:
    held = wu.memberships.get()
    withdraw_role(held, by=office)
    assert not wu.memberships.exists()
    assert (Entry.objects.latest("index").type, Entry.objects.latest("index").facts) == (
        "role.withdrawn",
        {"role": "expert", "scope": ""},
    )
    count = Entry.objects.count()
    withdraw_role(held, by=office)
    assert Entry.objects.count() == count


def test_a_role_that_is_not_ones_to_give_is_not_ones_to_take(office: User, wu: User) -> None:
    assert refused(withdraw_role, office.memberships.get(), by=office) == "self"
    assert refused(withdraw_role, office.memberships.get(), by=wu) == "permission"


def test_an_account_is_closed_and_reopened(wu: User) -> None:
    guard = create_account("guard", role=Role.SECURITY, password=None)
    close_account(wu, by=guard, edition="p/2023")
    assert (wu.is_active, User.objects.get(pk=wu.pk).is_active) == (False, False)
    close_account(wu, by=guard, edition="p/2023")
    reopen_account(wu, by=guard, edition="p/2023")
    assert User.objects.get(pk=wu.pk).is_active
    told = Entry.objects.order_by("-index").values_list("type", "subject", "facts")[:2]
    assert list(told) == [("account.reopened", f"user:{wu.pk}", {}), ("account.closed", f"user:{wu.pk}", {})]


def test_accounts_are_closed_by_administrators_only_and_never_ones_own(office: User, wu: User) -> None:
    guard = create_account("guard", role=Role.SECURITY, password=None)
    assert refused(close_account, wu, by=office, edition="p/2023") == "permission"
    assert refused(close_account, guard, by=guard) == "self"


@pytest.mark.parametrize("change", ["grant", "withdraw", "close"])
def test_a_failed_register_write_leaves_people_as_they_were(office: User, wu: User, change: str) -> None:
    guard = create_account("guard", role=Role.SECURITY, password=None)
    changes: dict[str, Callable[[], object]] = {
        "grant": lambda: grant_role(wu, role=Role.MEMBER, edition="p/2023", by=office),
        "withdraw": lambda: withdraw_role(wu.memberships.get(), by=office),
        "close": lambda: close_account(wu, by=guard),
    }
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        changes[change]()
    assert list(wu.memberships.values_list("role", flat=True)) == ["expert"]
    assert User.objects.get(pk=wu.pk).is_active
