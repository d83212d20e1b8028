"""What pictures count of people: in bands, found again, and nobody's name beside it."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading, person

from jiangbang.kernel.form import Record
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening import acts, traits
from jiangbang.screening.models import Screening
from jiangbang.screening.picture_models import Trait

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


def counted() -> list[tuple[str, int | None, int | None, str, str]]:
    return list(Trait.objects.values_list("gender", "age", "years", "focus", "state"))


def test_whoever_goes_into_screening_is_counted_in_bands(dossier: Dossier) -> None:
    assert counted() == [("male", 35, 10, " cloud ", "waiting")]


def test_nobody_finds_the_person_without_the_installations_key(dossier: Dossier) -> None:
    key = Trait.objects.get().pk
    assert str(dossier.pk) not in key
    assert str(dossier.person_id) not in key
    assert key == traits._key(dossier.pk)


def test_the_state_follows_what_is_concluded_and_taken_up_again(dossier: Dossier, screeners: Screeners) -> None:
    acts.conclude_screening(dossier, by=screeners.li)
    assert counted()[0][-1] == "eligible"
    acts.reopen_screening(dossier, reason="复核", by=screeners.organiser)
    assert counted()[0][-1] == "waiting"


def test_a_corrected_form_is_counted_anew(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    dossier = in_screening(edition, cast, reading, FITTING)
    changed = person(1, years_in_industry=23, specialty="区块链、人工智能")
    nomination_acts.receive_packet(
        reading([changed], salt="again"), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    acts.rule_on_clause(Dossier.objects.get(pk=dossier.pk), "G1", value="met", by=screeners.li)
    assert counted() == [("male", 35, 20, " blockchain ai ", "waiting")]


@pytest.mark.parametrize(
    ("birth", "age"),
    [("1985-06", 37), ("1985-03", 38), ("1985-04", 37), ("", None), (None, None), ("1985", None), ("x-y", None)],
)
def test_age_is_full_years_on_the_day_of_the_deadline(edition: Edition, birth: str | None, age: int | None) -> None:
    record: Record = {"birth_month": birth}
    assert traits._age(record, edition.spec) == age


@pytest.mark.parametrize(
    ("value", "band"), [(0, 0), (4, 0), (5, 5), (9, 5), (20, 20), (60, 20), (-1, None), (None, None), ("12", None)]
)
def test_bands_include_their_beginning(value: object, band: int | None) -> None:
    assert traits._band(value, traits.YEARS) == band


def test_focus_fields_are_found_by_name_in_open_fields(edition: Edition) -> None:
    record: Record = {
        "specialty": "增强现实",
        "deeds": "做物联网平台",
        "achievements": ["大数据治理"],
        "motto": "区块链",
    }
    assert traits.focus_of(record, edition.spec) == ["iot", "big_data", "vr_ar"]


def test_begin_counts_every_person_once(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    nomination_acts.receive_packet(
        reading([person(number) for number in range(5)]),
        edition=edition,
        unit=edition.spec.unit("330108"),
        by=cast.organiser,
    )
    acts.begin_screening(edition, by=cast.organiser)
    acts.begin_screening(edition, by=cast.organiser)
    assert (Trait.objects.count(), Screening.objects.count()) == (5, 5)
