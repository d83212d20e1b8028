"""The pages of the draw."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from review.experts import account_of
from review.panels import agreed_pool, held

from jiangbang.programme.models import Edition
from jiangbang.review import drawing
from jiangbang.review.models import Draw, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.organiser)
    return client


def test_a_draw_from_the_first_page_to_the_hall(office: Client, edition: Edition, cast: Cast) -> None:
    agreed_pool(edition, cast.organiser)
    assert "锁定专家库与规则" in office.get("/review/draw/").content.decode()
    office.post("/review/draw/commit/")
    drawn = Draw.objects.get()
    hall = office.get("/review/draw/hall/").content.decode()
    assert drawn.commitment[:8] in hall
    sent = {"witness": ["王", "李", ""], "entry": ["一", "", ""]}
    refused = office.post("/review/draw/hall/", sent)
    assert (refused.status_code, refused.context["lines"][0]) == (200, ("王", "一"))
    assert office.post("/review/draw/hall/", {**sent, "entry": ["一", "二", ""]}).status_code == 302
    hall = office.get("/review/draw/hall/").content.decode()
    assert all(seat.entry.expert.code in hall for seat in Seat.objects.select_related("entry__expert"))
    assert "林" not in hall


def test_a_committed_draw_is_given_up_on_the_page(office: Client, edition: Edition, cast: Cast) -> None:
    agreed_pool(edition, cast.organiser)
    office.post("/review/draw/commit/")
    office.post("/review/draw/give-up/", {"reason": "见证人未到"})
    assert "见证人未到" in office.get("/review/draw/").content.decode()


def test_the_proof_is_public_and_its_file_only_after_the_ceremony(client: Client, edition: Edition, cast: Cast) -> None:
    page = f"/proof/{edition.key}/"
    assert client.get(page).status_code == 404
    agreed_pool(edition, cast.organiser)
    drawn = drawing.commit_draw(edition, by=cast.organiser)
    assert drawn.commitment[:8] in client.get(page).content.decode()
    assert client.get(f"{page}draw.json").status_code == 404
    drawing.hold_draw(drawn, (("王", "1"), ("李", "2")), by=cast.organiser)
    assert json.loads(client.get(f"{page}draw.json").content)["witnesses"] == ["1", "2"]


def test_the_office_writes_answers_down_and_is_told_who_follows(office: Client, edition: Edition, cast: Cast) -> None:
    first, second, third = held(edition, cast.organiser).seats.filter(alternate=False).order_by("place")[:3]
    office.post(f"/review/draw/seats/{first.pk}/", {"answer": "confirm"})
    office.post(f"/review/draw/seats/{second.pk}/", {"answer": "refuse", "reason": "出差"})
    answer = office.post(f"/review/draw/seats/{third.pk}/", {"answer": "release", "reason": "联系不上"}, follow=True)
    assert "递补" in answer.content.decode()
    assert [seat.state for seat in Seat.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("place")] == [
        "confirmed",
        "refused",
        "released",
    ]
    assert office.post("/review/draw/seats/0/", {"answer": "confirm"}).status_code == 404


def test_the_page_takes_the_same_queries_for_every_panel(
    office: Client, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    held(edition, cast.organiser)
    office.get("/review/draw/")
    with django_assert_num_queries(9):
        office.get("/review/draw/")


def test_an_expert_answers_and_declares(client: Client, edition: Edition, cast: Cast) -> None:
    seats = held(edition, cast.organiser).seats.select_related("entry__edition", "entry__expert")
    seat, other = seats.filter(alternate=False).order_by("place")[:2]
    client.force_login(account_of(seat.entry))
    assert client.get("/review/mine/relations/").status_code == 403
    client.post("/review/mine/seat/", {"answer": "confirm"})
    line = {"kind": ["kinship", ""], "person": ["张三", ""], "organisation": ["", ""], "note": ["", ""]}
    refused = client.post("/review/mine/relations/", line)
    assert refused.context["lines"][0]["person"] == "张三"
    assert client.post("/review/mine/relations/", {**line, "truthful": "yes"})["Location"] == "/review/mine/"
    assert "张三" in client.get("/review/mine/relations/").content.decode()
    client.force_login(account_of(other.entry))
    client.post("/review/mine/seat/", {"answer": "refuse", "reason": ""})
    other.refresh_from_db()
    assert other.state == "asked"
    client.post("/review/mine/seat/", {"answer": "refuse", "reason": "出差"})
    other.refresh_from_db()
    assert other.state == "refused"


def test_an_alternate_who_waits_is_told_nothing(client: Client, edition: Edition, cast: Cast) -> None:
    seat = (
        held(edition, cast.organiser).seats.select_related("entry__edition", "entry__expert").filter(alternate=True)[0]
    )
    client.force_login(account_of(seat.entry))
    assert client.get("/review/mine/").context["seat"] is None
    client.post("/review/mine/seat/", {"answer": "confirm"})
    seat.refresh_from_db()
    assert seat.state == "waiting"
