"""An edition with received dossiers in screening, and the people who screen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast, MakeReading, person

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening import acts

# All that the form of a person who fits does not carry.
FITTING: dict[str, object] = {
    "employed_in_hangzhou": True,
    "union_member": True,
    "law_abiding": True,
    "years_in_hangzhou": 3,
    "in_technical_post": True,
    "standards_or_key_technology": False,
    "innovation_with_benefit": True,
    "national_qualification": False,
    "science_award": False,
    "trains_talent": False,
    "coached_best_rank": 0,
    "earlier_titles": [],
    "civil_service_staff": False,
    "institution_or_soe_leader": False,
}


@dataclass(frozen=True)
class Screeners:
    """Two screeners, the organiser who leads them, and the office that only reads."""

    li: User
    wang: User
    organiser: User
    discipline: User
    stranger: User


@pytest.fixture
def screeners(cast: Cast, edition: Edition) -> Screeners:  # noqa: F811
    made = {}
    for name in ("li", "wang"):
        made[name] = User.objects.create(username=name, display_name=name)
        Membership.objects.create(user=made[name], role=Role.SCREENER, edition=edition.key)
    return Screeners(made["li"], made["wang"], cast.organiser, cast.discipline, cast.stranger)


@pytest.fixture
def dossier(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> Dossier:  # noqa: F811
    """Somebody who fits in every respect, in screening."""
    return in_screening(edition, cast, reading, FITTING)


def in_screening(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
    reading: MakeReading,  # noqa: F811
    facts: dict[str, object],
    number: int = 1,
) -> Dossier:
    """One person received with these facts and taken into screening."""
    record = person(number)
    nomination_acts.receive_packet(
        reading([record], salt=str(number)),
        edition=edition,
        unit=edition.spec.unit("330108"),
        by=cast.organiser,
        declared={str(record["id_number"]): facts} if facts else None,
    )
    acts.begin_screening(edition, by=cast.organiser)
    return Dossier.objects.select_related("edition", "person").get(name=record["name"])
