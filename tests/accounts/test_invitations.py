"""Invitations: made, accepted once, revoked, renewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from jiangbang.accounts import invitations
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.invitations import Addressee, accept, address_index, addressee, invite, renew, revoke
from jiangbang.accounts.models import Invitation, Membership, Role, User
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
HERE = "p/2023"


@pytest.fixture
def office() -> User:
    return create_account("office", role=Role.ORGANISER, password=None, edition=HERE)


def asked(office: User, role: Role = Role.CANDIDATE, **changes: Any) -> tuple[Invitation, str]:
    given = {"scope": "330108", "name": "张三", "address": "Zhang@Example.cn", **changes}
    return invite(role=role, edition=HERE, by=office, **given)


def refused(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert Entry.objects.count() == before
    return refusal.value.code


def test_neither_token_nor_name_nor_address_is_kept_in_clear(office: User) -> None:
    made, token = asked(office)
    row = repr(Invitation.objects.values().get()).casefold()
    entry = Entry.objects.latest("index")
    for secret in (token, "张三", "zhang@example.cn"):
        assert secret.casefold() not in row + entry.leaf().decode().casefold()
    assert addressee(Invitation.objects.get()) == Addressee("张三", "Zhang@Example.cn")
    assert (entry.type, entry.actor, entry.edition, entry.subject) == (
        "invitation.made",
        f"user:{office.pk}",
        HERE,
        f"invitation:{made.pk}",
    )
    assert set(entry.facts) == {"role", "scope", "expires"}


def test_accepting_makes_an_account_with_the_role_and_no_password(office: User) -> None:
    made, token = asked(office)
    found, user = accept(token)
    assert (found, str(user), user.has_usable_password()) == (made, "张三", False)
    assert list(user.memberships.values_list("role", "edition", "scope")) == [("candidate", HERE, "330108")]
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.actor, entry.facts) == (
        "invitation.accepted",
        f"user:{user.pk}",
        {"role": "candidate", "scope": "330108"},
    )
    # the user name stands in registers and lists: it tells nothing
    assert len(user.username) == 8


def test_whoever_is_signed_in_keeps_his_account(office: User) -> None:
    wu = create_account("wu", role=Role.EXPERT, password=None, edition=HERE)
    _made, token = asked(office, Role.MEMBER)
    assert accept(token, as_user=wu)[1] == wu
    assert set(wu.memberships.values_list("role", flat=True)) == {"expert", "member"}
    assert User.objects.count() == 2


def test_the_same_address_never_leads_into_an_account_that_exists(office: User) -> None:
    """The inviter sees the link: it must not open somebody else's account."""
    first, second = (accept(asked(office)[1])[1] for _ in range(2))
    assert first != second


def test_a_link_opens_once(office: User) -> None:
    _made, token = asked(office)
    accept(token)
    assert refused(accept, token) == "used"
    assert User.objects.count() == 2


def test_a_link_opens_until_its_last_second(office: User) -> None:
    made, token = asked(office, valid_for=timedelta(days=3))
    assert refused(accept, token, now=made.expires_at) == "expired"
    accept(token, now=made.expires_at - timedelta(seconds=1))
    assert Membership.objects.filter(role="candidate").count() == 1


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
def test_a_token_that_nobody_made_is_unknown(office: User, token: str) -> None:
    asked(office)
    assert refused(accept, token) == "unknown"


def test_a_link_that_was_taken_back_opens_nothing(office: User) -> None:
    made, token = asked(office)
    revoke(made, by=office)
    assert Entry.objects.latest("index").type == "invitation.revoked"
    count = Entry.objects.count()
    revoke(made, by=office)
    assert Entry.objects.count() == count
    assert refused(accept, token) == "revoked"


def test_a_used_invitation_is_not_taken_back(office: User) -> None:
    made, token = asked(office)
    accept(token)
    revoke(made, by=office)
    made.refresh_from_db()
    assert made.revoked_at is None


