"""Rounds: opened with a quorum, counted exactly, tied, recused, annulled; what is written is final."""

from __future__ import annotations

import pytest
from decision.group import SMALL, held, named, ruled, shortlisted, sitting, vote
from django.db import DatabaseError, transaction
from nomination.readings import Cast

from jiangbang.decision import ballots, group, meeting, voting
from jiangbang.decision.models import OpenBallot, Round, Voter
from jiangbang.decision.planning import next_round
from jiangbang.decision.voting import annul_round, cast_vote, close_round, open_round
from jiangbang.kernel.ballot_box import fingerprint, new_slip
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def small(edition: Edition, cast: Cast) -> Edition:
    """Three members, one substitute each; five on the shortlist, two titles and one prize."""
    shortlisted(edition, cast.organiser, 5)
    made = ruled(edition, seats={"craftsman": 2, "nominee": 1}, **SMALL)
    named(made, cast.organiser)
    return made


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_round_is_opened_by_the_office_in_a_meeting_with_a_quorum(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser, there=1)
    with pytest.raises(Refused, match="应到 3 人，实到 1 人，至少需要 2 人") as refused:
        open_round(sat, by=cast.organiser)
    assert code_of(refused) == "no_quorum"
    with pytest.raises(Refused) as refused:
        open_round(sat, by=cast.discipline)
    assert code_of(refused) == "permission"
    second = small.leading_group.filter(substitute=False)[1]
    meeting.record_presence(sat, second, by=cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    assert (opened.title, opened.seats, opened.candidates) == ("craftsman", 2, ["D01", "D02", "D03", "D04", "D05"])
    assert (opened.present, opened.members, opened.mode) == (2, 3, "secret")
    with pytest.raises(Refused) as refused:
        open_round(sat, by=cast.organiser)
    assert code_of(refused) == "exists"
    assert Entry.objects.latest("index").facts == {
        "title": "craftsman", "number": 1, "mode": "secret", "seats": 2, "candidates": 5, "group": 3, "present": 2,
    }  # fmt: skip


def test_rounds_go_on_until_titles_and_prizes_are_filled(small: Edition, cast: Cast) -> None:
    """One has a majority at once; the next round fills the title; the prize is voted among the rest, tied, and run off."""
    sat = sitting(small, cast.organiser)
    first = held(sat, ["D01 D02", "D01 D03", "D01 D04"], cast.organiser)
    assert (first.elected, first.tied, first.votes) == (["D01"], [], {"D01": 3, "D02": 1, "D03": 1, "D04": 1, "D05": 0})
    second = held(sat, ["D02", "D02", "D03"], cast.organiser)
    assert (second.seats, second.candidates, second.elected) == (1, ["D02", "D03", "D04", "D05"], ["D02"])
    prize = held(sat, ["D03", "D03", ""], cast.organiser)
    assert (prize.title, prize.candidates, prize.elected) == ("nominee", ["D03", "D04", "D05"], ["D03"])
    assert next_round(small) is None
    with pytest.raises(Refused) as refused:
        open_round(sat, by=cast.organiser)
    assert code_of(refused) == "complete"


def test_equals_at_the_last_seat_are_run_off_and_in_the_last_round_the_ranking_decides(
    small: Edition, cast: Cast
) -> None:
    sat = sitting(small, cast.organiser)
    for number in (1, 2):
        tied = held(sat, ["D01 D02", "D02 D04", "D01 D04"], cast.organiser)
        assert (tied.number, tied.elected, tied.tied) == (number, [], ["D01", "D02", "D04"])
    last = held(sat, ["D01 D02", "D02 D04", "D01 D04"], cast.organiser)
    assert (last.candidates, last.ties, last.elected) == (["D01", "D02", "D04"], "order", ["D01", "D02"])


def test_a_slip_is_taken_once_and_good_for_one_ballot(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    one, other, *_rest = small.leading_group.filter(substitute=False)
    slip = vote(opened, one, "D01")
    ballots.take_slip(opened, one, slip)
    refusals = {
        "served": lambda: ballots.take_slip(opened, one, new_slip()),
        "used": lambda: ballots.put_ballot(opened, one, slip, ["D02"]),
        "slip": lambda: ballots.put_ballot(opened, other, new_slip(), ["D02"]),
        "unknown": lambda: ballots.put_ballot(opened, other, slip, ["D99"]),
        "too_many": lambda: ballots.put_ballot(opened, other, slip, ["D01", "D02", "D03"]),
        "not_voter": lambda: vote(opened, small.leading_group.get(number=2), "D01"),
        "mode": lambda: cast_vote(opened, one, ["D01"], by=cast.organiser),
    }
    for code, what in refusals.items():
        with pytest.raises(Refused) as refused:
            what()
        assert code_of(refused) == code
    with pytest.raises(Refused) as refused:
        ballots.take_slip(opened, other, slip)
    assert code_of(refused) == "slip"
    assert (voting.votes_in(opened.__class__.objects.get()), Voter.objects.filter(served=True).count()) == (1, 1)


def test_closing_early_wants_a_reason_and_counts_what_is_out_as_abstentions(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    slip = vote(opened, small.leading_group.get(number=1), "D01")
    with pytest.raises(Refused, match="还有 2 张选票未投") as refused:
        close_round(opened, by=cast.organiser)
    assert code_of(refused) == "outstanding"
    closed = close_round(opened, reason="两位成员平板损坏", by=cast.organiser)
    assert (closed.ballots, closed.elected) == ({fingerprint(slip): ["D01"]}, [])
    assert (bytes(closed.sealed_key), bytes(closed.box)) == (b"", b"")
    entry = Entry.objects.latest("index")
    assert {key: entry.facts[key] for key in ("cast", "present", "elected", "reason")} == {
        "cast": 1, "present": 3, "elected": 0, "reason": "两位成员平板损坏",
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        vote(opened, small.leading_group.get(number=3), "D01")
    assert code_of(refused) == "not_open"


def test_an_annulled_round_is_never_opened_and_is_voted_again(small: Edition, cast: Cast) -> None:
    sat = sitting(small, cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    vote(opened, small.leading_group.get(number=1), "D01")
    for by, reason, code in ((cast.discipline, "x", "permission"), (cast.organiser, " ", "no_reason")):
        with pytest.raises(Refused) as refused:
            annul_round(opened, reason=reason, by=by)
        assert code_of(refused) == code
    annul_round(opened, reason="设备丢失", by=cast.organiser)
    gone = Round.objects.get()
    assert (gone.state, bytes(gone.box), bytes(gone.sealed_key), gone.ballots) == ("annulled", b"", b"", {})
    again = open_round(sat, by=cast.organiser)
    assert (again.number, again.candidates) == (2, opened.candidates)


def test_who_recuses_himself_cannot_mark_and_leaves_the_base_for_that_candidate(small: Edition, cast: Cast) -> None:
    apart = small.leading_group.get(number=1)
    dossier = voting.next_round(small).candidates[0].dossier  # type: ignore[union-attr]
    group.recuse_member(apart, dossier, kind="kinship", reason="表兄", by=cast.organiser)
    sat = sitting(small, cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    assert opened.recused == {"D01": 1}
    slip = new_slip()
    ballots.take_slip(opened, apart, slip)
    with pytest.raises(Refused) as refused:
        ballots.put_ballot(opened, apart, slip, ["D01"])
    assert code_of(refused) == "recused"
    with pytest.raises(Refused) as refused:
        group.recuse_member(
            apart, voting.next_round(small).candidates[1].dossier, kind="other", reason="x", by=cast.organiser
        )  # type: ignore[union-attr]
    assert code_of(refused) == "voting"
    ballots.put_ballot(opened, apart, slip, [])
    # one of the two others is not more than half of two; two are
    vote(opened, small.leading_group.get(number=3), "D01")
    vote(opened, small.leading_group.get(number=5), "D01 D02")
    assert close_round(opened, by=cast.organiser).elected == ["D01"]


def test_an_open_vote_is_kept_by_name_and_final(small: Edition, cast: Cast) -> None:
    edition = ruled(small, mode="open")
    sat = sitting(edition, cast.organiser)
    opened = open_round(sat, by=cast.organiser)
    for number in (1, 3, 5):
        cast_vote(opened, edition.leading_group.get(number=number), ["D02"], by=cast.organiser)
    for code, what in {
        "voted": lambda: cast_vote(opened, edition.leading_group.get(number=1), ["D01"], by=cast.organiser),
        "mode": lambda: ballots.take_slip(opened, edition.leading_group.get(number=1), new_slip()),
    }.items():
        with pytest.raises(Refused) as refused:
            what()
        assert code_of(refused) == code
    with pytest.raises(DatabaseError), transaction.atomic():
        OpenBallot.objects.update(marks=["D01"])
    closed = close_round(opened, by=cast.organiser)
    assert (closed.elected, closed.votes["D02"]) == (["D02"], 3)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_ended_round_and_its_voters_are_final(small: Edition, cast: Cast, change: str) -> None:
    closed = held(sitting(small, cast.organiser), ["D01", "D01", "D01"], cast.organiser)
    rows = Round.objects.filter(pk=closed.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(outcome={}) if change == "update" else rows._raw_delete("default")  # type: ignore[attr-defined]
    voters = Voter.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        voters.update(served=False) if change == "update" else voters._raw_delete("default")  # type: ignore[attr-defined]


def test_a_failing_register_undoes_the_round(small: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sat = sitting(small, cast.organiser)

    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(voting, "record", broken)
    with pytest.raises(RuntimeError):
        open_round(sat, by=cast.organiser)
    assert (Round.objects.count(), Voter.objects.count()) == (0, 0)
