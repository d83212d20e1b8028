"""Who goes within a quota, and who stands outside it."""

from __future__ import annotations

from unittest import mock

import pytest
from nomination.conftest import ended_edition, reading  # noqa: F401 — fixtures
from nomination.readings import MakeReading, make_reading, person
from recommendation.people import UNIT, People, account, ready, unit_of

from jiangbang.accounts.models import Role
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.queries import counted_for_quota
from jiangbang.programme.models import Edition
from jiangbang.recommendation import quotas, submitting
from jiangbang.recommendation.models import DirectRoute
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
WON = {"contest_level": "2", "contest_rank": "1", "contest_year": "2023"}


@pytest.fixture
def crowd(edition: Edition, people: People, reading: MakeReading) -> list[Dossier]:  # noqa: F811
    """32 people of a unit that may send 30: the last two are held."""
    nomination_acts.receive_packet(
        reading([person(number) for number in range(32)]), edition=edition, unit=unit_of(edition), by=people.organiser
    )
    return quotas.in_order(edition, UNIT)


def choose(edition: Edition, people: People, chosen: list[Dossier], stamp: str = "") -> tuple[int, int]:
    seen = stamp or quotas.stamp_of(quotas.in_order(edition, UNIT))
    return quotas.choose_who_goes(edition, unit_of(edition), [one.pk for one in chosen], stamp=seen, by=people.unit)


def held() -> set[str]:
    return set(Dossier.objects.filter(state="held").values_list("name", flat=True))


def test_the_order_is_that_of_the_roster(crowd: list[Dossier]) -> None:
    assert [one.name for one in crowd] == [person(number)["name"] for number in range(32)]
    assert [one.state for one in crowd] == ["accepted"] * 30 + ["held"] * 2


def test_the_unit_takes_somebody_in_instead_of_another(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    assert choose(edition, people, crowd[1:31]) == (1, 1)
    assert held() == {crowd[0].name, crowd[31].name}
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject) == ("quota.chosen", f"unit:{UNIT}")
    assert entry.facts == {"unit": UNIT, "accepted": 1, "held": 1, "people": [str(crowd[30].pk), str(crowd[0].pk)]}


def test_it_may_change_its_mind_until_the_deadline_and_send_fewer(
    edition: Edition, people: People, crowd: list[Dossier]
) -> None:
    choose(edition, people, crowd[1:31])
    assert choose(edition, people, crowd[2:32]) == (1, 1)
    assert choose(edition, people, crowd[:5]) == (2, 27)
    assert len(held()) == 27


def test_a_seat_that_was_given_up_takes_a_new_packet(
    edition: Edition,
    people: People,
    crowd: list[Dossier],
    reading: MakeReading,  # noqa: F811
) -> None:
    choose(edition, people, crowd[:29])
    packet, _judged = nomination_acts.receive_packet(
        reading([person(40)], salt="late"), edition=edition, unit=unit_of(edition), by=people.organiser
    )
    assert (packet.accepted_count, counted_for_quota(edition, unit_of(edition))) == (1, 30)


