"""What is asked of candidacies."""

from __future__ import annotations

import pytest
from candidacy.drafting import UNIT, Players
from pytest_django import DjangoAssertNumQueries

from jiangbang.candidacy import acts
from jiangbang.candidacy.acts import InvitationRow
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import drafts_by_state
from jiangbang.nomination.desk_funnel import funnel
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def test_drafts_are_counted_by_how_far_they_have_come(
    edition: Edition, handed: Candidacy, players: Players, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [InvitationRow("甲"), InvitationRow("乙")]
    acts.invite_candidates(edition, edition.spec.unit(UNIT), rows, by=players.unit)
    with django_assert_num_queries(1):
        steps = drafts_by_state(edition)
    assert [step.count for step in steps] == [2, 0, 0, 1, 0, 0]


def test_the_desks_funnel_begins_with_the_drafts(edition: Edition, handed: Candidacy) -> None:
    assert [step.count for step in funnel(edition, [])] == [0, 0, 0, 1, 0, 0, 0, 0]
