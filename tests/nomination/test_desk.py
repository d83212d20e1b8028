"""The organiser's desk: its questions, its figures, what needs somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, desk, desk_page
from jiangbang.nomination.models import Intake, Packet
from jiangbang.nomination.queries import ledger
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db

Bring = Callable[..., Packet]


@pytest.fixture
def bring(edition: Edition, cast: Cast, reading: MakeReading) -> Bring:
    def receive(*numbers: int, unit: str = "330108", **changes: object) -> Packet:
        people = [person(number, **changes) for number in numbers]
        return acts.receive_packet(
            reading(people, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
        )[0]

    return receive


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def stuck(edition: Edition, cast: Cast, name: str, state: str, **more: object) -> Intake:
    made = acts.bring_packet(
        edition=edition, file_name=name, sha256="0" * 64, size=9, unit_code="", channel="web", by=cast.organiser
    )
    Intake.objects.filter(pk=made.pk).update(state=state, **more)
    return made


def shown(edition: Edition, cast: Cast, **query: str) -> dict[str, object]:
    return desk_page.context(edition, query, by=cast.organiser)


FIGURES = ("accepted", "waiting", "waiting_units", "packet_count", "reported", "unit_count")


def test_the_figures_of_an_empty_edition_are_nought(edition: Edition, cast: Cast) -> None:
    found = shown(edition, cast)
    assert {key: found[key] for key in FIGURES} == dict.fromkeys(FIGURES, 0) | {"unit_count": 29}
    assert (found["needs"], found["arrival_rows"], list(found["recent"])) == ([], [], [])  # type: ignore[call-overload]
    assert len(found["ledger"]) == 29  # type: ignore[arg-type]


def test_the_figures_add_the_ledger_up(edition: Edition, cast: Cast, bring: Bring) -> None:
    bring(1, 2, 3)
    bring(4, 5, unit="330102", mobile=None)
    bring(6, unit="330102")
    found = shown(edition, cast)
    assert [found[key] for key in FIGURES] == [4, 2, 1, 3, 2, 29]
    lines = {line.unit.code: line for line in ledger(edition)}
    assert (lines["330108"].accepted, lines["330108"].waiting, lines["330108"].packets) == (3, 0, 1)
    assert (lines["330102"].accepted, lines["330102"].waiting, lines["330102"].packets) == (1, 2, 2)
    assert lines["330110"].started is False


def test_superseded_people_count_nowhere(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    unit = edition.spec.unit("330108")
    double = reading([person(1), person(1, motto="另一句。")], roster_of=[person(1)])
    acts.receive_packet(double, edition=edition, unit=unit, by=cast.organiser)
    acts.receive_packet(reading([person(1)]), edition=edition, unit=unit, by=cast.organiser)
    found = shown(edition, cast)
    assert (found["accepted"], found["waiting"]) == (1, 0)


def test_what_needs_the_office_stands_the_gravest_first(edition: Edition, cast: Cast, bring: Bring) -> None:
    bring(*range(6), unit="I01")
    bring(7, unit="330102", mobile=None)
    asked = stuck(edition, cast, "甲.zip", "needs_unit")
    failed = stuck(edition, cast, "乙.zip", "failed", failure_code="unreadable")
    stuck(edition, cast, "丙.zip", "reading")
    stuck(edition, cast, "丁.zip", "done")
    needs: list[desk_page.Need] = shown(edition, cast)["needs"]  # type: ignore[assignment]
    assert [(need.severity, need.href) for need in needs] == [
        ("block", f"/packets/arriving/{failed.pk}/"),
        ("block", f"/packets/arriving/{asked.pk}/"),
        ("warn", "/dossiers/?unit=I01"),
        ("warn", "/dossiers/?unit=330102&state=waiting"),
    ]
    assert "乙.zip" in needs[0].text
    assert re.findall(r"\d+", needs[2].text) == ["6", "5"]
    assert re.findall(r"\d+", needs[3].text) == ["1"]


def test_the_needs_of_another_edition_are_not_shown(edition: Edition, cast: Cast) -> None:
    stuck(Edition.objects.get(slug="2024"), cast, "甲.zip", "needs_unit")
    assert shown(edition, cast)["needs"] == []


@pytest.mark.parametrize(
    ("sort", "first"),
    [("order", "330102"), ("count", "330108"), ("waiting", "330106"), ("quota", "I01"), ("x", "330102")],
)
def test_the_ledger_is_sorted_as_asked(edition: Edition, cast: Cast, bring: Bring, sort: str, first: str) -> None:
    bring(*range(10))
    bring(*range(10, 14), unit="I01")
    bring(20, 21, unit="330106", mobile=None)
    assert shown(edition, cast, sort=sort)["ledger"][0]["code"] == first  # type: ignore[index]


def test_the_ledger_sorted_by_name_stands_in_the_order_of_names(edition: Edition, cast: Cast) -> None:
    names = [row["name"] for row in shown(edition, cast, sort="name")["ledger"]]  # type: ignore[attr-defined]
    assert names == sorted(names)


@pytest.mark.parametrize(("kind", "count"), [("district_union", 13), ("", 29), ("nonsense", 0)])
def test_the_ledger_is_narrowed_to_one_kind_of_unit(edition: Edition, cast: Cast, kind: str, count: int) -> None:
    assert len(shown(edition, cast, kind=kind)["ledger"]) == count  # type: ignore[arg-type]


def test_each_kind_is_offered_with_its_number(edition: Edition, cast: Cast) -> None:
    kinds = shown(edition, cast)["kinds"]
    assert sum(kind["count"] for kind in kinds) == 29  # type: ignore[attr-defined]


def test_arrivals_are_shown_by_the_hour_at_first_and_then_by_the_day(
    edition: Edition, cast: Cast, bring: Bring
) -> None:
    first, second, third = bring(1), bring(2, unit="330102"), bring(3, unit="330106")
    at = datetime(2023, 3, 14, 1, 20, tzinfo=UTC)
    for packet, later in ((first, timedelta()), (second, timedelta(minutes=30)), (third, timedelta(hours=5))):
        Packet.objects.filter(pk=packet.pk).update(received_at=at + later)
    due = edition.deadline.at

    def rows_of(found: desk.Arrivals) -> list[list[object]]:
        return desk_page.arrival_rows(found.rows, found.step, due)

    hourly = desk.arrivals(edition)
    rows = [["03-14 09:00", 2], *([f"03-14 {hour}:00", 0] for hour in range(10, 14)), ["03-14 14:00", 1]]
    assert (hourly.step, rows_of(hourly)) == ("hour", rows)
    assert desk_page.deadline_marks(edition, "hour", rows) == []
    # 23:30 UTC is the next day in Hangzhou
    Packet.objects.filter(pk=third.pk).update(received_at=datetime(2023, 3, 16, 23, 30, tzinfo=UTC))
    daily = desk.arrivals(edition)
    # the axis goes on to the deadline
    rows = [["2023-03-14", 2], ["2023-03-15", 0], ["2023-03-16", 0], ["2023-03-17", 1]]
    rows += [[f"2023-03-{day}", 0] for day in range(18, 32)]
    assert (daily.step, rows_of(daily)) == ("day", rows)
    assert [mark["at"] for mark in desk_page.deadline_marks(edition, "day", rows)] == ["2023-03-31"]
    # over a year days without a packet are left out
    Packet.objects.filter(pk=third.pk).update(received_at=datetime(2024, 3, 16, 23, 30, tzinfo=UTC))
    assert rows_of(desk.arrivals(edition)) == [["2023-03-14", 2], ["2024-03-17", 1]]


def test_classes_that_occur_are_offered_the_most_frequent_first(edition: Edition, bring: Bring) -> None:
    bring(1, 2)
    bring(3, unit="330102", industry_class="0401 互联网平台")
    bring(4, unit="330106", industry_class=None)
    assert desk.class_counts(edition) == {"0301 软件开发": 2, "0401 互联网平台": 1}


def test_the_queue_is_counted_from_the_front(edition: Edition, cast: Cast) -> None:
    brought = [stuck(edition, cast, f"{number}.zip", "waiting") for number in range(3)]
    stuck(edition, cast, "failed.zip", "failed")
    now = timezone.now()
    for number, one in enumerate(brought):
        Intake.objects.filter(pk=one.pk).update(brought_at=now + timedelta(seconds=number))
        one.refresh_from_db()
    assert [desk.intakes_ahead(one) for one in brought] == [0, 1, 2]
    Intake.objects.filter(pk=brought[0].pk).update(state="done")
    assert [desk.intakes_ahead(one) for one in brought[1:]] == [0, 1]


def test_the_desk_takes_the_same_queries_for_one_file_that_is_stuck_and_for_three(
    office: Client, edition: Edition, cast: Cast, bring: Bring, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bring(1)
    stuck(edition, cast, "甲.zip", "needs_unit")
    with django_assert_num_queries(12):
        office.get("/")
    stuck(edition, cast, "乙.zip", "failed")
    stuck(edition, cast, "丙.zip", "failed")
    with django_assert_num_queries(12):
        office.get("/")


def test_the_desk_is_of_the_edition_that_was_chosen(office: Client, bring: Bring) -> None:
    bring(1)
    assert ">2023-" not in office.get("/").content.decode()
    assert office.get("/").context["packet_count"] == 1
    assert office.post("/edition/", {"edition": "hangzhou-digital-craftsman/2024"})["Location"] == "/"
    chosen = office.get("/")
    assert (chosen.context["edition"].slug, chosen.context["packet_count"]) == ("2024", 0)
    assert office.post("/edition/", {"edition": "hangzhou-digital-craftsman/1999"}).status_code == 404
    assert office.post("/edition/", {"edition": "a\0b"}).status_code == 404
    assert office.get("/").context["edition"].slug == "2024"


def test_the_desk_speaks_english_when_asked(office: Client, bring: Bring) -> None:
    bring(1, mobile=None)
    assert office.post("/language/", {"language": "en", "next": "/"})["Location"] == "/"
    page = office.get("/").content.decode()
    assert "has to mend 1 dossier" in page
    assert '<html lang="en">' in page
    office.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-Hans">' in office.get("/").content.decode()


def test_without_an_edition_only_the_way_to_load_one_is_shown(client: Client, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert "jiangbang programme load" in client.get("/").content.decode()
    paths = ["/packets/", "/dossiers/", "/dossiers.csv", "/register/", "/register/export/", "/units/330108/roster.xlsx"]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert client.post("/packets/receive/").status_code == 404
