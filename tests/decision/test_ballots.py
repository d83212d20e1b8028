"""Whatever the voters do, in whatever order: nobody votes twice, no ballot is lost, and the count is what one counts by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from decision.group import SMALL, named, ruled, shortlisted, sitting
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nomination.readings import Cast

from jiangbang.decision import ballots, voting
from jiangbang.decision.models import Round
from jiangbang.kernel.ballot_box import fingerprint, new_slip
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused

# who (of three voters), with which of his two slips, does what, with which marks
steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 1),
        st.sampled_from(["take", "put"]),
        st.sets(st.sampled_from(["D01", "D02", "D03"]), max_size=3),
    ),
    max_size=14,
)


@pytest.fixture
def opened(edition: Edition, cast: Cast) -> Round:
    shortlisted(edition, cast.organiser, 3)
    made = ruled(edition, seats={"craftsman": 2, "nominee": 1}, **SMALL)
    named(made, cast.organiser)
    return voting.open_round(sitting(made, cast.organiser), by=cast.organiser)


def test_no_double_vote_no_lost_vote(opened: Round, cast: Cast) -> None:
    members = [one.sat_by for one in opened.meeting.attendances.select_related("sat_by__edition").order_by("pk")]

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(steps)
    def run(done: list[tuple[int, int, str, set[str]]]) -> None:
        slips = [[new_slip(), new_slip()] for _member in members]
        own: dict[int, str] = {}
        cast_marks: dict[str, set[str]] = {}
        with transaction.atomic():
            for who, which, what, marks in done:
                slip = slips[who][which]
                if what == "take":
                    refused = _code(lambda who=who, slip=slip: ballots.take_slip(opened, members[who], slip))
                    assert refused == ("served" if own.get(who, slip) != slip else "")
                    own.setdefault(who, slip)
                    continue
                refused = _code(
                    lambda who=who, slip=slip, marks=marks: ballots.put_ballot(opened, members[who], slip, marks)
                )
                expected = "too_many" if len(marks) > 2 else "used" if slip in cast_marks else ""
                if not expected and own.get(who) != slip:
                    expected = "slip"
                assert refused == expected
                if not refused:
                    cast_marks[slip] = marks
            closed = voting.close_round(opened, reason="试", by=cast.organiser)
            assert closed.ballots == {
                fingerprint(slip): sorted(marks)
                for slip, marks in sorted(cast_marks.items(), key=lambda pair: fingerprint(pair[0]))
            }
            by_hand = {code: sum(code in marks for marks in cast_marks.values()) for code in closed.candidates}
            assert closed.votes == by_hand
            assert set(closed.elected) | set(closed.tied) <= {
                code for code, number in by_hand.items() if Fraction(number, 3) > Fraction(1, 2)
            }
            transaction.set_rollback(True)

    run()


def _code(what: object) -> str:
    try:
        what()  # type: ignore[operator]
    except Refused as refusal:
        return refusal.code
    return ""
