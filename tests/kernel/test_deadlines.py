"""What a moment means against the deadline: to the second, in the edition's zone, with and without grace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.deadlines import Deadline, may_still_change, may_still_hand_in

CHINA = timezone(timedelta(hours=8))
DUE = datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)
STRICT = Deadline(DUE, DUE, timedelta(0), "Asia/Shanghai")
GRACIOUS = Deadline(DUE, DUE, timedelta(minutes=10), "Asia/Shanghai")


@dataclass(frozen=True)
class Dated:
    deadline: Deadline


@pytest.mark.parametrize(
    ("seconds", "strict", "gracious"),
    [
        (-86400, "open", "open"),
        (-1, "open", "open"),
        (0, "open", "open"),
        # the second that the deadline names counts to its end
        (0.999999, "open", "open"),
        (1, "closed", "grace"),
        (1.5, "closed", "grace"),
        (600.999999, "closed", "grace"),
        (601, "closed", "closed"),
        (86400, "closed", "closed"),
    ],
)
def test_a_moment_stands_by_the_second(seconds: float, strict: str, gracious: str) -> None:
    moment = DUE + timedelta(seconds=seconds)
    assert (STRICT.standing(moment), GRACIOUS.standing(moment)) == (strict, gracious)
    assert STRICT.standing(moment.astimezone(UTC)) == strict


@given(st.datetimes(datetime(2023, 3, 30), datetime(2023, 4, 2), timezones=st.just(UTC)))
def test_drafts_freeze_at_the_deadline_whatever_the_grace(moment: datetime) -> None:
    assert may_still_change(Dated(GRACIOUS), moment) is may_still_change(Dated(STRICT), moment)
    assert may_still_change(Dated(STRICT), moment) is (moment < DUE + timedelta(seconds=1))
    assert may_still_hand_in(Dated(GRACIOUS), moment) is (moment < DUE + timedelta(minutes=10, seconds=1))
    assert may_still_hand_in(Dated(STRICT), moment) is may_still_change(Dated(STRICT), moment)


@given(st.datetimes(datetime(2023, 3, 30), datetime(2023, 4, 2), timezones=st.just(UTC)))
def test_time_is_left_exactly_while_papers_count(moment: datetime) -> None:
    left = STRICT.left(moment)
    assert (left > timedelta(0)) is (STRICT.standing(moment) == "open")
    assert left in (STRICT.ends - moment, timedelta(0))


def test_an_extended_deadline_is_the_one_that_counts() -> None:
    later = DUE + timedelta(days=2)
    extended = Deadline(DUE, later, timedelta(0), "Asia/Shanghai")
    assert (STRICT.extended, extended.extended) == (False, True)
    assert extended.standing(DUE + timedelta(seconds=1)) == "open"
    assert extended.standing(later + timedelta(seconds=1)) == "closed"


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Shanghai", "2023-03-31 23:59:59"), ("America/New_York", "2023-03-31 11:59:59")]
)
def test_times_are_said_on_the_editions_clock(zone: str, shown: str) -> None:
    assert Deadline(DUE, DUE, timedelta(0), zone).clock(DUE.astimezone(UTC)) == shown


def test_a_deadline_in_the_night_of_the_clock_change_is_one_moment() -> None:
    """01:30 comes twice in New York on 5 November 2023; the offset says which is meant."""
    zone = ZoneInfo("America/New_York")
    first = datetime(2023, 11, 5, 1, 30, tzinfo=timezone(timedelta(hours=-4)))
    deadline = Deadline(first, first, timedelta(0), zone.key)
    assert deadline.standing(datetime(2023, 11, 5, 5, 30, 0, 999_999, tzinfo=UTC)) == "open"
    assert deadline.standing(datetime(2023, 11, 5, 5, 30, 1, tzinfo=UTC)) == "closed"
    assert deadline.standing(datetime(2023, 11, 5, 1, 30, fold=1, tzinfo=zone)) == "closed"
