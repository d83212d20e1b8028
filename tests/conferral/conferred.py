"""Titles that are conferred in a moment, for the tests of what follows."""

from __future__ import annotations

from collections.abc import Sequence

from notice.noticed import noticed

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.conferral.conferring import confer
from jiangbang.conferral.queries import awards_of
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition


def conferred(edition: Edition, office: User, *, titles: int = 2) -> Sequence[Award]:
    """The awards of an edition whose notice is over and was not disturbed: `titles` people of the first title and whoever else the
    decided result has."""
    notice = noticed(edition, office, days_over=True, titles=titles)
    NoticeEntry.objects.filter(notice=notice).update(state=NoticeEntry.State.STOOD)
    confer(edition, by=office)
    return awards_of(edition)
