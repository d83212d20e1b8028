"""The pages of personal data: asked by one, confirmed by another, and what is seen of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast, make_reading, person
from recommendation.people import UNIT

from jiangbang.nomination import acts
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.reading_log import note_reads
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.scope import ERASED_NAME
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(edition: Edition, cast: Cast) -> Dossier:
    """The first of three people who came in one packet."""
    people = [person(number) for number in (1, 2, 3)]
    acts.receive_packet(make_reading(people), edition=edition, unit=edition.spec.unit(UNIT), by=cast.organiser)
    return Dossier.objects.select_related("person").get(name=people[0]["name"])


def test_one_asks_another_confirms_and_the_page_says_so(client: Client, dossier: Dossier, cast: Cast) -> None:
    page = reverse("privacy_person", args=[dossier.pk])
    client.force_login(cast.organiser)
    assert "提出删除" in client.get(page).content.decode()
    client.post(reverse("privacy_ask", args=[dossier.pk]), {"ground": "request", "paper": "来函 2026-3"})
    made = Erasure.objects.get()
    assert "由您提出" in client.get(page).content.decode()
    confirm = reverse("privacy_decide", args=[made.pk, "confirm"])
    client.post(confirm)
    assert Erasure.objects.get().state == "asked"
    client.force_login(cast.discipline)
    assert f'id="confirm-{made.pk}"' in client.get(reverse("privacy_desk")).content.decode()
    client.post(confirm)
    told = client.get(page).content.decode()
    assert (ERASED_NAME in told, dossier.name in told) == (True, False)
    client.force_login(cast.organiser)
    assert client.get(reverse("dossier_form", args=[dossier.pk])).status_code == 410
    found = client.get(reverse("dossier_list"), {"q": ERASED_NAME[:3]}).content.decode()
    assert ERASED_NAME in found
    exported = b"".join(client.get(reverse("dossier_export", args=["csv"])).streaming_content)  # type: ignore[attr-defined]
    assert (ERASED_NAME in exported.decode(), dossier.name in exported.decode()) == (True, False)


def test_desk_and_log_ask_as_much_for_one_as_for_many(
    client: Client, edition: Edition, dossier: Dossier, cast: Cast, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.discipline)
    people = [one.person for one in Dossier.objects.select_related("person").exclude(pk=dossier.pk)]
    for some in ([dossier.person], people):
        for one in some:
            Erasure.objects.create(
                edition=edition,
                person=one,
                ground="purpose",
                paper="纪要",
                asked_by=cast.organiser,
                asked_at=edition.deadline.at,
            )
        note_reads([one.pk for one in Dossier.objects.filter(person__in=some)], "mobile", by=cast.organiser)
        for name in ("privacy_desk", "privacy_looks"):
            client.get(reverse(name))
            with django_assert_num_queries(7):
                client.get(reverse(name))
    assert "手机号码" in client.get(reverse("privacy_looks")).content.decode()
