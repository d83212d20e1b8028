"""The pool of experts: taken in, invited, agreed, declined, removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nomination.readings import Cast
from review.experts import a_list

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Invitation, User
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.review import pool
from jiangbang.review.models import Expert, PoolEntry
from jiangbang.review.profiles import organisation, profile_of, unsealed

pytestmark = pytest.mark.django_db


def code(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    return caught.value.code


def test_a_list_is_taken_in_and_names_nobody_in_the_register(edition: Edition, cast: Cast) -> None:
    assert pool.list_experts(edition, a_list(edition, 3, consent="是"), by=cast.organiser) == 3
    assert [entry.state for entry in PoolEntry.objects.all()] == ["consented"] * 3
    assert sorted(one.code for one in Expert.objects.all()) == ["E0001", "E0002", "E0003"]
    entries = Entry.objects.filter(type__startswith="expert.")
    assert entries.count() == 6
    assert "林" not in "".join(str(entry.facts) + entry.subject for entry in entries)
    assert all("林" not in bytes(one.sealed).decode("latin-1") for one in Expert.objects.all())


def test_an_expert_who_is_known_gets_the_newer_profile_and_stays_one(edition: Edition, cast: Cast) -> None:
    pool.list_experts(edition, a_list(edition, 1), by=cast.organiser)
    assert pool.list_experts(edition, a_list(edition, 1, title="院士", specialties=""), by=cast.organiser) == 0
    profile = profile_of(Expert.objects.get())
    assert (profile.title, profile.specialties) == ("院士", "工业软件")


def test_an_expert_of_an_earlier_edition_is_the_same_in_the_next(edition: Edition, cast: Cast) -> None:
    later = Edition.objects.get(slug="2024")
    for one in (edition, later):
        pool.list_experts(one, a_list(one, 1), by=cast.organiser)
    assert (Expert.objects.count(), PoolEntry.objects.count()) == (1, 2)


def test_lists_are_refused_to_others_and_with_problems(edition: Edition, cast: Cast) -> None:
    rows = a_list(edition, 1)
    assert code(pool.list_experts, edition, rows, by=cast.discipline) == "permission"
    assert code(pool.list_experts, edition, [], by=cast.organiser) == "empty"
    assert code(pool.list_experts, edition, [replace(rows[0], problems=("no_name",))], by=cast.organiser) == "unchecked"


def test_an_invitation_opens_the_experts_own_pages(entry: PoolEntry, cast: Cast) -> None:
    first = pool.invite_expert(entry, by=cast.organiser)
    token = pool.invite_expert(entry, by=cast.organiser)
    assert code(invitations.accept, first) == "revoked"
    _, user = invitations.accept(token)
    assert user.memberships.get().scope == str(entry.expert_id)
    assert (Message.objects.count(), Invitation.objects.count()) == (2, 2)
    assert code(pool.invite_expert, entry, by=cast.discipline) == "permission"


def test_agreeing_declining_and_coming_back(entry: PoolEntry, expert_user: User, cast: Cast) -> None:
    pool.agree(entry, by=expert_user)
    pool.agree(entry, by=expert_user)
    assert Entry.objects.filter(type="expert.agreed").count() == 1
    pool.decline(entry, reason="出国", by=expert_user)
    entry.refresh_from_db()
    assert (entry.state, unsealed(entry.expert, bytes(entry.sealed_reason))) == ("declined", "出国")
    assert code(pool.invite_expert, entry, by=cast.organiser) == "out"
    pool.agree(entry, by=expert_user)
    entry.refresh_from_db()
    assert entry.state == "consented"


def test_removal_keeps_who_and_why(entry: PoolEntry, expert_user: User, cast: Cast) -> None:
    assert code(pool.remove_expert, entry, reason=" ", by=cast.organiser) == "no_reason"
    assert code(pool.remove_expert, entry, reason="退休", by=cast.discipline) == "permission"
    pool.remove_expert(entry, reason="退休", by=cast.organiser)
    entry.refresh_from_db()
    assert (entry.state, entry.removed_by) == ("removed", cast.organiser)
    assert unsealed(entry.expert, bytes(entry.sealed_reason)) == "退休"
    assert "退休" not in str(Entry.objects.get(type="expert.removed").facts)
    assert code(pool.remove_expert, entry, reason="退休", by=cast.organiser) == "removed"
    assert code(pool.agree, entry, by=expert_user) == "removed"
    assert code(pool.decline, entry, reason="", by=expert_user) == "removed"


@pytest.mark.parametrize(
    ("changes", "more", "refusal"),
    [
        ({"name": " "}, {}, "name"),
        ({"mobile": "", "email": ""}, {}, "contact"),
        ({}, {"classes": []}, "classes"),
        ({}, {"classes": ["99"]}, "classes"),
        ({}, {"capacity": 0}, "capacity"),
        ({"mobile": "13800000001"}, {}, "taken"),
    ],
)
def test_a_profile_that_cannot_stand_is_refused(
    edition: Edition, cast: Cast, changes: dict[str, str], more: dict[str, object], refusal: str
) -> None:
    pool.list_experts(edition, a_list(edition, 2), by=cast.organiser)
    entry = PoolEntry.objects.select_related("expert").get(expert__number=1)
    profile = replace(profile_of(entry.expert), **changes)
    given = {"classes": ["01"], "region": "上海", "capacity": 20, **more}
    assert code(pool.change_profile, entry, profile, **given, by=cast.organiser) == refusal
    assert code(pool.change_profile, entry, profile_of(entry.expert), **given, by=cast.discipline) == "permission"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("云栖智联科技有限公司 算法工程师", "云栖智联科技有限公司"),
        ("浙江大学计算机学院教授", "浙江大学"),
        ("某某 工程师", "某某"),
        ("", ""),
    ],
)
def test_an_organisation_is_told_from_the_post(text: str, name: str) -> None:
    assert organisation(text) == name
