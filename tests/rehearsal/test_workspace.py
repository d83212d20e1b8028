"""The demonstration's unit: somebody in every state, all of it brought about by acts."""

from __future__ import annotations

from collections import Counter

import pytest
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.candidacy.submitted import submitted_files
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.recommendation.models import Return
from jiangbang.register.verification import verify_register
from jiangbang.rehearsal.workspace import STEPS, rehearse_workspace

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_somebody_is_in_every_state(edition: Edition, cast: Cast) -> None:  # noqa: F811
    unit = create_account("unit", role=Role.UNIT, password=None, scope="330110")
    said: list[object] = []
    made = rehearse_workspace(
        edition, edition.spec.unit("330110"), seed=7, by=unit, office=cast.organiser, say=said.append
    )
    assert Counter(one.state for one in made) == {
        "invited": 2,
        "drafting": 2,
        "with_employer": 1,
        "with_unit": 2,
        "submitted": 2,
        "returned": 1,
    }
    assert len(made) == len(STEPS)
    assert Counter(Dossier.objects.values_list("state", flat=True)) == {"accepted": 2, "waiting": 1}
    assert Return.objects.count() == 1
    assert {submitted_files(one).filter(kind="evidence").exists() for one in Dossier.objects.all()} == {True}
    assert verify_register().whole
    assert len(said) == 1
