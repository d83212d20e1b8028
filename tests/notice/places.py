"""What the addresses of the notice lead to in the access matrix: a notice that stands, with the dossier of the packet on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from jiangbang.nomination.models import Dossier
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.notice.site_models import SitePage
from jiangbang.notice.versions import rows_of

if TYPE_CHECKING:
    from access_places import Arguments, Stage


def notice_places(stage: Stage) -> dict[str, Arguments]:
    """Uses a dossier of the nomination's places."""
    edition, today = stage.edition, stage.edition.now().astimezone(stage.edition.zone).date()
    notice = Notice.objects.create(
        edition=edition, number=1, days=5, published_by=stage.cast.organiser, published_at=timezone.now(),
        first_day=today + timedelta(days=1), last_day=today + timedelta(days=7),
    )  # fmt: skip
    dossier = Dossier.objects.filter(edition=edition, unit_code="330108").earliest("pk")
    entry = NoticeEntry.objects.create(notice=notice, dossier=dossier, title="craftsman", position=1, name=dossier.name)
    now = timezone.now()
    NoticeVersion.objects.create(
        notice=notice,
        number=1,
        rows=rows_of([entry]),
        prepared_at=now,
        released_by=stage.cast.organiser,
        released_at=now,
    )
    SitePage.objects.create(
        edition=edition, call="推荐通知", called_at=now, changed_by=stage.cast.organiser, changed_at=now
    )
    stage.sent["notice_line"] = {"entry": entry.pk}
    public: Arguments = {"programme": edition.programme, "slug": edition.slug}
    return {
        "notice_change": {"number": 1, "what": "end"},
        "notice_correction": {"number": 1, "version": 1, "what": "release"},
        "notice_earlier": {**public, "number": 1, "version": 1},
        "notice_line": {"number": 1},
        "programme_paper": {**public, "which": "roster.xlsx"},
        **dict.fromkeys(("notice_page", "programme_page", "programme_card", "programme_dates", "notice_feed"), public),
        "notice_paper": {**public, "number": 1, "kind": "docx"},
    }
