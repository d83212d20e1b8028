"""Rows that must never be are refused by the database itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts
from jiangbang.nomination.models import Dossier, Packet, Person, Revision, register_facts
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def packet(edition: Edition, cast: Cast, reading: MakeReading) -> Packet:
    unit = edition.spec.unit("330108")
    return acts.receive_packet(reading([person(1)]), edition=edition, unit=unit, by=cast.organiser)[0]


def refused(change: object) -> bool:
    try:
        with transaction.atomic():
            change()  # type: ignore[operator]
    except IntegrityError:
        return True
    return False


def copy_of(row: object, **changes: object) -> object:
    """Insert the row once more under another key."""
    row.pk = None  # type: ignore[attr-defined]
    row._state.adding = True  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def test_the_same_bytes_stand_once_in_a_unit(packet: Packet) -> None:
    assert refused(copy_of(packet, sequence=2).save)  # type: ignore[attr-defined]
    copy_of(packet, sequence=2, sha256="1" * 64).save()  # type: ignore[attr-defined]
    assert Packet.objects.count() == 2


def test_a_number_is_given_once_in_a_unit(packet: Packet) -> None:
    assert refused(copy_of(packet, sha256="1" * 64).save)  # type: ignore[attr-defined]


def test_a_person_is_accepted_once_in_an_edition(packet: Packet) -> None:
    dossier = Dossier.objects.get()
    twin = Dossier(
        edition=dossier.edition,
        person=dossier.person,
        unit_code="330102",
        state="waiting",
        updated_at=dossier.updated_at,
    )
    twin.save()
    accepted = Dossier.objects.filter(pk=twin.pk)
    assert refused(lambda: accepted.update(state="accepted", accepted_revision=dossier.revision))
    assert not refused(lambda: accepted.update(state="superseded"))


def test_who_is_accepted_has_a_clean_revision(packet: Packet) -> None:
    assert refused(lambda: Dossier.objects.update(accepted_revision=None))


def test_an_identity_number_belongs_to_one_person(packet: Packet) -> None:
    index = Person.objects.get().index
    assert refused(lambda: Person.objects.create(index=index, wrapped_key=b""))
    assert not refused(lambda: [Person.objects.create(index=None, wrapped_key=b"") for _ in range(2)])


def test_a_revisions_number_is_given_once(packet: Packet) -> None:
    revision = Revision.objects.get()
    again = {
        field.attname: getattr(revision, field.attname)
        for field in Revision._meta.concrete_fields
        if field.name != "id"
    }
    assert refused(lambda: Revision.objects.create(**again))


@pytest.mark.parametrize("model", [Packet, Person, Revision, Edition])
def test_what_others_point_to_cannot_be_deleted(packet: Packet, model: type) -> None:
    with pytest.raises(ProtectedError):
        model.objects.all().delete()  # type: ignore[attr-defined]


def test_rows_say_what_they_are(packet: Packet) -> None:
    dossier = Dossier.objects.get()
    assert [str(packet), str(dossier), dossier.subject, str(dossier.revision)] == [
        "2023-330108-001",
        person(1)["name"],
        f"dossier:{dossier.pk}",
        f"{dossier.pk} r1",
    ]
    assert (packet.unit.code, packet.verdict) == ("330108", "clean")


def test_facts_that_are_none_are_left_out() -> None:
    assert register_facts({"a": None, "b": 0, "c": "", "d": False}) == {"b": 0, "c": "", "d": False}
