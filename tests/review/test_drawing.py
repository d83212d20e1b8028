"""The draw: committed, held before witnesses, replayed by others; seats confirmed, refused, filled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from nomination.readings import Cast
from review.experts import a_list, account_of
from review.panels import WITNESSES, agreed_pool, held
from review.test_pool import code

from jiangbang.cli import jiangbang
from jiangbang.outbox.models import Message
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import drawing, pool
from jiangbang.review.models import Draw, PoolEntry, Seat

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


def test_the_commitment_stands_in_the_register_before_and_the_secret_nowhere(edition: Edition, cast: Cast) -> None:
    agreed_pool(edition, cast.organiser)
    drawn = drawing.commit_draw(edition, by=cast.organiser)
    entry = Entry.objects.get(type="draw.committed")
    assert entry.facts == {"number": 1, "commitment": drawn.commitment, "count": 24}
    assert set(drawn.document) == {"format", "pool", "panels"}
    assert code(drawing.commit_draw, edition, by=cast.organiser) == "exists"


def test_the_published_file_draws_the_same_again_in_a_clean_directory(
    edition: Edition, cast: Cast, tmp_path: Path
) -> None:
    drawn = held(edition, cast.organiser)
    (tmp_path / "draw.json").write_bytes(drawing.published(drawn))
    replayed = CliRunner().invoke(jiangbang, ["draw", "replay", str(tmp_path / "draw.json"), "--json"])
    assert replayed.exit_code == 0
    said = json.loads(replayed.output)
    assert (said["commitment_holds"], said["same_panels"]) == (True, True)
    alone = subprocess.run(
        [sys.executable, "-I", str(ROOT / "docs" / "verify_draw.py"), "draw.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert alone.returncode == 0, alone.stdout + alone.stderr


def test_the_published_file_names_nobody(edition: Edition, cast: Cast) -> None:
    text = drawing.published(held(edition, cast.organiser)).decode()
    assert not any(word in text for word in ("林", "研究院", "@", "见证", "138000"))
    assert {one["employer"] for one in json.loads(text)["pool"]} == {f"W{number:03d}" for number in range(1, 25)}
    assert drawing.witness_names(Draw.objects.get()) == ["王见证", "李见证"]


def test_the_panel_keeps_its_rules_and_its_members_are_asked(edition: Edition, cast: Cast) -> None:
    drawn = held(edition, cast.organiser)
    members = drawn.seats.filter(alternate=False)
    assert (members.count(), drawn.seats.filter(alternate=True).count()) == (11, 4)
    assert {seat.state for seat in members} == {"asked"}
    assert len({seat.mark for seat in drawn.seats.all()}) == 15
    assert Message.objects.filter(template="review.drawn").count() == 11


def test_who_may_not_hold_it_and_what_witnesses_must_write(edition: Edition, cast: Cast) -> None:
    assert code(drawing.commit_draw, edition, by=cast.discipline) == "permission"
    agreed_pool(edition, cast.organiser)
    drawn = drawing.commit_draw(edition, by=cast.organiser)
    hold = drawing.hold_draw
    assert code(hold, drawn, WITNESSES, by=cast.discipline) == "permission"
    assert code(hold, drawn, WITNESSES[:1], by=cast.organiser) == "few_witnesses"
    assert code(hold, drawn, [*WITNESSES, ("丙", " ")], by=cast.organiser) == "empty_entry"
    assert code(hold, drawn, [*WITNESSES, ("丙", "长" * 201)], by=cast.organiser) == "too_long"
    hold(drawn, WITNESSES, by=cast.organiser)
    assert code(hold, drawn, WITNESSES, by=cast.organiser) == "not_committed"


def test_a_pool_that_is_too_small_is_told_what_is_short(edition: Edition, cast: Cast) -> None:
    assert code(drawing.commit_draw, edition, by=cast.organiser) == "impossible"
    agreed_pool(edition, cast.organiser, 6)
    with pytest.raises(drawing.Refused, match="需要 11 人，现有 6 人"):
        drawing.commit_draw(edition, by=cast.organiser)


def test_an_edition_without_panels_has_no_draw(edition: Edition, cast: Cast) -> None:
    edition.document["edition"]["review"] = {}
    edition.sha256 = document_hash(edition.document)
    edition.save()
    assert code(drawing.commit_draw, edition, by=cast.organiser) == "no_panel"


def test_a_committed_draw_can_be_given_up_with_a_reason_and_a_held_one_not(edition: Edition, cast: Cast) -> None:
    agreed_pool(edition, cast.organiser)
    drawn = drawing.commit_draw(edition, by=cast.organiser)
    give_up = drawing.give_up_draw
    assert code(give_up, drawn, reason="", by=cast.organiser) == "no_reason"
    assert code(give_up, drawn, reason="x", by=cast.discipline) == "permission"
    give_up(drawn, reason="见证人未到", by=cast.organiser)
    again = drawing.commit_draw(edition, by=cast.organiser)
    assert again.number == 2
    drawing.hold_draw(again, WITNESSES, by=cast.organiser)
    assert code(give_up, again, reason="x", by=cast.organiser) == "held"


def test_whoever_refuses_is_replaced_by_the_next_alternate_who_fits(edition: Edition, cast: Cast) -> None:
    drawn = held(edition, cast.organiser)
    seat = drawn.seats.filter(alternate=False).select_related("entry__edition", "entry__expert").earliest("place")
    user = account_of(seat.entry)
    assert code(drawing.refuse_seat, seat, reason=" ", by=user) == "no_reason"
    follower = drawing.refuse_seat(seat, reason="出差", by=user)
    assert follower is not None
    assert (follower.alternate, follower.state, follower.replaces_id) == (True, "asked", seat.pk)
    assert drawn.plan.panels[0].kept_by(
        [one for one in drawn.plan.pool if one.id in {row.entry.expert.code for row in drawn.seats.all() if row.sits}]
    )
    assert code(drawing.refuse_seat, seat, reason="出差", by=user) == "not_seated"
    assert code(drawing.confirm_seat, seat, by=user) == "not_asked"
    drawing.confirm_seat(follower, by=cast.organiser, source="office")
    drawing.confirm_seat(follower, by=cast.organiser, source="office")
    assert Entry.objects.filter(type="seat.confirmed").count() == 1


def test_a_seat_stays_empty_when_no_alternate_is_left(edition: Edition, cast: Cast) -> None:
    drawn = held(edition, cast.organiser)
    Seat.objects.filter(draw=drawn, alternate=True).update(state="refused")
    seat = drawn.seats.filter(alternate=False).earliest("place")
    assert drawing.release_seat(seat, reason="联系不上", by=cast.organiser) is None
    assert Entry.objects.filter(type="seat.vacant").count() == 1
    assert code(drawing.release_seat, seat, reason="x", by=cast.organiser) == "not_seated"
    other = drawn.seats.filter(alternate=False, state="asked").earliest("place")
    assert code(drawing.release_seat, other, reason="", by=cast.organiser) == "no_reason"
    assert code(drawing.release_seat, other, reason="x", by=cast.discipline) == "permission"


def test_nobody_answers_for_another(edition: Edition, cast: Cast) -> None:
    seat = held(edition, cast.organiser).seats.filter(alternate=False).earliest("place")
    assert code(drawing.confirm_seat, seat, by=cast.discipline) == "permission"
    assert code(drawing.confirm_seat, seat, by=cast.discipline, source="office") == "permission"


def test_whoever_is_in_a_draw_leaves_by_its_rules(edition: Edition, cast: Cast) -> None:
    agreed_pool(edition, cast.organiser)
    entry = PoolEntry.objects.filter(edition=edition).earliest("expert__number")
    drawn = drawing.commit_draw(edition, by=cast.organiser)
    assert code(pool.remove_expert, entry, reason="x", by=cast.organiser) == "seated"
    drawing.hold_draw(drawn, WITNESSES, by=cast.organiser)
    seated = drawn.seats.earliest("place").entry
    assert code(pool.decline, seated, reason="x", by=cast.organiser) == "seated"
    outside = PoolEntry.objects.filter(edition=edition).exclude(seats__isnull=False).first()
    assert outside is not None
    pool.remove_expert(outside, reason="退休", by=cast.organiser)
    assert len(a_list(edition, 2)) == 2
