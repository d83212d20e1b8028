"""A notice: prepared by one, published by another, counted in working days, never cut short; substitution with a notice of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from unittest import mock

import pytest
from decision.decided import decided
from nomination.readings import Cast
from notice.cases import admitted, filed, pair
from notice.noticed import noticed

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.decision.models import Result
from jiangbang.notice import entries, publishing
from jiangbang.notice.notice_models import Notice, NoticeEntry
from jiangbang.notice.queries import completed_places
from jiangbang.notice.versions import sha256_of
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def second(cast: Cast) -> User:
    return create_account("second", role=Role.ORGANISER, password=None)


def code_of(call: Callable[..., object], *args: object, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **more)
    return refusal.value.code


def test_one_prepares_and_another_publishes_and_the_result_is_released(
    edition: Edition, cast: Cast, second: User
) -> None:
    assert code_of(publishing.prepare_notice, edition, by=cast.organiser) == "no_result"
    decided(edition, cast.organiser, released=False)
    assert code_of(publishing.prepare_notice, edition, by=cast.discipline) == "permission"
    notice = publishing.prepare_notice(edition, by=cast.organiser)
    assert code_of(publishing.prepare_notice, edition, by=cast.organiser) == "prepared"
    assert code_of(publishing.publish_notice, notice, by=cast.organiser) == "same_person"
    notice = publishing.publish_notice(notice, by=second)
    # Monday, 20 March 2023: the day of publication does not count
    assert (notice.first_day, notice.last_day) == (date(2023, 3, 21), date(2023, 3, 27))
    assert Result.objects.get().released_at is not None
    assert code_of(publishing.publish_notice, notice, by=second) == "published"
    assert code_of(publishing.withdraw_draft, notice, by=second) == "published"
    assert code_of(publishing.end_notice, notice, by=second) == "early"
    facts = Entry.objects.get(type="notice.published").facts
    assert facts.pop("sha256") == sha256_of(notice.versions.get().rows)
    assert facts == {"number": 1, "count": 3, "first_day": "2023-03-21", "last_day": "2023-03-27"}


def test_a_draft_is_taken_back_and_prepared_anew(edition: Edition, cast: Cast) -> None:
    decided(edition, cast.organiser, released=False)
    publishing.withdraw_draft(publishing.prepare_notice(edition, by=cast.organiser), by=cast.organiser)
    assert Notice.objects.count() == 0
    assert publishing.prepare_notice(edition, by=cast.organiser).entries.count() == 3


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        # over National Day 2023, with the worked weekend of 7 and 8 October
        (date(2023, 9, 27), date(2023, 9, 28), date(2023, 10, 10)),
        # over New Year 2024
        (date(2023, 12, 28), date(2023, 12, 29), date(2024, 1, 5)),
        # a worked Saturday before Spring Festival: 4 February 2024 is a Sunday that is worked
        (date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 7)),
    ],
)
def test_the_term_counts_working_days(edition: Edition, day: date, first: date, last: date) -> None:
    stands = publishing.term_of(edition, day)
    assert (stands.days, stands.first, stands.last) == (5, first, last)


def test_a_year_whose_calendar_is_not_out_is_refused(edition: Edition, cast: Cast, second: User) -> None:
    decided(edition, cast.organiser, released=False)
    notice = publishing.prepare_notice(edition, by=cast.organiser)
    with mock.patch.object(Edition, "now", return_value=datetime.fromisoformat("2026-12-30T09:00:00+08:00")):
        assert code_of(publishing.publish_notice, notice, by=second) == "calendar"
    assert Result.objects.get().released_at is None


def test_the_end_waits_for_cases_and_lets_the_others_stand(edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser)
    open_case, suspended, free = notice.entries.order_by("pk")
    filed(open_case)
    admitted(filed(suspended), pair(cast.organiser))
    Notice.objects.update(first_day=date(2023, 3, 10), last_day=date(2023, 3, 17))
    # both came while the notice stood
    for one in (open_case, suspended):
        one.objections.update(counted_on=date(2023, 3, 16))
    assert publishing.end_notice(notice, by=cast.organiser) == 1
    assert [one.pk for one in completed_places(edition)] == [free.pk]
    assert publishing.end_notice(notice, by=cast.organiser) == 0
    # what came after the last day holds nobody up
    open_case.objections.update(counted_on=date(2023, 3, 18))
    assert publishing.end_notice(notice, by=cast.organiser) == 1


def test_the_next_of_the_reserve_list_follows_with_a_notice_of_his_own(
    edition: Edition, cast: Cast, second: User
) -> None:
    notice = noticed(edition, cast.organiser)
    first, other = notice.entries.order_by("pk")[:2]
    assert code_of(publishing.prepare_substitution, first, by=cast.organiser) == "state"
    entries.strike(first, by=cast.organiser, reason="异议〔2023〕1号")
    made = publishing.prepare_substitution(first, by=cast.organiser)
    reserve = list(Result.objects.get().places.filter(reserve=True).order_by("position"))
    (follower,) = made.entries.all()
    assert (made.number, follower.dossier_id, follower.title, follower.position) == (
        2,
        reserve[0].dossier_id,
        first.title,
        first.position,
    )
    assert code_of(publishing.prepare_substitution, first, by=cast.organiser) == "prepared"
    assert publishing.publish_notice(made, by=second).last_day == date(2023, 3, 27)
    entries.strike(other, by=cast.organiser, reason="异议〔2023〕2号")
    again = publishing.prepare_substitution(other, by=cast.organiser)
    assert again.entries.get().dossier_id == reserve[1].dossier_id
    entries.strike(follower, by=cast.organiser, reason="异议〔2023〕3号")
    assert code_of(publishing.prepare_substitution, follower, by=cast.organiser) == "nobody"


def test_a_failed_register_write_publishes_nothing(edition: Edition, cast: Cast, second: User) -> None:
    decided(edition, cast.organiser, released=False)
    notice = publishing.prepare_notice(edition, by=cast.organiser)
    with mock.patch.object(register_acts, "_append", side_effect=OSError), pytest.raises(OSError):
        publishing.publish_notice(notice, by=second)
    assert Notice.objects.get().published_at is None
    assert NoticeEntry.objects.exclude(state="running").count() == 0
