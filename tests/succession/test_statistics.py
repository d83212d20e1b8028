"""The editions beside each other: right counts, few queries, nobody who could be worked out, no practice for the public."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.screening.picture_models import Trait
from jiangbang.succession.statistics import Figures, figures_of

from succession.test_results import recommended_again  # isort: skip

pytestmark = pytest.mark.django_db


def rows_of(client: Client, name: str, *args: str) -> list[list[str]]:
    content = client.get(reverse(name, args=args)).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def practise(edition: Edition) -> None:
    # a document of its own: the edition's values are kept by content, and the one at hand is theirs
    edition.document = deepcopy(edition.document)
    edition.document["edition"]["practice"] = True
    edition.sha256 = document_hash(edition.document)
    edition.save()


def test_each_step_is_counted_and_who_stands_again(following: Edition, held: Sequence[Award]) -> None:
    edition = held[0].edition
    recommended_again(held[2], following)
    Award.objects.filter(pk=held[1].pk).update(state="revoked")
    first, second = figures_of([following, edition])
    assert (first.edition, second.edition) == (edition, following)
    assert [first.steps[step] for step in ("received", "accepted", "noticed", "held")] == [5, 5, 3, 2]
    assert (first.again, second.again, second.steps["received"], second.steps["held"]) == (0, 1, 1, 0)
    assert (first.people_by_unit.total(), first.titles_by_unit.total(), first.held["nominee"]) == (5, 2, 1)
    practise(following)
    assert [one.again for one in figures_of([following, edition])] == [0, 0]


def test_it_asks_as_much_for_one_edition_as_for_two(
    following: Edition, held: Sequence[Award], django_assert_num_queries: Any
) -> None:
    def counted(*editions: Edition) -> list[Figures]:
        with django_assert_num_queries(8):
            return figures_of(editions)

    edition = held[0].edition
    assert len(figures_of([edition, following])) == len(counted(edition, following)) == 2
    assert len(counted(edition)) == 1


def test_the_public_sees_editions_that_gave_titles_and_no_practice(
    client: Client, following: Edition, held: Sequence[Award], cast: Cast, settings: Any
) -> None:
    programme, edition = following.programme, held[0].edition
    for number in range(9):
        Trait.objects.create(
            key=f"k{number}", edition=edition, state="eligible", gender="male" if number else "female", age=30
        )
    recommended_again(held[2], following)
    page = client.get(reverse("statistics", args=[programme]), {"edition": following.slug})
    assert [line.figures.edition for line in page.context["lines"]] == [edition]
    assert not [one for one in page.context["pictures"] if one.id == "genders"]
    rows = rows_of(client, "statistics_csv", programme)
    assert [row[5] for row in rows if row[2] == "性别"] == ["不公布", "不公布"]
    assert sum(int(row[5]) for row in rows if row[2] == "推荐单位") == 5
    assert sum(int(row[6]) for row in rows if row[2] == "称号") == 3
    client.force_login(cast.organiser)
    page = client.get(reverse("next_edition_statistics"))
    assert {line.figures.edition.slug: line.again for line in page.context["lines"]}["2025"] == "1"
    assert {row[0] for row in rows_of(client, "next_edition_statistics_csv")} == {"2023", "2024", "2025"}
    practise(edition)
    assert client.get(reverse("statistics", args=[programme])).status_code == 404
    settings.JIANGBANG_DEMO = True
    assert client.get(reverse("statistics", args=[programme])).context["lines"][0].figures.practice


def test_there_is_nothing_to_see_before_a_title_is_conferred(client: Client, edition: Edition) -> None:
    for name in ("statistics", "statistics_csv"):
        assert client.get(reverse(name, args=[edition.programme])).status_code == 404
    assert not Dossier.objects.exists()
