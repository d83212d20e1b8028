"""A whole edition rehearsed: every stage through the acts, and the register whole at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return create_account("organiser", role=Role.ORGANISER, password=None)


@pytest.fixture
def edition(office: User) -> Edition:
    """The practice edition, with nothing in it yet."""
    load_programme(BUNDLED, by=office)
    return load_practice(Edition.objects.get(slug="2023"), by=office)


@pytest.mark.slow
def test_a_dossier_walks_from_its_packet_to_the_title(
    edition: Edition, office: User, settings: Any, tmp_path: Path
) -> None:
    settings.JIANGBANG_HOME = tmp_path
    publisher = create_account("publisher", role=Role.ORGANISER, password=None)
    edition = rehearse_whole(
        edition, dossiers=30, seed=7, by=office, say=lambda _: None, until="conferral", publisher=publisher
    )
    nominees = shortlist_of(edition)
    assert [one.rank for one in nominees] == list(range(1, SEATS_AND_RESERVES + 1))
    assert all(one.cleared for one in standing_of(edition))
    assert Place.objects.filter(reserve=False).count() == SEATS
    # one entry is struck, the unit has not answered about another, and an objection against a third is not decided
    assert Award.objects.filter(edition=edition).count() == SEATS - 3
    assert StoryVersion.objects.filter(published_at__isnull=False).count() == 3
    following = rehearse_next(edition, by=office, say=lambda _: None)
    # and one of them was given a higher title since
    assert ListRow.objects.filter(name_list__edition=following).count() == SEATS - 3 + 1
    assert {one.missing for one in carried(edition, following)} == {0}
    assert is_practice(following)
    assert verify_register().whole
