"""What the later stages ask of the notice."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition


def completed_places(edition: Edition) -> Sequence[NoticeEntry]:
    """Those who stood before the public undisturbed to the end, by title and position, each with its dossier. One query."""
    rows = NoticeEntry.objects.filter(notice__edition=edition, state=NoticeEntry.State.STOOD)
    return list(rows.select_related("dossier", "notice").order_by("title", "position"))
