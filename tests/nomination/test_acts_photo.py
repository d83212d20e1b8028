"""The photo is shown without asking, and each person's first look of the day is registered."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts, evidence
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(edition: Edition, cast: Cast, reading: MakeReading) -> Dossier:
    people = reading([person(1), person(2)])
    acts.receive_packet(people, edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    return Dossier.objects.get(name=person(1)["name"])


def looks() -> list[tuple[str, str, object]]:
    return [
        (one.actor, one.subject, one.facts) for one in Entry.objects.filter(type="value.revealed").order_by("index")
    ]


def test_a_look_at_the_photo_is_registered_without_the_photo(dossier: Dossier, cast: Cast) -> None:
    acts.note_photo_look(dossier, by=cast.organiser)
    assert looks() == [(f"user:{cast.organiser.pk}", dossier.subject, {"field": "photo", "revision": 1})]


def test_each_person_and_each_dossier_count_once_a_day(dossier: Dossier, cast: Cast) -> None:
    other = Dossier.objects.exclude(pk=dossier.pk).get()
    acts.reveal_value(dossier, "mobile", by=cast.organiser)
    for _again in range(2):
        acts.note_photo_look(dossier, by=cast.organiser)
        acts.note_photo_look(dossier, by=cast.discipline)
        acts.note_photo_look(other, by=cast.organiser)
    assert len(looks()) == 1 + 3


def test_a_new_day_is_registered_anew(dossier: Dossier, cast: Cast) -> None:
    acts.note_photo_look(dossier, by=cast.organiser)
    with mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(days=1)):
        acts.note_photo_look(dossier, by=cast.organiser)
        acts.note_photo_look(dossier, by=cast.organiser)
    assert len(looks()) == 2


@pytest.mark.parametrize("who", ["system", "stranger"])
def test_who_may_not_reveal_is_refused(dossier: Dossier, cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        acts.note_photo_look(dossier, by=getattr(cast, who))
    assert (refusal.value.code, looks()) == ("permission", [])


def test_a_photo_that_was_not_given_cannot_be_looked_at(dossier: Dossier, cast: Cast) -> None:
    Revision.objects.filter(dossier=dossier).update(photo_sha256="")
    with pytest.raises(Refused) as refusal:
        acts.note_photo_look(Dossier.objects.get(pk=dossier.pk), by=cast.organiser)
    assert (refusal.value.code, looks()) == ("absent", [])


def test_the_photos_address_registers_and_the_page_does_not(client: Client, dossier: Dossier, cast: Cast) -> None:
    evidence.keep_bytes(b"photo")
    client.force_login(cast.discipline)
    assert f"/dossiers/{dossier.pk}/photo/" in client.get(f"/dossiers/{dossier.pk}/").content.decode()
    assert looks() == []
    for _again in range(2):
        assert client.get(f"/dossiers/{dossier.pk}/photo/").content == b"photo"
    assert looks() == [(f"user:{cast.discipline.pk}", dossier.subject, {"field": "photo", "revision": 1})]


def test_without_the_register_no_photo_is_sent(client: Client, dossier: Dossier, cast: Cast) -> None:
    evidence.keep_bytes(b"photo")
    client.force_login(cast.organiser)
    client.raise_request_exception = False
    with mock.patch.object(register_acts, "_append", side_effect=OSError("the disk is full")):
        assert client.get(f"/dossiers/{dossier.pk}/photo/").status_code == 500
    assert looks() == []


def test_a_second_look_costs_two_queries(
    dossier: Dossier, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acts.note_photo_look(dossier, by=cast.organiser)
    # the question itself and the log of looks, the transaction's savepoint and its release
    with django_assert_num_queries(4):
        acts.note_photo_look(dossier, by=cast.organiser)
