"""Rights in a unit's workspace."""

from __future__ import annotations

import pytest
from recommendation.people import OTHER_UNIT, UNIT, People, account

from jiangbang.accounts.models import Role
from jiangbang.nomination.policy import may_bring
from jiangbang.programme.models import Edition
from jiangbang.recommendation import policy

pytestmark = pytest.mark.django_db


def test_a_unit_s_workspace_is_its_own_people_s(edition: Edition, people: People) -> None:
    may = {name: policy.may_work_for(getattr(people, name), edition, UNIT) for name in People.__dataclass_fields__}
    assert [name for name, right in may.items() if right] == ["unit", "colleague"]
    assert policy.units_of(people.other, edition) == {OTHER_UNIT}


def test_a_unit_brings_its_own_packets_and_the_office_all(edition: Edition, people: People) -> None:
    assert (may_bring(people.unit, edition, UNIT), may_bring(people.unit, edition, OTHER_UNIT)) == (True, False)
    assert not may_bring(people.unit, edition, "")
    assert may_bring(people.organiser, edition, "")
    assert not may_bring(people.discipline, edition, UNIT)


def test_the_office_and_its_screeners_return_dossiers(edition: Edition, people: People) -> None:
    screener = account("screener", edition, Role.SCREENER)
    assert [policy.may_return(user, edition) for user in (people.organiser, screener)] == [True, True]
    assert not policy.may_return(people.unit, edition)
