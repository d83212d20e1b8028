"""The office plans, looks at the differences and makes the next edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition
from jiangbang.screening.lists_models import NameList

pytestmark = pytest.mark.django_db
SENT = {"slug": "2025", "name": "第三届“杭州数字工匠”认定", "weeks": "104", "seats-craftsman": "60"}


def test_the_office_makes_the_next_edition_and_takes_over(
    client: Client, edition: Edition, held: Sequence[Award], cast: Cast
) -> None:
    client.force_login(cast.organiser)
    page = client.get(reverse("next_edition"), SENT)
    assert ("60" in [one.after for one in page.context["different"]], Edition.objects.filter(slug="2025").exists()) == (
        True,
        False,
    )
    assert client.get(reverse("next_edition_folder"), SENT).content[:2] == b"PK"
    assert client.get(reverse("next_edition"), {**SENT, "slug": "?"}).status_code == 422
    client.post(reverse("next_edition_copy"), {**SENT, "seen": page.context["seen"]})
    made = Edition.objects.get(slug="2025")
    # it works in the new one from now on
    page = client.get(reverse("next_edition"))
    assert (page.context["edition"], page.context["before"], page.context["titles"]) == (made, edition, 3)
    client.post(reverse("next_edition_take", args=["results"]))
    assert NameList.objects.filter(edition=made, state="in_force").count() == 1
    assert client.post(reverse("next_edition_take", args=["words"])).status_code == 302


def test_the_first_edition_has_none_before(client: Client, edition: Edition, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert client.get(reverse("next_edition")).context["before"] is None
    assert client.post(reverse("next_edition_take", args=["results"])).status_code == 404


def test_the_page_asks_as_much_for_one_as_for_many(
    client: Client, following: Edition, held: Sequence[Award], cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.organiser)
    client.post(reverse("switch_edition"), {"edition": following.key})
    client.get(reverse("next_edition"))
    with django_assert_max_num_queries(40) as many:
        client.get(reverse("next_edition"))
    Award.objects.exclude(pk=held[2].pk).delete()
    with django_assert_max_num_queries(40) as one:
        client.get(reverse("next_edition"))
    assert len(many) == len(one)
