"""The organiser's page of recusals."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast
from pytest_django import DjangoAssertNumQueries
from review.panels import confirmed, eligible_dossiers
from review.test_ranking import judged

from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import ranking, recusing
from jiangbang.review.access import rules_of
from jiangbang.review.models import Card, Recusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_for_three(
    client: Client, edition: Edition, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dossiers = eligible_dossiers(edition, cast.organiser, 3)
    for seat in confirmed(edition, cast.organiser)[:count]:
        recusing.set_recusal(seat, dossiers[0], kind="other", reason="来信反映", by=cast.organiser)
    client.force_login(cast.organiser)
    client.get("/review/recusals/")
    with django_assert_num_queries(9):
        answer = client.get("/review/recusals/?state=stands")
    assert len(answer.context["rows"]) == count


def test_recusals_are_found_and_decided_on_the_page(client: Client, edition: Edition, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert "先抽取专家" in client.get("/review/recusals/").content.decode()
    dossiers = eligible_dossiers(edition, cast.organiser, 1)
    seat = confirmed(edition, cast.organiser)[0]
    client.post("/review/recusals/find/")
    made = recusing.set_recusal(seat, dossiers[0], kind="other", reason="来信反映", by=cast.organiser)
    client.post(f"/review/recusals/{made.pk}/", {"answer": "dismissed", "reason": ""})
    assert Recusal.objects.get().state == "stands"
    client.post(f"/review/recusals/{made.pk}/", {"answer": "dismissed", "reason": "查无实据"})
    assert Recusal.objects.get().state == "dismissed"
    assert "查无实据" in client.get("/review/recusals/?state=dismissed").content.decode()
    assert client.post("/review/recusals/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_the_organiser_keeps_two_apart_and_what_was_signed_is_void_with_a_trace(
    client: Client, edition: Edition, cast: Cast
) -> None:
    judged(edition, cast.organiser, 1)
    card = Card.objects.select_related("reviewed").earliest("pk")
    client.force_login(cast.organiser)
    page = client.get("/review/recusals/").content.decode()
    assert f'<option value="{card.reviewed_id}">' in page
    sent = {"seat": card.seat_id, "dossier": card.reviewed_id, "kind": "teacher", "reason": "来信反映，经核实"}
    for wrong in ({"seat": "x"}, {"dossier": "x"}, {"reason": " "}, {"kind": "friend"}):
        client.post("/review/recusals/set/", {**sent, **wrong})
        assert not Recusal.objects.exists()
    client.post("/review/recusals/set/", sent)
    made = Recusal.objects.get()
    assert (made.origin, made.state, made.kind) == ("office", "stands", "teacher")
    card.refresh_from_db()
    assert (card.state, card.signed.count()) == ("void", 1)
    assert Entry.objects.get(type="card.voided").facts == {"reason": "recusal"}
    assert len(ranking.scores_csv(edition, rules_of(edition)).splitlines()) == 5
