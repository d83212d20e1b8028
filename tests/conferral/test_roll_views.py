"""The roll is for everybody, and nobody who was revoked stands on it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from conferral.conferred import conferred
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition


@pytest.fixture
def place(edition: Edition) -> list[str]:
    return [edition.programme, edition.slug]


@pytest.fixture
def awards(edition: Edition, cast: Cast) -> Sequence[Award]:
    return conferred(edition, cast.organiser)


def test_there_is_no_roll_before_titles_are_conferred(client: Client, place: list[str]) -> None:
    for name in ("roll", "roll_embed", "roll_csv", "roll_json"):
        assert client.get(reverse(name, args=place)).status_code == 404
    assert client.get(reverse("rolls", args=place[:1])).status_code == 404


def test_everybody_reads_who_holds_what_and_not_who_lost_it(
    client: Client, place: list[str], awards: Sequence[Award]
) -> None:
    Award.objects.filter(pk=awards[1].pk).update(state="revoked")
    shown = client.get(reverse("roll", args=place)).content.decode()
    rows = list(csv.reader(io.StringIO(client.get(reverse("roll_csv", args=place)).content.decode("utf-8-sig"))))
    people = json.loads(client.get(reverse("roll_json", args=place)).content)["itemListElement"]
    held = [awards[0].number, awards[2].number]
    assert [row[0] for row in rows[1:]] == held
    assert [one["identifier"] for one in people] == held
    assert [number in shown for number in (awards[0].number, awards[1].number)] == [True, False]


def test_the_roll_narrows_to_a_unit(client: Client, place: list[str], awards: Sequence[Award]) -> None:
    Dossier.objects.filter(pk=awards[0].dossier_id).update(unit_code="330106")
    shown = client.get(reverse("roll", args=place), {"of": "330106"}).content.decode()
    assert [one.number in shown for one in awards] == [True, False, False]
    assert client.get(reverse("roll", args=place), {"of": "nobody"}).status_code == 200


def test_the_roll_narrows_to_a_class_and_counts_districts(
    client: Client, place: list[str], awards: Sequence[Award]
) -> None:
    Dossier.objects.filter(pk=awards[1].dossier_id).update(industry_class="集成电路制造", unit_code="330106")
    answer = client.get(reverse("roll", args=place), {"class": "集成电路制造"})
    assert [one.number in answer.content.decode() for one in awards] == [False, True, False]
    assert [(bar.key, bar.count) for bar in answer.context["by_class"] if bar.label == "集成电路制造"] == [
        ("集成电路制造", 1)
    ]
    assert sum(bar.count for bar in answer.context["by_district"]) == 3


def test_other_sites_may_frame_the_bare_list_and_nothing_else(
    client: Client, place: list[str], awards: Sequence[Award]
) -> None:
    framed, page = client.get(reverse("roll_embed", args=place)), client.get(reverse("roll", args=place))
    assert ["frame-ancestors *" in one["Content-Security-Policy"] for one in (framed, page)] == [True, False]
    assert ["X-Frame-Options" in one for one in (framed, page)] == [False, True]
    assert "form" not in framed.content.decode().partition("<main")[2]
    assert awards[0].number in framed.content.decode()


def test_the_rolls_of_all_editions_find_a_name(client: Client, place: list[str], awards: Sequence[Award]) -> None:
    Award.objects.filter(pk=awards[0].pk).update(name="𬱖䶮")
    address = reverse("rolls", args=place[:1])
    for sought, number in (("䶮", 1), ("查无此人", 0), ("\0", 0)):
        answer = client.get(address, {"q": sought})
        assert [one.number for one in answer.context["hits"]] == [awards[0].number][:number]
    Award.objects.filter(pk=awards[0].pk).update(state="revoked")
    assert client.get(address, {"q": "䶮"}).context["hits"] == []


def test_a_name_that_would_be_a_formula_is_none(client: Client, place: list[str], awards: Sequence[Award]) -> None:
    Award.objects.filter(pk=awards[0].pk).update(employer="=1+1")
    assert "'=1+1" in client.get(reverse("roll_csv", args=place)).content.decode()


def test_the_roll_asks_as_much_for_one_as_for_many(
    client: Client, place: list[str], awards: Sequence[Award], django_assert_num_queries: Any
) -> None:
    address = reverse("roll", args=place)
    client.get(address)
    with django_assert_num_queries(4):
        client.get(address)
    Award.objects.exclude(pk=awards[0].pk).delete()
    with django_assert_num_queries(4):
        client.get(address)


def test_the_verify_page_looks_up_a_number(client: Client, awards: Sequence[Award]) -> None:
    def looked(number: str) -> str:
        return client.post(reverse("verify"), {"number": number}).content.decode()

    assert "现行有效" in looked(awards[0].number)
    assert "名录中没有" in looked("数匠〔1999〕001号")
    Award.objects.filter(pk=awards[0].pk).update(state="revoked")
    gone = looked(f" {awards[0].number} ")
    assert "已被撤销" in gone
    assert awards[0].employer not in gone
