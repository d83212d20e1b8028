"""The candidate of a demonstration: half a form, one mistake, through the acts."""

from __future__ import annotations

import pytest
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.candidacy.policy import is_candidate
from jiangbang.candidacy.queries import record_of, standing
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.draft import WRITTEN, rehearse_draft

pytestmark = pytest.mark.django_db


def test_a_candidate_has_written_half_of_the_form(edition: Edition, cast: Cast) -> None:  # noqa: F811
    candidate = create_account("candidate", role=Role.CANDIDATE, password=None, display_name="陈思远")
    candidacy = rehearse_draft(edition, edition.spec.units[0], candidate=candidate, seed=1, by=cast.organiser)
    record, stands = record_of(candidacy), standing(candidacy)
    assert (candidacy.state, candidacy.name, is_candidate(candidate, candidacy)) == ("drafting", "陈思远", True)
    assert [key for key in WRITTEN if not record[key]] == []
    assert [finding.field for finding in stands.blocks if finding.code == "field.format"] == ["years_in_industry"]
    assert "deeds" in {finding.field for finding in stands.blocks if finding.code == "field.missing"}
    assert stands.ready is False
