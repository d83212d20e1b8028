"""Rehearsed objections go through the acts and leave every kind of outcome behind."""

from __future__ import annotations

from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from notice.cases import pair
from notice.noticed import noticed

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_models import Objection
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.objections import rehearse_objections


def test_every_outcome_is_there_and_the_same_seed_gives_the_same(edition: Edition, cast: Cast) -> None:  # noqa: F811
    pair(cast.organiser)
    notice = noticed(edition, cast.organiser, titles=4)
    said: list[str] = []
    cases = rehearse_objections(edition, by=cast.organiser, seed=3, say=said.append)
    states = [one.state for one in Objection.objects.order_by("sequence")]
    assert states == ["upheld", "rejected", "admitted", "received", "refused"]
    assert len(cases) == 5
    assert len(said) == 1
    entries = sorted(NoticeEntry.objects.filter(notice=notice).values_list("state", flat=True))
    assert entries == ["running", "running", "running", "struck", "suspended"]


def test_where_nobody_else_could_decide_nothing_happens(edition: Edition, cast: Cast) -> None:  # noqa: F811
    noticed(edition, cast.organiser, titles=4)
    cast.discipline.memberships.all().delete()
    assert rehearse_objections(edition, by=cast.organiser, seed=3, say=print) == []
