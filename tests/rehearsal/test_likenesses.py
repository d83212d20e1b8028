"""People of a rehearsal who are alike."""

from __future__ import annotations

from datetime import date

import pytest

from jiangbang.kernel.identity import examine
from jiangbang.kernel.similarity import similarity
from jiangbang.kernel.sketches import near_duplicates
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.likenesses import AGAIN, DEEDS, with_likeness
from jiangbang.rehearsal.people import DEEDS_LIMIT, SyntheticPerson, make_people

from nomination.conftest import cast, edition  # isort: skip  # noqa: F401 — fixtures

pytestmark = pytest.mark.django_db
PEOPLE = 120


def alike(edition: Edition) -> list[SyntheticPerson]:  # noqa: F811
    spec = edition.spec
    people = make_people(
        PEOPLE, seed=2023, form=spec.form, classes=spec.industry_classes, signed=date(2023, 3, 1), year=2023
    )
    return [with_likeness(person, number, people.__getitem__) for number, person in enumerate(people)]


def test_the_same_people_are_alike_every_time_and_nobody_else_is(edition: Edition) -> None:  # noqa: F811
    texts = [str(person.record["deeds"]) for person in alike(edition)]
    assert [(pair.first, pair.second) for pair in near_duplicates(texts)] == [(14, 77), (33, 98)]
    assert all(len(text) <= DEEDS_LIMIT for text in DEEDS.values())
    assert similarity(DEEDS[14], DEEDS[77]) < similarity(DEEDS[33], DEEDS[98]) < 1.0


def test_a_mistyped_number_is_right_in_itself(edition: Edition) -> None:  # noqa: F811
    people = alike(edition)
    for wrong, right in AGAIN.items():
        assert people[wrong].name == people[right].name
        assert people[wrong].id_number != people[right].id_number
        said = examine(people[wrong].id_number)
        assert said.problem is None
        assert said.identity is not None
        assert said.identity.gender == people[wrong].record["gender"]
