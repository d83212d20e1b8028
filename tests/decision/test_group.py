"""Members: as many as the edition says, sealed, invited, leaving; recusals that stay."""

from __future__ import annotations

import pytest
from decision.group import SMALL, account_of, named, ruled, shortlisted, sitting
from nomination.readings import Cast

from jiangbang.accounts.models import Invitation, Role
from jiangbang.decision import group
from jiangbang.decision.access import member_behind
from jiangbang.decision.models import Member, MemberRecusal
from jiangbang.decision.profiles import Profile, profile_of
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def small(edition: Edition, cast: Cast) -> Edition:
    return ruled(edition, **SMALL)


def test_a_body_sends_as_many_as_the_edition_says(small: Edition, cast: Cast) -> None:
    made = group.name_member(
        small, "甲会", Profile(" 王甲 ", "处长", "w@example.cn"), substitute=False, by=cast.organiser
    )
    assert (profile_of(made), made.number) == (Profile("王甲", "处长", "w@example.cn"), 1)
    assert "王甲".encode() not in bytes(made.sealed)
    assert Entry.objects.latest("index").facts == {"body": "甲会", "substitute": False}
    for code, body, name, substitute, by in (
        ("permission", "甲会", "李", False, cast.discipline),
        ("body", "丁会", "李", False, cast.organiser),
        ("name", "甲会", " ", True, cast.organiser),
        ("full", "甲会", "李", False, cast.organiser),
    ):
        with pytest.raises(Refused) as refused:
            group.name_member(small, body, Profile(name), substitute=substitute, by=by)
        assert refused.value.code == code
    assert group.name_member(small, "甲会", Profile("李"), substitute=True, by=cast.organiser).number == 2


def test_a_member_is_invited_acts_for_himself_and_leaves(small: Edition, cast: Cast) -> None:
    member = named(small, cast.organiser)[0]
    group.invite_member(member, by=cast.organiser)
    user = account_of(member, cast.organiser)
    assert Invitation.objects.filter(role=Role.MEMBER, revoked_at__isnull=False).count() == 1
    assert member_behind(user, small) == member
    sat = sitting(small, cast.organiser, there=1)
    with pytest.raises(Refused) as refused:
        group.remove_member(member, by=cast.organiser)
    assert refused.value.code == "sits"
    sat.attendances.all().delete()
    group.remove_member(member, by=cast.organiser)
    assert member_behind(user, small) is None
    for what in (group.remove_member, group.invite_member):
        with pytest.raises(Refused) as refused:
            what(member, by=cast.organiser)
        assert refused.value.code == "left"


def test_a_recusal_is_declared_by_the_member_or_the_office_once(edition: Edition, cast: Cast) -> None:
    first, second, *_rest = shortlisted(edition, cast.organiser, 3)
    small = ruled(edition, **SMALL)
    member, other = named(small, cast.organiser)[:2]
    own = account_of(member, cast.organiser)
    for code, by, kind, reason, dossier in (
        ("permission", account_of(other, cast.organiser), "kinship", "x", first),
        ("kind", own, "love", "x", first),
        ("no_reason", own, "kinship", " ", first),
    ):
        with pytest.raises(Refused) as refused:
            group.recuse_member(member, dossier, kind=kind, reason=reason, by=by)
        assert refused.value.code == code
    made = group.recuse_member(member, first, kind="kinship", reason="表兄", by=own)
    assert group.recuse_member(member, first, kind="other", reason="再说", by=own) == made
    group.recuse_member(member, second, kind="employer", reason="同事", by=cast.organiser)
    entries = list(Entry.objects.filter(type="member.recused").order_by("index").values_list("facts", flat=True))
    assert entries == [{"kind": "kinship", "source": "own"}, {"kind": "employer", "source": "office"}]
    assert [bytes(one.sealed_reason).find("表兄".encode()) for one in MemberRecusal.objects.all()] == [-1, -1]


def test_a_failing_register_undoes_the_naming(small: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(group, "record", broken)
    with pytest.raises(RuntimeError):
        group.name_member(small, "甲会", Profile("王"), substitute=False, by=cast.organiser)
    assert Member.objects.count() == 0
