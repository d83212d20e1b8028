"""What is new on an open desk."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, desk_live
from jiangbang.nomination.desk_live import Stamp
from jiangbang.nomination.models import Intake, Packet
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def bring(edition: Edition, cast: Cast, reading: MakeReading, *numbers: int, unit: str = "330108") -> Packet:
    people = [person(number) for number in numbers]
    return acts.receive_packet(
        reading(people, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
    )[0]


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.mark.parametrize("text", ["", "1-2", "1-2-x", "1-2--3", "1-2-3-4", "1-2-" + "9" * 30, "１-2-3"])
def test_a_stamp_that_is_none_of_ours_is_unsaid(text: str) -> None:
    assert Stamp.read(text) is None


def test_a_stamp_travels_in_the_address() -> None:
    assert Stamp.read(str(Stamp(7, 3, 1))) == Stamp(7, 3, 1)


def test_the_stamp_changes_with_every_act_and_every_question(
    edition: Edition, cast: Cast, reading: MakeReading, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        first = desk_live.stamp(edition)
    packet = bring(edition, cast, reading, 1)
    second = desk_live.stamp(edition)
    assert (second.packet, second.size > first.size) == (packet.pk, True)
    acts.bring_packet(
        edition=edition, file_name="x.zip", sha256="0" * 64, size=9, unit_code="", channel="web", by=cast.organiser
    )
    third = desk_live.stamp(edition)
    Intake.objects.update(state="needs_unit")
    fourth = desk_live.stamp(edition)
    assert (third.size, third.stuck, fourth.stuck) == (fourth.size, 0, 1)
    other = desk_live.stamp(Edition.objects.get(slug="2024"))
    assert (other.packet, other.stuck) == (0, 0)


def test_a_desk_on_which_nothing_is_new_gets_no_content(office: Client, edition: Edition) -> None:
    answer = office.get(f"/desk/news/?since={desk_live.stamp(edition)}")
    assert (answer.status_code, answer.content) == (204, b"")


def test_new_packets_come_marked_and_are_said(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    old = bring(edition, cast, reading, 1)
    since = desk_live.stamp(edition)
    new = bring(edition, cast, reading, 2, unit="330102")
    page = office.get(f"/desk/news/?since={since}&standing=few").content.decode()
    assert page.count("data-new") == 1
    assert f'<li data-new><span><a id="recent-{new.pk}"' in page
    assert f'<li><span><a id="recent-{old.pk}"' in page
    assert "收到 1 个材料包" in page
    assert f"since={desk_live.stamp(edition)}&amp;standing=few" in page
    assert 'id="unit-330102" hx-swap-oob="true"' in page


def test_a_change_without_a_packet_is_shown_and_not_said(office: Client, edition: Edition, cast: Cast) -> None:
    since = desk_live.stamp(edition)
    acts.note_download("edition:x", "units.csv", edition=edition, by=cast.organiser)
    page = office.get(f"/desk/news/?since={since}").content.decode()
    assert ("desk-stats" in page, "desk-said" in page, "data-new" in page) == (True, False, False)


def test_odd_stamps_bring_the_whole_desk(office: Client, edition: Edition, cast: Cast, reading: MakeReading) -> None:
    bring(edition, cast, reading, 1)
    page = office.get("/desk/news/?since=nonsense").content.decode()
    assert ("desk-stats" in page, "data-new" in page) == (True, False)


def test_a_look_costs_the_same_for_one_packet_and_for_three(
    office: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bring(edition, cast, reading, 1)
    counts = []
    for _ in range(2):
        since = desk_live.stamp(edition)
        with django_assert_num_queries(5):
            assert office.get(f"/desk/news/?since={since}").status_code == 204
        with django_assert_num_queries(11):
            counts.append(office.get("/desk/news/?since=0-0-0").content.count(b"data-new"))
        bring(edition, cast, reading, 2, unit="330102")
        bring(edition, cast, reading, 3, unit="330106")
    assert counts == [1, 3]
