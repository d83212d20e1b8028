"""Rehearsed lists: made from the dossiers that there are, the same for the same seed."""

from __future__ import annotations

import pytest
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast, MakeReading, person

from jiangbang.nomination import acts
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.lists import rehearse_lists
from jiangbang.screening.lists_models import ListMatch, NameList

pytestmark = pytest.mark.django_db


def test_each_title_and_some_marks_get_a_list_and_the_last_of_firms_waits(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
    reading: MakeReading,  # noqa: F811
) -> None:
    firms = ("杭州澜图软件有限公司", "杭州启岫科技有限公司", "杭州星屿数据有限公司")
    people = [person(number, employer_and_position=f"{firms[number % 3]} 工程师") for number in range(1, 10)]
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading(people), edition=edition, unit=unit, by=cast.organiser)
    said: list[str] = []
    assert rehearse_lists(edition, seed=1, by=cast.organiser, say=said.append) == 4 + len(edition.spec.earlier_titles)
    states = list(NameList.objects.values_list("state", flat=True))
    assert (states.count("draft"), states.count("in_force"), len(said)) == (1, 6, 1)
    assert sum(NameList.objects.values_list("problem_count", flat=True)) == 12
    assert {"name", "near"} <= set(ListMatch.objects.values_list("way", flat=True))


def test_an_edition_without_dossiers_gets_no_list(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
) -> None:
    assert rehearse_lists(edition, seed=1, by=cast.organiser, say=lambda _: None) == 0
    assert NameList.objects.count() == 0
