"""What is asked of packets and dossiers."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, queries
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def packets(edition: Edition, cast: Cast, reading: MakeReading) -> list[Packet]:
    """Three packets of two units: people 1–3, then 4 who waits; 5 of another unit."""
    brought = [
        ("330108", [person(n) for n in (1, 2, 3)]),
        ("330108", [person(4, mobile=None)]),
        ("330102", [person(5)]),
    ]
    return [
        acts.receive_packet(reading(people), edition=edition, unit=edition.spec.unit(code), by=cast.organiser)[0]
        for code, people in brought
    ]


def number(of: int) -> str:
    return str(person(of)["id_number"])


def test_a_units_line_is_its_line_of_the_ledger(edition: Edition, packets: list[Packet]) -> None:
    for unit in edition.spec.units[:8]:
        assert queries.ledger_line(edition, unit) in queries.ledger(edition)


def test_the_ledger_takes_two_queries(
    edition: Edition, packets: list[Packet], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert len(queries.ledger(edition)) == 29


def test_people_of_other_units_are_found_by_number(edition: Edition, packets: list[Packet]) -> None:
    asked = [number(n) for n in (1, 4, 5, 9)]
    # who waits is not yet recommended
    assert queries.accepted_elsewhere(edition, edition.spec.unit("330102"), asked) == {number(1): "滨江区总工会"}
    assert queries.accepted_elsewhere(edition, edition.spec.unit("330108"), asked) == {number(5): "上城区总工会"}
    assert set(queries.accepted_elsewhere(edition, None, asked)) == {number(1), number(5)}
    assert queries.accepted_elsewhere(edition, None, []) == {}


def test_a_long_list_of_numbers_is_asked_for_in_parts(
    edition: Edition,
    packets: list[Packet],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(queries, "MAX_IN", 2)
    with django_assert_num_queries(3):
        found = queries.accepted_elsewhere(edition, None, [number(n) for n in range(6)])
    assert set(found) == {number(n) for n in (1, 2, 3, 5)}


def test_numbers_are_found_in_any_spelling(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    ending_in_x = next(n for n in range(200) if number(n).endswith("X"))
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading([person(ending_in_x)]), edition=edition, unit=unit, by=cast.organiser)
    assert len(queries.accepted_elsewhere(edition, None, [f" {number(ending_in_x).lower()} "])) == 1


def test_the_quota_counts_accepted_people_who_are_not_in_the_packet(edition: Edition, packets: list[Packet]) -> None:
    unit = edition.spec.unit("330108")
    assert queries.counted_for_quota(edition, unit) == 3
    assert queries.counted_for_quota(edition, unit, excluding=[number(1), number(2), number(9)]) == 1


def test_findings_are_counted_by_code_for_the_newest_revision(
    edition: Edition, packets: list[Packet], cast: Cast, reading: MakeReading
) -> None:
    assert queries.finding_counts(edition)["field.missing"] == 1
    assert queries.finding_counts(edition)["id_number.region_unknown"] == 5
    acts.receive_packet(reading([person(4)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    assert "field.missing" not in queries.finding_counts(edition)


def test_superseded_people_are_listed_only_when_asked_for(edition: Edition, packets: list[Packet]) -> None:
    Dossier.objects.filter(name=person(4)["name"]).update(state="superseded")
    assert queries.dossiers(edition, queries.DossierFilter()).count() == 4
    assert queries.dossiers(edition, queries.DossierFilter(state="superseded")).count() == 1


def test_what_is_on_its_way_or_stuck_stands_newest_first(edition: Edition, cast: Cast) -> None:
    for place, state in enumerate(Intake.State.values):
        intake = acts.bring_packet(
            edition=edition,
            file_name=state,
            sha256="0" * 64,
            size=place,
            unit_code="",
            channel="web",
            by=cast.organiser,
        )
        Intake.objects.filter(pk=intake.pk).update(state=state)
    open_now = [intake.file_name for intake in queries.open_intakes(edition)]
    assert open_now == ["failed", "held", "needs_unit", "reading", "waiting"]


def test_packets_stand_newest_first_in_their_edition(edition: Edition, packets: list[Packet]) -> None:
    assert list(queries.packets(edition)) == packets[::-1]
    assert list(queries.packets(Edition.objects.get(slug="2024"))) == []


def test_a_dossier_that_is_not_there_is_none(edition: Edition) -> None:
    assert queries.dossier_with_all("00000000-0000-4000-8000-000000000000") is None


def test_a_dossier_comes_with_what_its_page_shows(
    packets: list[Packet], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pk = str(Dossier.objects.all()[0].pk)
    with django_assert_num_queries(1):
        found = queries.dossier_with_all(pk)
        assert found is not None
        assert found.revision is not None
        assert (found.edition.slug, found.revision.packet.sequence, found.revision.person) == ("2023", 1, found.person)
