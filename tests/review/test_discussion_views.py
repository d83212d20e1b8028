"""The pages of the discussion: the chief opens and ends it, experts say something and let their points stand."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from review.cards import far_apart
from review.experts import account_of

from jiangbang.programme.models import Edition
from jiangbang.review.models import Card, Discussion, Remark
from jiangbang.review.profiles import profile_of

pytestmark = pytest.mark.django_db


def test_chief_and_expert_go_through_a_discussion(client: Client, edition: Edition, cast: Cast) -> None:
    wide = far_apart(edition, cast.organiser)[0]
    client.force_login(cast.organiser)
    assert [row["gap"] for row in client.get("/review/discussion/").context["wide"]] == [40]
    assert "1 份材料待复议" in client.get("/review/").content.decode()
    assert "先行复议" in client.get("/review/ranking/").content.decode()
    client.post("/review/discussion/open/")
    client.post("/review/discussion/open/")
    made = Discussion.objects.get()
    card = Card.objects.select_related("seat__entry__edition").filter(reviewed=wide).earliest("seat__mark")
    judge, desk = account_of(card.seat.entry), Client()
    desk.force_login(judge)
    assert desk.get("/review/mine/").context["cards_again"] == 1
    text = desk.get("/review/mine/cards/").content.decode()
    others = Card.objects.exclude(pk=card.pk).select_related("seat__entry__expert")
    names = {profile_of(one.seat.entry.expert).name for one in others} - {profile_of(card.seat.entry.expert).name}
    assert "专家 " in text
    assert not any(name in text for name in names)
    assert not any(one.seat.entry.expert.code in text or f">{one.seat.mark}<" in text for one in others)
    desk.post(f"/review/mine/cards/{card.pk}/remark/", {"text": "应看应用规模"})
    assert Remark.objects.count() == 1
    assert "应看应用规模" in desk.get("/review/mine/cards/").content.decode()
    desk.post("/review/mine/cards/sign/")
    card.refresh_from_db()
    assert card.state == "open"
    desk.post(f"/review/mine/cards/{card.pk}/")
    desk.post("/review/mine/cards/sign/")
    card.refresh_from_db()
    assert card.state == "signed"
    page = client.get("/review/discussion/")
    assert [(row.again, row.asked, row.remarks) for row in page.context["rows"]] == [(1, 5, 1)]
    client.post(f"/review/discussion/{made.pk}/end/", {"reason": "逾期"})
    assert not Card.objects.filter(state="open").exists()
    assert client.post("/review/discussion/999999/end/", {"reason": "x"}).status_code == 404
    client.post("/review/ranking/compute/")
    client.post("/review/ranking/publish/")
    public = f"/proof/{edition.key}/"
    assert client.get(f"{public}files/first_scores.csv").content.decode().count(wide.code) == 5
    assert "first_scores.csv" in client.get(public).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_the_same_queries_for_one_dossier_and_for_three(
    client: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wide = far_apart(edition, cast.organiser, count)
    client.force_login(cast.organiser)
    client.post("/review/discussion/open/")
    client.get("/review/discussion/")
    with django_assert_num_queries(10):
        assert len(client.get("/review/discussion/").context["rows"]) == count
    card = Card.objects.select_related("seat__entry__edition").filter(reviewed=wide[0]).earliest("pk")
    client.force_login(account_of(card.seat.entry))
    client.get("/review/mine/cards/")
    with django_assert_num_queries(14):
        client.get("/review/mine/cards/")
