"""The plan of a rehearsed stage: everyone placed once, quotas respected in proportion, arrivals within the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest

from jiangbang.commands.speaking import bundled_edition
from jiangbang.rehearsal.faults import SPOILERS
from jiangbang.rehearsal.plan import Visit, allot, plan_stage, window

EDITION = bundled_edition()


def firsts(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.kind == "first"]


@pytest.mark.parametrize("people", [1, 2, 7, 30, 119, 120, 180, 500, 2_000])
def test_everyone_stands_in_exactly_one_first_packet(people: int) -> None:
    places = [
        number
        for visit in firsts(plan_stage(EDITION, people, seed=7))
        for number in range(visit.start, visit.start + visit.count)
    ]
    assert sorted(places) == list(range(people))


def test_the_same_seed_gives_the_same_plan() -> None:
    assert plan_stage(EDITION, 180, seed=5) == plan_stage(EDITION, 180, seed=5)
    assert plan_stage(EDITION, 180, seed=5) != plan_stage(EDITION, 180, seed=6)


@pytest.mark.parametrize("seed", range(6))
def test_some_units_have_not_begun_and_one_is_over_its_soft_quota(seed: int) -> None:
    first = firsts(plan_stage(EDITION, 180, seed=seed))
    assert len(first) == len(EDITION.units) - int(len(EDITION.units) * 0.2)
    over = [visit for visit in first if visit.count > visit.unit.quota_max]
    assert sorted(visit.unit.hard for visit in over) in ([False], [False, True])


@pytest.mark.parametrize("seed", range(6))
def test_every_fault_is_met_once_in_180_people_and_some_stay_uncorrected(seed: int) -> None:
    visits = plan_stage(EDITION, 180, seed=seed)
    seeded = [code for visit in firsts(visits) for code in visit.faults.values()]
    assert sorted(seeded) == sorted(SPOILERS)
    corrected = {visit.unit.code for visit in visits if visit.kind == "corrected"}
    faulty = {visit.unit.code for visit in firsts(visits) if visit.faults}
    assert corrected & faulty
    assert faulty - corrected


@pytest.mark.parametrize("people", [300, 2_000])
def test_the_rate_of_faults_is_kept(people: int) -> None:
    visits = plan_stage(EDITION, people, seed=4, fault_rate=0.1)
    assert sum(len(visit.faults) for visit in firsts(visits)) == people // 10


@pytest.mark.parametrize("seed", range(6))
def test_one_packet_lacks_its_roster_one_borrows_a_person_and_one_is_sent_twice(seed: int) -> None:
    visits = plan_stage(EDITION, 180, seed=seed)
    lender = {visit.start for visit in firsts(visits) if not visit.faults}
    assert [visit.kind for visit in visits if visit.roster is None] == ["first"]
    assert {visit.borrowed for visit in visits if visit.borrowed is not None} <= lender
    assert len([visit for visit in visits if visit.borrowed is not None]) == 1
    assert len([visit for visit in visits if visit.kind == "again"]) == 1


def test_whoever_is_borrowed_from_came_before_the_borrower() -> None:
    visits = plan_stage(EDITION, 180, seed=2023)
    borrower = next(visit for visit in visits if visit.borrowed is not None)
    lender = next(visit for visit in firsts(visits) if visit.start == borrower.borrowed)
    assert lender.at < borrower.at


def test_arrivals_are_in_order_and_between_the_opening_and_the_moment_of_the_edition() -> None:
    visits = plan_stage(EDITION, 500, seed=3)
    opens, closes = window(EDITION)
    times = [visit.at for visit in visits]
    assert times == sorted(times)
    assert opens <= times[0]
    assert times[-1] <= closes == EDITION.clock


def test_a_later_packet_never_comes_before_the_first() -> None:
    visits = plan_stage(EDITION, 500, seed=3)
    first = {visit.unit.code: visit.at for visit in firsts(visits)}
    assert all(first[visit.unit.code] <= visit.at for visit in visits)


def test_hard_quotas_hold_however_many_people_there_are() -> None:
    shares = allot(EDITION.units, 2_000, Random(1))
    assert sum(shares.values()) == 2_000
    assert all(shares[unit.code] <= unit.quota_max + 2 for unit in EDITION.units if unit.hard)


def test_an_edition_that_stands_before_its_opening_cannot_be_planned() -> None:
    early = replace(EDITION, clock=datetime.fromisoformat("2022-11-01T09:00:00+08:00"))
    with pytest.raises(ValueError, match="before the opening"):
        plan_stage(early, 10, seed=1)


def test_an_edition_without_units_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="no recommending unit"):
        plan_stage(replace(EDITION, units=()), 10, seed=1)
