"""A notice that stands in a moment, for the tests of what follows: rows of a notice without the acts that publish it."""

from __future__ import annotations

from datetime import timedelta

from decision.decided import decided
from django.utils import timezone

from jiangbang.accounts.models import User
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.notice.versions import rows_of, wording_of
from jiangbang.programme.models import Edition

DAYS = 5


def noticed(edition: Edition, office: User, days_over: bool = False, *, titles: int = 2) -> Notice:
    """The first notice of a decided edition, everybody of the result on it. It was published today, or with `days_over` so that its last
    day was some days ago."""
    result = decided(edition, office, titles=titles)
    today = edition.now().astimezone(edition.zone).date()
    published = today - timedelta(days=10) if days_over else today
    notice = Notice.objects.create(
        edition=edition,
        number=1,
        days=DAYS,
        published_by=office,
        published_at=timezone.now(),
        first_day=published + timedelta(days=1),
        last_day=published + timedelta(days=7),
    )
    places = result.places.filter(reserve=False).select_related("dossier__accepted_revision")
    made = []
    for place in places.order_by("title", "position"):
        name, employer = wording_of(edition, place.dossier)
        entry = NoticeEntry(notice=notice, dossier_id=place.dossier_id, title=place.title, position=place.position)
        entry.name, entry.employer = name, employer
        made.append(entry)
    NoticeEntry.objects.bulk_create(made)
    NoticeVersion.objects.create(
        notice=notice, number=1, rows=rows_of(made), prepared_at=timezone.now(),
        released_by=office, released_at=timezone.now(),
    )  # fmt: skip
    return notice
