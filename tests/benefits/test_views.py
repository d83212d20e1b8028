"""The office offers and invites; a holder answers by a link; the ledger leaves as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from benefits.conftest import said
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.benefits.models import Further, Guest, Offer
from jiangbang.benefits.offering import invite, link_of
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def test_the_office_offers_invites_and_a_holder_answers_without_an_account(
    client: Client, edition: Edition, held: Sequence[Award], cast: Cast
) -> None:
    client.force_login(cast.organiser)
    good = said(edition)
    sent = {
        "kind": good.kind,
        "title": good.title,
        "places": "1",
        "first_day": f"{good.first_day}",
        "last_day": f"{good.last_day}",
    }
    assert client.post(reverse("benefits"), sent).status_code == 422
    assert "2023年数字工匠论坛" in client.post(reverse("benefits"), sent).content.decode()
    client.post(reverse("benefits"), {**sent, "answer_by": f"{good.answer_by}"})
    offer = Offer.objects.get()
    client.post(reverse("benefit_change", args=[offer.pk, "invite"]), {"award": [held[0].pk, held[1].pk, "x"]})
    first, second = Guest.objects.order_by("pk")
    stranger = Client()
    pages = [link_of(one).partition("//")[2].partition("/")[2] for one in (first, second)]
    assert held[0].name in stranger.get(f"/{pages[0]}").content.decode()
    assert Guest.objects.get(pk=first.pk).state == "asked"
    for page in pages:
        stranger.post(f"/{page}", {"answer": "yes"})
    assert list(Guest.objects.order_by("pk").values_list("state", flat=True)) == ["coming", "waiting"]
    assert "候补" in stranger.get(f"/{pages[1]}").content.decode()
    assert stranger.get(f"/{pages[0][:-3]}xx/").status_code == 404
    client.post(reverse("benefit_guest", args=[first.pk, "declined"]))
    assert Guest.objects.get(pk=second.pk).state == "coming"


def test_the_office_recommends_and_enters_the_result(
    client: Client, edition: Edition, held: Sequence[Award], cast: Cast
) -> None:
    client.force_login(cast.organiser)
    client.post(reverse("further"), {"award": held[0].pk, "target": "浙江工匠", "reason": "突出"})
    client.post(reverse("further"), {"award": "x", "target": "浙江工匠", "reason": "突出"})
    made = Further.objects.get()
    assert client.post(reverse("further_packet"), {"target": "浙江工匠"}).content[:2] == b"PK"
    client.post(
        reverse("further_result", args=[made.pk]), {"result": "conferred", "document": "浙工发8号", "on": "2024-05-01"}
    )
    made.refresh_from_db()
    assert (made.state, made.document, f"{made.decided_on}") == ("conferred", "浙工发8号", "2024-05-01")
    client.post(reverse("benefit_address", args=[held[0].pk]), {"address": "zhang@example.cn"})
    page = client.get(reverse("benefits")).content.decode()
    assert ("浙工发8号" in page, "zhang@example.cn" in page) == (True, False)


def test_the_ledger_leaves_as_a_table_and_asks_little(
    client: Client, offer: Offer, held: Sequence[Award], cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.organiser)
    counts = []
    for count in (1, 3):
        invite(offer, held[:count], by=cast.organiser)
        for address in (reverse("benefits"), reverse("benefit", args=[offer.pk])):
            client.get(address)
            with django_assert_max_num_queries(12) as asked:
                client.get(address)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    body = b"".join(client.get(reverse("benefits_list", args=["csv"])).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert body.splitlines()[1].split(",")[:2] == [held[0].number, held[0].name]
