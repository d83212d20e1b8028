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
    for name in ("roll", "roll_csv", "roll_json"):
        assert client.get(reverse(name, args=place)).status_code == 404


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
