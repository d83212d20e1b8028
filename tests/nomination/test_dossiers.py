"""Sealing records and opening them again."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading, person

from jiangbang.kernel.vault import Erased, VaultError
from jiangbang.nomination import acts, dossiers
from jiangbang.nomination.models import Dossier, Person, Revision
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(edition: Edition, cast: Cast, reading: MakeReading) -> tuple[Revision, Revision]:
    """The revisions of two people."""
    people = reading([person(1), person(2, name="𬱖𠅤", remarks="䶮")])
    acts.receive_packet(people, edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    first, second = Revision.objects.order_by("roster_row")
    return first, second


def test_a_record_opens_as_it_was_sealed_in_the_forms_order(pair: tuple[Revision, Revision], edition: Edition) -> None:
    record = dossiers.full_record(pair[1])
    assert record == person(2, name="𬱖𠅤", remarks="䶮")
    assert list(record) == [spec.key for spec in edition.spec.form]


def test_open_and_sealed_values_part_the_form_between_them(pair: tuple[Revision, Revision], edition: Edition) -> None:
    sealed, salt = dossiers.sealed_values(pair[0])
    form = edition.spec.form
    assert set(sealed) == set(form.keys_of("personal", "sensitive"))
    assert set(pair[0].open) == set(form.keys_of("open"))
    assert len(salt) == 16


def test_a_sealed_record_does_not_open_in_another_dossier(pair: tuple[Revision, Revision]) -> None:
    first, second = pair
    first.sealed = second.sealed
    with pytest.raises(VaultError):
        dossiers.full_record(first)


def test_a_key_does_not_open_for_another_person(pair: tuple[Revision, Revision]) -> None:
    first, second = pair
    first.person.wrapped_key = second.person.wrapped_key
    with pytest.raises(VaultError):
        dossiers.full_record(first)


def test_who_is_erased_cannot_be_read_and_the_others_can(pair: tuple[Revision, Revision]) -> None:
    Person.objects.filter(pk=pair[0].person_id).update(wrapped_key=b"")
    erased = Revision.objects.get(pk=pair[0].pk)
    with pytest.raises(Erased):
        dossiers.sealed_values(erased)
    left = {key for key, value in dossiers.full_record(erased).items() if value is not None}
    assert left == {key for key, value in erased.open.items() if value is not None}
    assert dossiers.full_record(Revision.objects.get(pk=pair[1].pk))["name"] == "𬱖𠅤"


def test_a_value_altered_in_the_database_breaks_the_commitment(pair: tuple[Revision, Revision]) -> None:
    revision = pair[0]
    assert dossiers.commitment_holds(revision)
    revision.open["deeds"] = "另一番事迹"
    assert not dossiers.commitment_holds(revision)


def test_equal_records_have_commitments_and_ciphertexts_of_their_own(
    edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    for salt in ("one", "two"):
        unit = edition.spec.unit("330108")
        acts.receive_packet(reading([person(1)], salt=salt), edition=edition, unit=unit, by=cast.organiser)
    first, second = Revision.objects.order_by("number")
    assert dossiers.full_record(first) == dossiers.full_record(second)
    assert first.commitment != second.commitment
    assert bytes(first.sealed) != bytes(second.sealed)


def test_lists_hold_copies_cut_to_their_columns(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    record = person(1, employer_and_position="长" * 400, industry_class="类" * 200)
    acts.receive_packet(reading([record]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    dossier = Dossier.objects.get()
    assert (len(dossier.employer), len(dossier.industry_class)) == (300, 100)
    assert dossiers.full_record(dossier.revision)["employer_and_position"] == "长" * 400  # type: ignore[arg-type]


def test_two_people_without_a_number_are_two_people(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    people = [person(1, id_number=None), person(2, id_number=None)]
    acts.receive_packet(reading(people), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    assert list(Person.objects.values_list("index", flat=True)) == [None, None]
    assert Dossier.objects.filter(state="waiting").count() == 2
