"""Comparing as work of the queue."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading
from screening.conftest import FITTING, Screeners, in_screening
from screening.listing import EMPLOYER, firms, imported

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening.lists_models import ListMatch
from jiangbang.screening.lists_tasks import compare_with_lists, keep_up

pytestmark = pytest.mark.django_db


def test_a_list_in_force_is_compared_in_the_name_of_whoever_imported_it(
    edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    compare_with_lists(edition.key, screeners.organiser.pk)
    assert ListMatch.objects.get().counts
    compare_with_lists("no/edition", screeners.organiser.pk)
    compare_with_lists(edition.key, 99_999)


def test_who_came_since_is_compared_by_itself(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    keep_up()
    imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    in_screening(edition, cast, reading, FITTING)
    keep_up()
    assert ListMatch.objects.count() == 1
    in_screening(edition, cast, reading, FITTING, 2)
    User.objects.update(is_active=False)
    keep_up()
    assert ListMatch.objects.count() == 1
