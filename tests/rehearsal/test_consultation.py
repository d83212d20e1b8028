"""A rehearsed consultation walks through the acts to everybody cleared."""

from __future__ import annotations

from decision.group import shortlisted
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.consultation.queries import standing_of
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.consultation import rehearse_consultation


def test_all_departments_answer_and_one_concern_is_decided(edition: Edition, cast: Cast) -> None:  # noqa: F811
    shortlisted(edition, cast.organiser, 3, cleared=False)
    create_account("colleague", role=Role.ORGANISER, password=None)
    account = create_account("police", role=Role.DEPARTMENT, password=None, edition=edition.key, scope="公安")
    said: list[str] = []
    rehearse_consultation(edition, by=cast.organiser, seed=3, say=said.append)
    assert all(one.cleared for one in standing_of(edition))
    assert Question.objects.get(answer="concern").decision == "cleared"
    assert [reply.channel for reply in Reply.objects.all()] == ["web", "paper"]
    assert Reply.objects.get(channel="web").entered_by == account
    assert said == ["2 departments were asked about 3 people; 3 are cleared."]


def test_a_department_can_be_left_to_answer(edition: Edition, cast: Cast) -> None:  # noqa: F811
    shortlisted(edition, cast.organiser, 2, cleared=False)
    rehearse_consultation(edition, by=cast.organiser, seed=3, say=len, until="asked")
    first = Inquiry.objects.get(sequence=1)
    assert {row.answer for row in first.questions.all()} == {"open"}
    assert not any(one.cleared for one in standing_of(edition))
