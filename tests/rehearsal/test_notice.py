"""A rehearsed notice stands before the public with objections to it."""

from __future__ import annotations

from decision.decided import decided
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.site_models import SitePage
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.notice import rehearse_notice


def test_the_notice_stands_and_people_object(edition: Edition, cast: Cast) -> None:  # noqa: F811
    decided(edition, cast.organiser, titles=4, released=False)
    publisher = create_account("publisher", role=Role.ORGANISER, password=None)
    said: list[str] = []
    notice = rehearse_notice(edition, by=cast.organiser, publisher=publisher, seed=3, say=said.append)
    assert (notice.number, str(notice.last_day), notice.entries.count()) == (1, "2023-03-27", 5)
    assert notice.edition.now().date().isoformat() == "2023-03-22"
    assert Objection.objects.count() == 5
    assert len(said) == 2
    assert SitePage.objects.get(edition=notice.edition).called_at is not None
