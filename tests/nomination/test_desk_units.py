"""How far units are."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts, desk_units
from jiangbang.nomination.queries import ledger
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def bring(edition: Edition, cast: Cast, reading: MakeReading, unit: str, count: int, **changes: object) -> None:
    start = int(unit[-2:]) * 20
    people = [person(number, **changes) for number in range(start, start + count)]
    acts.receive_packet(reading(people, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser)


def test_who_has_not_started_who_has_to_mend_who_is_done(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    bring(edition, cast, reading, "330102", 10)
    bring(edition, cast, reading, "330106", 2, mobile=None)
    bring(edition, cast, reading, "330110", 1)
    lines = {line.unit.code: line for line in ledger(edition)}
    wanted = {"330102": "reported", "330106": "incomplete", "330110": "few", "330108": "none"}
    assert {code: desk_units.standing(lines[code], closed=False) for code in wanted} == wanted
    closed = {code: desk_units.standing(lines[code], closed=True) for code in wanted}
    assert closed == wanted | {"330108": "late"}


def test_the_standings_that_occur_are_offered_with_their_numbers(edition: Edition) -> None:
    choices = desk_units.choices(ledger(edition), closed=False)
    assert [(choice["value"], choice["count"]) for choice in choices] == [("none", 29)]


def test_kinds_of_units_have_their_official_names(edition: Edition) -> None:
    assert desk_units.kind_labels(edition.spec)["association"] == "行业协会"