def test_only_who_may_give_a_role_invites_to_it_and_takes_it_back(office: User) -> None:
    wu = create_account("wu", role=Role.EXPERT, password=None, edition=HERE)
    made, _token = asked(office)
    assert refused(asked, wu) == "permission"
    assert refused(asked, office, Role.ORGANISER) == "permission"
    assert refused(revoke, made, by=wu) == "permission"


@pytest.mark.parametrize("span", [timedelta(0), timedelta(days=-1), timedelta(days=181)])
def test_a_validity_of_no_time_or_too_long_is_refused(office: User, span: timedelta) -> None:
    assert refused(asked, office, valid_for=span) == "span"


def test_an_administrator_takes_no_other_role_by_link(office: User) -> None:
    system = create_account("system", role=Role.SYSTEM, password=None)
    _made, token = asked(office, Role.MEMBER)
    assert refused(accept, token, as_user=system) == "clash"
    accept(token)
    assert Membership.objects.filter(role="member").count() == 1


def test_a_fresh_link_leads_back_to_the_same_account(office: User) -> None:
    made, token = asked(office)
    user = accept(token)[1]
    fresh, again = renew(made)
    assert (addressee(fresh), fresh.account) == (addressee(made), user)
    assert accept(again)[1] == user
    assert refused(accept, again) == "used"
    assert Membership.objects.filter(role="candidate").count() == 1


def test_a_fresh_link_takes_the_place_of_an_unused_one(office: User) -> None:
    made, token = asked(office)
    _fresh, again = renew(made)
    assert refused(accept, token) == "revoked"
    assert str(accept(again)[1]) == "张三"
    assert list(Entry.objects.order_by("index").values_list("type", flat=True))[-3:] == [
        "invitation.revoked",
        "invitation.made",
        "invitation.accepted",
    ]


def test_a_fresh_link_gives_back_no_role_that_was_withdrawn(office: User) -> None:
    made, token = asked(office)
    user = accept(token)[1]
    _fresh, again = renew(made)
    user.memberships.all().delete()
    assert refused(accept, again) == "withdrawn"


def test_a_fresh_link_opens_no_closed_account(office: User) -> None:
    made, token = asked(office)
    user = accept(token)[1]
    _fresh, again = renew(made)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refused(accept, again) == "closed"


def test_roles_that_read_others_papers_have_no_fresh_links(office: User) -> None:
    made, token = asked(office, Role.SCREENER)
    assert refused(renew, made) == "role"
    candidate, link = asked(office)
    user = accept(link)[1]
    accept(token, as_user=user)
    assert refused(renew, candidate) == "role"
    taken_back, _link = asked(office)
    revoke(taken_back, by=office)
    taken_back.refresh_from_db()
    assert refused(renew, taken_back) == "revoked"


@pytest.mark.parametrize("act", ["invite", "accept", "revoke", "renew"])
def test_a_failed_register_write_leaves_invitations_as_they_were(office: User, act: str) -> None:
    made, token = asked(office)
    before = list(Invitation.objects.values())
    acts: dict[str, Callable[[], object]] = {
        "invite": lambda: asked(office),
        "accept": lambda: accept(token),
        "revoke": lambda: revoke(made, by=office),
        "renew": lambda: renew(made),
    }
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        acts[act]()
    assert (list(Invitation.objects.values()), User.objects.count()) == (before, 1)


def test_addresses_are_found_however_they_are_written() -> None:
    assert address_index("Zhang@Example.cn ") == address_index("zhang@example.CN")
    assert address_index("+86 199-0000-0001") == address_index("19900000001")
    assert address_index("") == ""
    assert address_index("a@example.cn") != address_index("b@example.cn")


def test_tokens_are_long_and_never_alike(office: User) -> None:
    tokens = {asked(office)[1] for _ in range(3)}
    assert (len(tokens), {len(token) for token in tokens}) == (3, {43})
    found = invitations.find(tokens.pop())
    assert found is not None
    assert found.expires_at - timezone.now() > timedelta(days=13)