def test_the_same_choice_changes_nothing(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    before = Entry.objects.count()
    assert choose(edition, people, crowd[:30]) == (0, 0)
    assert Entry.objects.count() == before


def test_above_the_bound_nothing_is_saved(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    with pytest.raises(Refused) as refusal:
        choose(edition, people, crowd[:31])
    assert (refusal.value.code, "至多可推荐 30 人，您选了 31 人" in str(refusal.value)) == ("quota", True)
    assert held() == {crowd[30].name, crowd[31].name}


def test_who_saw_an_older_list_is_told(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    seen = quotas.stamp_of(crowd)
    choose(edition, people, crowd[1:31])
    with pytest.raises(Refused) as refusal:
        choose(edition, people, crowd[2:32], stamp=seen)
    assert refusal.value.code == "changed"


def test_nobody_elses_person_can_be_chosen(
    edition: Edition,
    people: People,
    crowd: list[Dossier],
    reading: MakeReading,  # noqa: F811
) -> None:
    nomination_acts.receive_packet(
        reading([person(50)], unit="余杭"), edition=edition, unit=edition.spec.unit("330110"), by=people.organiser
    )
    strange = Dossier.objects.get(unit_code="330110")
    with pytest.raises(Refused) as refusal:
        choose(edition, people, [*crowd[:3], strange])
    assert refusal.value.code == "unknown_person"


@pytest.mark.parametrize("who", ["other", "organiser", "discipline", "stranger"])
def test_only_the_units_own_people_choose(edition: Edition, people: People, crowd: list[Dossier], who: str) -> None:
    with pytest.raises(Refused) as refusal:
        quotas.choose_who_goes(edition, unit_of(edition), [], stamp=quotas.stamp_of(crowd), by=getattr(people, who))
    assert refusal.value.code == "permission"


def test_after_the_deadline_it_stands_as_it_is(ended_edition: Edition) -> None:  # noqa: F811
    by = account("late-unit", ended_edition, Role.UNIT, UNIT)
    with pytest.raises(Refused) as refusal:
        quotas.choose_who_goes(ended_edition, unit_of(ended_edition), [], stamp="", by=by)
    assert refusal.value.code == "late"


def test_whom_another_unit_recommends_meanwhile_is_not_taken_in(
    edition: Edition, people: People, crowd: list[Dossier]
) -> None:
    reading_there = make_reading([person(31)], unit="余杭")
    nomination_acts.receive_packet(
        reading_there, edition=edition, unit=edition.spec.unit("330110"), by=people.organiser
    )
    assert Dossier.objects.filter(unit_code="330110", state="accepted").count() == 1
    with pytest.raises(Refused) as refusal:
        choose(edition, people, [*crowd[:29], crowd[31]])
    assert refusal.value.code == "elsewhere"


def test_a_failed_register_write_chooses_nobody(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        choose(edition, people, crowd[1:31])
    assert held() == {crowd[30].name, crowd[31].name}


# -- direct titles -------------------------------------------------------------------------------------------------------


@pytest.fixture
def second(edition: Edition, people: People) -> tuple[Edition, People]:
    """The edition that gives titles directly, with the unit's people in it."""
    found = Edition.objects.get(slug="2024")
    unit = account("unit-2024", found, Role.UNIT, UNIT)
    return found, People(unit, unit, people.other, people.organiser, people.discipline, people.stranger)


def received(edition: Edition, people: People, count: int) -> list[Dossier]:
    nomination_acts.receive_packet(
        make_reading([person(number) for number in range(count)]),
        edition=edition,
        unit=unit_of(edition),
        by=people.organiser,
    )
    return quotas.in_order(edition, UNIT)


def test_a_granted_direct_title_frees_a_seat(second: tuple[Edition, People]) -> None:
    edition, people = second
    crowd = received(edition, people, 31)
    route = quotas.claim_direct(crowd[0], "craftsman_direct", WON, by=people.unit)
    assert quotas.said_of(route) == {"contest_level": 2, "contest_rank": 1, "contest_year": 2023}
    assert counted_for_quota(edition, unit_of(edition)) == 30
    quotas.decide_direct(route, granted=True, by=people.organiser)
    assert counted_for_quota(edition, unit_of(edition)) == 29
    assert choose(edition, people, crowd[1:]) == (1, 0)
    assert held() == set()
    entry = Entry.objects.filter(type="direct.granted").get()
    assert (entry.subject, entry.facts) == (crowd[0].subject, {"unit": UNIT, "title": "craftsman_direct"})


def test_whom_the_quota_held_goes_once_it_is_granted(second: tuple[Edition, People]) -> None:
    edition, people = second
    crowd = received(edition, people, 31)
    route = quotas.claim_direct(crowd[30], "craftsman_direct", WON, by=people.unit)
    quotas.decide_direct(route, granted=True, by=people.organiser)
    assert held() == set()
    # not ticked, for nobody chooses direct titles: it goes all the same
    choose(edition, people, crowd[:2])
    assert Dossier.objects.get(pk=crowd[30].pk).state == "accepted"


def test_a_refused_claim_counts_and_may_be_made_again(second: tuple[Edition, People]) -> None:
    edition, people = second
    (one,) = received(edition, people, 1)
    route = quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    with pytest.raises(Refused) as refusal:
        quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    assert refusal.value.code == "claimed"
    quotas.decide_direct(route, granted=False, by=people.organiser)
    assert counted_for_quota(edition, unit_of(edition)) == 1
    with pytest.raises(Refused) as refusal:
        quotas.decide_direct(route, granted=True, by=people.organiser)
    assert refusal.value.code == "decided"
    quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    assert list(DirectRoute.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "claimed"]


@pytest.mark.parametrize(
    ("title", "said", "code"),
    [
        ("craftsman", WON, "unknown_title"),
        ("", WON, "unknown_title"),
        ("craftsman_direct", {**WON, "contest_rank": "2"}, "rule"),
        ("craftsman_direct", {**WON, "contest_level": "1"}, "rule"),
        ("craftsman_direct", {**WON, "contest_year": "2021"}, "rule"),
        ("craftsman_direct", {**WON, "contest_year": "二〇二三"}, "number"),
        ("craftsman_direct", {**WON, "contest_year": "9999999"}, "number"),
        ("craftsman_direct", {}, "number"),
    ],
)
def test_what_does_not_fit_is_refused(
    second: tuple[Edition, People], title: str, said: dict[str, str], code: str
) -> None:
    edition, people = second
    (one,) = received(edition, people, 1)
    with pytest.raises(Refused) as refusal:
        quotas.claim_direct(one, title, said, by=people.unit)
    assert (refusal.value.code, DirectRoute.objects.count()) == (code, 0)


def test_the_first_edition_gives_no_title_directly(edition: Edition, people: People, crowd: list[Dossier]) -> None:
    with pytest.raises(Refused) as refusal:
        quotas.claim_direct(crowd[0], "craftsman_direct", WON, by=people.unit)
    assert refusal.value.code == "unknown_title"


def test_papers_that_wait_for_correction_cannot_be_claimed_for(second: tuple[Edition, People]) -> None:
    edition, people = second
    (one,) = received(edition, people, 1)
    route = quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    Dossier.objects.update(state="waiting")
    with pytest.raises(Refused) as refusal:
        quotas.decide_direct(route, granted=True, by=people.organiser)
    assert refusal.value.code == "not_accepted"
    DirectRoute.objects.all().delete()
    with pytest.raises(Refused) as refusal:
        quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    assert refusal.value.code == "not_accepted"


def test_the_unit_does_not_decide_and_the_office_does_not_claim(second: tuple[Edition, People]) -> None:
    edition, people = second
    (one,) = received(edition, people, 1)
    with pytest.raises(Refused) as refusal:
        quotas.claim_direct(one, "craftsman_direct", WON, by=people.organiser)
    assert refusal.value.code == "permission"
    route = quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    for nobody in (people.unit, people.discipline):
        with pytest.raises(Refused) as refusal:
            quotas.decide_direct(route, granted=True, by=nobody)
        assert refusal.value.code == "permission"


def test_a_submitted_candidacy_that_is_held_keeps_its_place_in_the_order(edition: Edition, people: People) -> None:
    ranked = [ready(edition, people.unit, number) for number in (1, 2)]
    for place, one in enumerate(reversed(ranked), 1):
        one.rank = place
        one.save(update_fields=["rank"])
    prepared = submitting.prepare(edition, unit_of(edition), ranked, by=people.unit)
    submitting.submit_packet(prepared, declaration="属实", by=people.unit)
    crowd = quotas.in_order(edition, UNIT)
    assert [one.name for one in crowd] == [ranked[1].name, ranked[0].name]
    assert choose(edition, people, crowd[:1]) == (0, 1)
    assert held() == {ranked[0].name}
