"""The edition in figures."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, desk_funnel
from jiangbang.nomination.desk_figures import figures
from jiangbang.nomination.desk_funnel import FunnelStep, register_funnel
from jiangbang.nomination.models import Packet
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recommendation stage alone, without the drafts of others."""
    monkeypatch.setattr(desk_funnel, "_providers", [])


def bring(edition: Edition, cast: Cast, reading: MakeReading, unit: str, *numbers: int, **changes: object) -> None:
    people = [person(number, **changes) for number in numbers]
    acts.receive_packet(reading(people, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser)


def test_an_empty_edition_has_no_figures_and_says_what_makes_the_first(
    client: Client, cast: Cast, edition: Edition
) -> None:
    client.force_login(cast.organiser)
    assert figures(edition) == []
    assert "还没有可统计的" in client.get("/desk/figures/").content.decode()


def test_figures_count_arrivals_districts_classes_and_the_way_through(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    bring(edition, cast, reading, "330108", 1, 2)
    bring(edition, cast, reading, "330102", 3, mobile=None)
    bring(edition, cast, reading, "I01", 4, industry_class="0401 互联网平台")
    Packet.objects.update(received_at=edition.deadline.at)
    found = {figure.id: figure for figure in figures(edition)}
    assert found["by-day"].rows == [["2023-03-31", 3]]
    assert found["by-day"].marks == [{"at": "2023-03-31", "label": "截止时间"}]
    assert found["by-hour"].rows == [["03-31 23:00", 3]]
    assert found["by-hour"].marks == [{"at": "03-31 23:00", "label": "截止时间"}]
    districts = {row[0]: row[1:] for row in found["by-district"].rows}
    assert (len(districts), districts["滨江区总工会"], districts["上城区总工会"]) == (13, [2, 0], [0, 1])
    assert found["by-class"].rows == [["0301 软件开发", 3], ["0401 互联网平台", 1]]
    assert found["funnel"].rows == [["已接收", 4], ["已受理", 3]]


def test_many_classes_are_summed_up(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    people = [person(number, industry_class=f"{number:04} 某类") for number in range(23)]
    acts.receive_packet(reading(people), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    rows = next(figure.rows for figure in figures(edition) if figure.id == "by-class")
    assert (len(rows), rows[-1]) == (21, ["其他 3 类", 3])


def test_other_stages_put_their_drafts_before(edition: Edition) -> None:
    def drafts(_edition: Edition) -> list[FunnelStep]:
        return [FunnelStep("起草中", 7)]

    register_funnel(drafts)
    register_funnel(drafts)
    rows = next(figure.rows for figure in figures(edition) if figure.id == "funnel")
    assert rows == [["起草中", 7], ["已接收", 0], ["已受理", 0]]


def test_figures_take_the_same_queries_for_one_packet_and_for_three(
    client: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(cast.organiser)
    bring(edition, cast, reading, "330108", 1)
    with django_assert_num_queries(9):
        client.get("/desk/figures/")
    bring(edition, cast, reading, "330102", 3)
    bring(edition, cast, reading, "330106", 4)
    with django_assert_num_queries(9):
        client.get("/desk/figures/")
