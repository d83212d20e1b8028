"""A rehearsed decision walks through the acts to a sealed result, the same for the same seed."""

from __future__ import annotations

from decision.group import SMALL, ruled, shortlisted
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.decision.access import member_behind
from jiangbang.decision.models import Attendance, Member, MemberRecusal, Round
from jiangbang.decision.profiles import profile_of
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.decision import rehearse_decision


def test_a_group_meets_votes_and_resolves(edition: Edition, cast: Cast) -> None:  # noqa: F811
    shortlisted(edition, cast.organiser, 8)
    small = ruled(edition, seats={"craftsman": 3, "nominee": 2}, **SMALL, reserve=2)
    account = create_account("member", role=Role.MEMBER, password=None, edition=small.key, scope="甲会")
    said: list[str] = []
    result = rehearse_decision(small, by=cast.organiser, seed=5, say=said.append)
    assert result is not None
    elected = result.places.filter(reserve=False).values_list("title", flat=True)
    assert (sorted(elected), result.released_at) == (["craftsman"] * 3 + ["nominee"] * 2, None)
    assert Attendance.objects.filter(sat_by__substitute=True).count() == 1
    assert MemberRecusal.objects.count() == 1
    first = Member.objects.get(number=1)
    assert member_behind(account, small) == first
    assert profile_of(first).name
    assert len(said) == Round.objects.count() + 2


def test_a_round_can_be_left_open_for_a_page_at_work(edition: Edition, cast: Cast) -> None:  # noqa: F811
    shortlisted(edition, cast.organiser, 4)
    small = ruled(edition, seats={"craftsman": 1, "nominee": 1}, **SMALL)
    assert rehearse_decision(small, by=cast.organiser, seed=5, say=len, until="voting") is None
    opened = Round.objects.get()
    assert (opened.state, opened.voters.filter(served=True).count(), opened.present) == ("open", 0, 3)
