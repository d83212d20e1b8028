"""From a dump of the database nobody can tell who voted what: whoever puts which ballot in, and in whatever order, the dump is the same.

All rows of all tables in the order in which the database gives them (a dump's order), but for who was given a slip. Where chance or the
clock would differ (slips, nonces, moments), both runs have the same: the set of slips is given, who holds which is not.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime

import pytest
from decision.group import SMALL, named, ruled, shortlisted, sitting
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from nomination.readings import Cast

from jiangbang.accounts.models import User
from jiangbang.decision import ballots, voting
from jiangbang.decision.models import Member, Round
from jiangbang.kernel import ballot_box
from jiangbang.programme.models import Edition

SLIPS = tuple(hashlib.sha256(bytes([number])).hexdigest()[:32] for number in range(3))
# the ballot under each slip
MARKS = (["D01", "D02"], ["D03"], [])
VOTERS = "decision_voter"


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every table as it lies."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = [
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in cursor.fetchall()
            ]
    return found


@pytest.fixture
def opened(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round of three voters; from now on the clock stands still and nonces are all the same."""
    shortlisted(edition, cast.organiser, 4)
    made = ruled(edition, seats={"craftsman": 2, "nominee": 1}, **SMALL)
    named(made, cast.organiser)
    opened = voting.open_round(sitting(made, cast.organiser), by=cast.organiser)
    moment = datetime(2023, 4, 22, 10, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    monkeypatch.setattr(ballot_box.secrets, "token_bytes", bytes)
    return opened


def voted(
    opened: Round, members: list[Member], holds: list[int], gives: list[int], puts: list[int], by: User
) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, list[tuple[object, ...]]]]:
    """The dumps while the round is open and after it was counted. `holds`: whose slip is which; then the two orders. Undone afterwards."""
    with transaction.atomic():
        for place in gives:
            ballots.take_slip(opened, members[place], SLIPS[holds[place]])
        for place in puts:
            ballots.put_ballot(opened, members[place], SLIPS[holds[place]], MARKS[holds[place]])
        while_open = dump()
        voting.close_round(opened, by=by)
        after = dump()
        transaction.set_rollback(True)
    return while_open, after


orders = st.permutations([0, 1, 2])


def test_a_dump_is_the_same_whoever_voted_what_in_whatever_order(opened: Round, cast: Cast) -> None:
    members = [one.sat_by for one in opened.meeting.attendances.select_related("sat_by__edition").order_by("pk")]
    expected = voted(opened, members, [0, 1, 2], [0, 1, 2], [0, 1, 2], cast.organiser)

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @example([2, 1, 0], [1, 2, 0], [2, 0, 1])
    @given(orders, orders, orders)
    def shuffled(holds: list[int], gives: list[int], puts: list[int]) -> None:
        found = voted(opened, members, holds, gives, puts, cast.organiser)
        for one, other in zip(found, expected, strict=True):
            assert sorted(one.pop(VOTERS), key=repr) == sorted(other[VOTERS], key=repr)
            assert one == {table: rows for table, rows in other.items() if table != VOTERS}

    shuffled()


def test_a_slip_is_nowhere_and_marks_are_not_seen_while_the_round_is_open(
    opened: Round, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    members = [one.sat_by for one in opened.meeting.attendances.select_related("sat_by__edition").order_by("pk")]
    with caplog.at_level(logging.DEBUG):
        while_open, after = voted(opened, members, [0, 1, 2], [0, 1, 2], [0, 1, 2], cast.organiser)
    marked = b'["D01","D02"]'
    for found in (while_open, after):
        kept = b"\n".join(
            value if isinstance(value, bytes) else str(value).encode()
            for rows in found.values()
            for row in rows
            for value in row
        )
        assert [slip for slip in SLIPS if slip.encode() in kept or bytes.fromhex(slip) in kept] == []
    box = next(
        bytes(row[column])
        for row in while_open["decision_round"]
        for column in range(len(row))
        if isinstance(row[column], bytes) and len(row[column]) > 4096
    )  # type: ignore[arg-type, call-overload]
    assert marked not in box
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert [said for said in ours if any(slip in said for slip in SLIPS)] == []
