"""A whole edition rehearsed: every stage through the acts, the register whole at the end, every invariant kept; and each can be broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from rehearsal.breaking import cleanup, unguarded
from rehearsal.breaking_ways import BREAKING

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.commands.invariants import all_invariants, look
from jiangbang.conferral.award_models import Award
from jiangbang.consultation.queries import standing_of
from jiangbang.decision.models import Place
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition
from jiangbang.publicity.models import StoryVersion
from jiangbang.register.verification import verify_register
from jiangbang.rehearsal.practice import load_practice
from jiangbang.rehearsal.succession import rehearse_next
from jiangbang.rehearsal.whole import rehearse_whole
from jiangbang.review.shortlist import shortlist_of
from jiangbang.screening.lists_models import ListRow
from jiangbang.succession.carrying import carried
from jiangbang.succession.statistics import is_practice

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"
SEATS, SEATS_AND_RESERVES = 14, 18

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def edition(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edition]:
    """A practice edition, walked through to the titles once for the whole module; everything is rolled back at its end."""
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "JIANGBANG_HOME", tmp_path_factory.mktemp("home"))
    with django_db_blocker.unblock(), transaction.atomic():
        office = create_account("organiser", role=Role.ORGANISER, password=None)
        publisher = create_account("publisher", role=Role.ORGANISER, password=None)
        load_programme(BUNDLED, by=office)
        made = load_practice(Edition.objects.get(slug="2023"), by=office)
        edition = rehearse_whole(
            made, dossiers=30, seed=7, by=office, say=lambda _: None, until="conferral", publisher=publisher
        )
        rehearse_next(edition, by=office, say=lambda _: None)
        yield edition
        transaction.set_rollback(True)
    patch.undo()


def test_a_dossier_walks_from_its_packet_to_the_title(edition: Edition) -> None:
    nominees = shortlist_of(edition)
    assert [one.rank for one in nominees] == list(range(1, SEATS_AND_RESERVES + 1))
    assert all(one.cleared for one in standing_of(edition))
    assert Place.objects.filter(reserve=False).count() == SEATS
    # one entry is struck, the unit has not answered about another, and an objection against a third is not decided
    assert Award.objects.filter(edition=edition).count() == SEATS - 3
    assert StoryVersion.objects.filter(published_at__isnull=False).count() == 3
    following = Edition.objects.latest("pk")
    # and one of them was given a higher title since
    assert ListRow.objects.filter(name_list__edition=following).count() == SEATS - 3 + 1
    assert {one.missing for one in carried(edition, following)} == {0}
    assert is_practice(following)
    assert verify_register().whole


def test_every_invariant_holds_for_what_the_acts_made(edition: Edition) -> None:
    found = look(all_invariants())
    assert [(one.rule.name, one.first) for one in found if one.broken] == []
    assert len({one.rule.name for one in found}) == len(found)
    assert {one.rule.name for one in found} == set(BREAKING), "break each invariant once, in breaking_ways.py"


@pytest.mark.parametrize("name", BREAKING)
def test_what_goes_past_the_acts_breaks_its_invariant(edition: Edition, name: str) -> None:
    rule = next(one for one in all_invariants() if one.name == name)
    with transaction.atomic():
        with unguarded():
            BREAKING[name]()
        (found,) = look([rule])
        transaction.set_rollback(True)
    cleanup()
    assert found.broken
    assert all(found.first)
    assert rule.mend
