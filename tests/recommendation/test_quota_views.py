"""The unit's page on which it chooses who goes, and the office's ledger."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import make_reading, person
from pytest_django import DjangoAssertNumQueries
from recommendation.people import UNIT, People, account, unit_of

from jiangbang.accounts.models import Role
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.recommendation import quotas
from jiangbang.recommendation.models import DirectRoute

pytestmark = pytest.mark.django_db
WON = {"contest_level": "2", "contest_rank": "1", "contest_year": "2023"}


def receive(edition: Edition, people: People, count: int) -> list[Dossier]:
    records = [person(number) for number in range(count)]
    nomination_acts.receive_packet(make_reading(records), edition=edition, unit=unit_of(edition), by=people.organiser)
    return quotas.in_order(edition, UNIT)


@pytest.fixture
def unit(client: Client, people: People) -> Client:
    client.force_login(people.unit)
    return client


def test_the_unit_chooses(unit: Client, edition: Edition, people: People) -> None:
    crowd = receive(edition, people, 31)
    page = unit.get("/unit/quota/")
    assert "暂缓 1 人" in page.content.decode()
    assert page.content.decode().count(" checked") == 30
    sent = {"stamp": page.context["stamp"], "goes": [str(one.pk) for one in crowd[1:]]}
    assert unit.post("/unit/quota/", sent)["Location"] == "/unit/quota/"
    assert [one.state for one in quotas.in_order(edition, UNIT)] == ["held"] + ["accepted"] * 30


def test_too_many_are_told_and_what_was_ticked_stays(unit: Client, edition: Edition, people: People) -> None:
    crowd = receive(edition, people, 31)
    stamp = unit.get("/unit/quota/").context["stamp"]
    answer = unit.post("/unit/quota/", {"stamp": stamp, "goes": [str(one.pk) for one in crowd]})
    assert "至多可推荐 30 人，您选了 31 人" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 31


def test_what_changed_meanwhile_is_shown(unit: Client, edition: Edition, people: People) -> None:
    receive(edition, people, 31)
    answer = unit.post("/unit/quota/", {"stamp": "older", "goes": []})
    assert "其间已有人调整人选" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 30


@pytest.mark.parametrize("goes", [["x"], ["00000000-0000-0000-0000-000000000000"]])
def test_strange_input_is_told(unit: Client, edition: Edition, people: People, goes: list[str]) -> None:
    receive(edition, people, 2)
    stamp = unit.get("/unit/quota/").context["stamp"]
    assert "名单已有变化" in unit.post("/unit/quota/", {"stamp": stamp, "goes": goes}).content.decode()


def test_an_empty_page_says_what_must_come_first(unit: Client, edition: Edition) -> None:
    assert "还没有材料齐全的人选" in unit.get("/unit/quota/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_units_page_takes_the_same_queries_for_one_and_for_three(
    unit: Client, edition: Edition, people: People, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    receive(edition, people, count)
    unit.get("/unit/quota/")
    with django_assert_num_queries(8):
        answer = unit.get("/unit/quota/")
    assert len(answer.context["rows"]) == count


@pytest.fixture
def second(edition: Edition, people: People) -> tuple[Edition, People]:
    found = Edition.objects.get(slug="2024")
    unit = account("unit-2024", found, Role.UNIT, UNIT)
    return found, People(unit, unit, people.other, people.organiser, people.discipline, people.stranger)


def enter(client: Client, edition: Edition, user: object) -> None:
    client.force_login(user)  # type: ignore[arg-type]
    client.post("/edition/", {"edition": edition.key})


def test_a_claim_goes_to_the_office_and_its_word_comes_back(client: Client, second: tuple[Edition, People]) -> None:
    edition, people = second
    (one,) = receive(edition, people, 1)
    enter(client, edition, people.unit)
    assert "为" + one.name + "申报直接认定" in client.get("/unit/quota/").content.decode()
    client.post(f"/unit/quota/{one.pk}/direct/", {"title": "craftsman_direct", **WON})
    route = DirectRoute.objects.get()
    assert "已申报，待审定" in client.get("/unit/quota/").content.decode()
    enter(client, edition, people.organiser)
    assert one.name in client.get("/quotas/").content.decode()
    client.post(f"/quotas/direct/{route.pk}/", {"word": "grant"})
    page = client.get("/quotas/").content.decode()
    assert "没有待审定的申报" in page
    assert Dossier.objects.get().direct_title == "craftsman_direct"


def test_a_claim_that_does_not_fit_is_told(client: Client, second: tuple[Edition, People]) -> None:
    edition, people = second
    (one,) = receive(edition, people, 1)
    enter(client, edition, people.unit)
    answer = client.post(
        f"/unit/quota/{one.pk}/direct/", {"title": "craftsman_direct", **WON, "contest_rank": "4"}, follow=True
    )
    assert "不符合该称号直接认定的条件" in answer.content.decode()


def test_what_is_not_there_is_not_found(client: Client, second: tuple[Edition, People]) -> None:
    edition, people = second
    enter(client, edition, people.unit)
    assert client.post("/unit/quota/00000000-0000-0000-0000-000000000000/direct/", WON).status_code == 404
    enter(client, edition, people.organiser)
    assert client.post("/quotas/direct/1/", {"word": "grant"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_ledger_takes_the_same_queries_for_one_claim_and_for_three(
    client: Client,
    second: tuple[Edition, People],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    edition, people = second
    for one in receive(edition, people, count):
        quotas.claim_direct(one, "craftsman_direct", WON, by=people.unit)
    enter(client, edition, people.organiser)
    client.get("/quotas/")
    with django_assert_num_queries(8):
        answer = client.get("/quotas/")
    assert len(answer.context["claims"]) == count


def test_the_ledger_says_who_is_held(client: Client, edition: Edition, people: People) -> None:
    receive(edition, people, 31)
    client.force_login(people.organiser)
    answer = client.get("/quotas/")
    assert (answer.context["held"], answer.context["accepted"]) == (1, 30)
    assert f"unit={UNIT}&amp;state=held" in answer.content.decode()
