"""The meeting: called, opened, attended in one's own seat or another's, closed; each refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from decision.group import SMALL, account_of, held, named, ruled, shortlisted, sitting
from django.db import IntegrityError, transaction
from django.utils import timezone
from nomination.readings import Cast

from jiangbang.decision import meeting, voting
from jiangbang.decision.models import Attendance, Meeting, Member
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def small(edition: Edition, cast: Cast) -> Edition:
    shortlisted(edition, cast.organiser, 3)
    made = ruled(edition, seats={"craftsman": 1, "nominee": 1}, **SMALL)
    named(made, cast.organiser)
    return made


def call(edition: Edition, by: object, **changes: str) -> Meeting:
    said = {"place": "三楼", "agenda": "表决", **changes}
    return meeting.call_meeting(edition, begins_at=timezone.now() + timedelta(days=1), by=by, **said)  # type: ignore[arg-type]


def test_a_meeting_is_called_once_with_place_and_agenda(small: Edition, cast: Cast) -> None:
    for by, changes, code in (
        (cast.discipline, {}, "permission"),
        (cast.organiser, {"place": " "}, "place"),
        (cast.organiser, {"agenda": ""}, "agenda"),
    ):
        with pytest.raises(Refused) as refused:
            call(small, by, **changes)
        assert refused.value.code == code
    made = call(small, cast.organiser)
    assert Entry.objects.latest("index").facts == {"number": 1, "count": 0}
    with pytest.raises(Refused) as refused:
        call(small, cast.organiser)
    assert refused.value.code == "exists"
    with pytest.raises(Refused) as refused:
        meeting.record_presence(made, small.leading_group.get(number=1), by=cast.organiser)
    assert refused.value.code == "not_sitting"
    meeting.open_meeting(made, by=cast.organiser)
    meeting.close_meeting(made, by=cast.organiser)
    for what in (meeting.open_meeting, meeting.close_meeting):
        with pytest.raises(Refused):
            what(made, by=cast.organiser)
    assert call(small, cast.organiser).number == 2


def test_nobody_is_called_where_nobody_is_named(edition: Edition, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        call(edition, cast.organiser)
    assert refused.value.code == "nobody"


def test_a_seat_is_sat_in_by_the_member_or_a_substitute_never_by_both(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser, there=0)
    first, stand_in, second, other_stand_in = (small.leading_group.get(number=number) for number in (1, 2, 3, 4))
    refusals = {
        "seat": [
            lambda: meeting.record_presence(sat, stand_in, by=cast.organiser),
            lambda: meeting.record_presence(sat, stand_in, seat=second, by=cast.organiser),
            lambda: meeting.record_presence(sat, first, seat=second, by=cast.organiser),
        ],
        "permission": [lambda: meeting.record_presence(sat, first, by=account_of(second, cast.organiser))],
    }
    for code, tries in refusals.items():
        for what in tries:
            with pytest.raises(Refused) as refused:
                what()
            assert refused.value.code == code
    made = meeting.record_presence(sat, stand_in, seat=first, by=account_of(stand_in, cast.organiser))
    assert (made.source, meeting.record_presence(sat, stand_in, seat=first, by=cast.organiser)) == ("own", made)
    with pytest.raises(Refused) as refused:
        meeting.record_presence(sat, first, by=cast.organiser)
    assert refused.value.code == "taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            meeting=sat, seat=first, sat_by=first, source="own", recorded_by=cast.organiser, recorded_at=timezone.now()
        )
    assert other_stand_in.attendances.count() == 0


def test_who_has_voted_stays_on_the_papers_and_leaves_from_then_on(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser)
    held(sat, ["", "", ""], cast.organiser)
    gone = sat.attendances.order_by("seat__number")[0]
    for by, reason, code in ((cast.discipline, "x", "permission"), (cast.organiser, "", "no_reason")):
        with pytest.raises(Refused) as refused:
            meeting.remove_presence(gone, reason=reason, by=by)
        assert refused.value.code == code
    meeting.remove_presence(gone, reason="另有公务", by=cast.organiser)
    gone.refresh_from_db()
    assert gone.gone_at is not None
    with pytest.raises(Refused) as refused:
        meeting.record_presence(sat, gone.sat_by, by=cast.organiser)
    assert refused.value.code == "taken"
    opened = voting.open_round(sat, by=cast.organiser)
    assert (opened.present, opened.members) == (2, 3)
    for what in (
        lambda: meeting.remove_presence(sat.attendances.order_by("-pk")[0], reason="x", by=cast.organiser),
        lambda: meeting.close_meeting(sat, by=cast.organiser),
    ):
        with pytest.raises(Refused) as refused:
            what()
        assert refused.value.code == "voting"


def test_a_failing_register_undoes_the_meeting(small: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(meeting, "record", broken)
    with pytest.raises(RuntimeError):
        call(small, cast.organiser)
    assert Meeting.objects.count() == 0
    assert Member.objects.count() == 6
