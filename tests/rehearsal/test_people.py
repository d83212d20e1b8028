"""Synthetic people: the same for the same seed, whole, and nobody's."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from jiangbang.commands.speaking import bundled_edition
from jiangbang.kernel.identity import examine, region_name
from jiangbang.papers.form_checks import check_record
from jiangbang.rehearsal.people import DEEDS_LIMIT, REGION, SyntheticPerson, make_people
from jiangbang.rehearsal.portraits import SMALL, portrait

EDITION = bundled_edition()


def people(count: int, *, seed: int = 1, start: int = 0) -> list[SyntheticPerson]:
    return make_people(
        count,
        seed=seed,
        form=EDITION.form,
        classes=EDITION.industry_classes,
        signed=date(2023, 3, 1),
        year=2023,
        start=start,
    )


@pytest.fixture(scope="module")
def hundred() -> list[SyntheticPerson]:
    return people(100)


def test_the_same_seed_gives_the_same_people_and_photos(hundred: list[SyntheticPerson]) -> None:
    assert people(100) == hundred


def test_another_seed_gives_other_people(hundred: list[SyntheticPerson]) -> None:
    others = people(100, seed=2)
    assert not {person.photo for person in others} & {person.photo for person in hundred}
    assert not {person.id_number for person in others} & {person.id_number for person in hundred}


def test_a_shorter_list_and_a_part_are_parts_of_a_longer_one(hundred: list[SyntheticPerson]) -> None:
    assert people(10) + people(10, start=10) == hundred[:20]


def test_records_pass_every_check_of_the_form(hundred: list[SyntheticPerson]) -> None:
    codes = {
        finding.code
        for person in hundred
        for finding in check_record(person.record, EDITION.form, source="x", industry_classes=EDITION.industry_classes)
    }
    assert codes == {"id_number.region_unknown"}


def test_records_have_every_key_of_the_form_in_its_order(hundred: list[SyntheticPerson]) -> None:
    assert {tuple(person.record) for person in hundred} == {tuple(spec.key for spec in EDITION.form)}


def test_identity_numbers_are_right_distinct_and_of_a_region_that_no_table_has() -> None:
    numbers = [person.id_number for person in people(1_100)]
    assert len(set(numbers)) == 1_100
    assert all(examine(number).problem is None for number in numbers)
    assert {number[:6] for number in numbers} == {REGION}
    assert region_name(REGION) is None


def test_telephone_and_mobile_numbers_are_of_the_synthetic_ranges(hundred: list[SyntheticPerson]) -> None:
    telephones = [person.record["telephone"] for person in hundred]
    assert all(re.fullmatch(r"0571-0[0-9]{7}", str(number)) for number in telephones if number)
    assert all(re.fullmatch(r"199[0-9]{8}", str(person.record["mobile"])) for person in hundred)


def test_deeds_keep_the_limit_of_the_roster(hundred: list[SyntheticPerson]) -> None:
    lengths = [len(str(person.record["deeds"])) for person in hundred]
    assert max(lengths) <= DEEDS_LIMIT
    assert min(lengths) >= 60


def test_names_hold_rare_characters_of_planes_0_2_and_3_compound_surnames_and_interpuncts() -> None:
    names = [person.name for person in people(220)]
    planes = {ord(character) >> 16 for name in names for character in name}
    assert planes == {0, 2, 3}
    assert any("·" in name for name in names)
    assert any(name.startswith(("欧阳", "诸葛", "司马", "上官", "皇甫", "尉迟")) for name in names)
    assert any("䶮" in name for name in names)


def test_the_photo_is_described_as_it_is_and_large_enough(hundred: list[SyntheticPerson]) -> None:
    for person in hundred[:5]:
        assert person.photo is not None
        with Image.open(BytesIO(person.photo)) as image:
            size, kind = image.size, image.format
        described = {
            "media_type": "image/jpeg",
            "width": size[0],
            "height": size[1],
            "sha256": hashlib.sha256(person.photo).hexdigest(),
        }
        assert (person.record["photo"], kind) == (described, "JPEG")
        assert size >= (295, 413)
        assert 20_000 <= len(person.photo) <= 40_000


def test_no_two_people_share_a_photo(hundred: list[SyntheticPerson]) -> None:
    assert len({person.photo for person in hundred}) == 100


def test_a_portrait_is_the_same_for_the_same_key() -> None:
    assert portrait("a", SMALL) == portrait("a", SMALL)
    assert portrait("a", SMALL) != portrait("b", SMALL)


def test_a_person_without_photo_has_none_in_the_record(hundred: list[SyntheticPerson]) -> None:
    without = hundred[0].with_photo(None)
    assert (without.photo, without.record["photo"]) == (None, None)
