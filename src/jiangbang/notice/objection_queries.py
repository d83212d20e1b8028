"""What is asked of objections."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from jiangbang.notice.notice_models import Notice, NoticeEntry
from jiangbang.notice.objection_days import stands_until, today
from jiangbang.notice.objection_models import OPEN, Objection
from jiangbang.programme.models import Edition

STANDING = (NoticeEntry.State.RUNNING, NoticeEntry.State.SUSPENDED)


def objectable(edition: Edition, *, over: bool = False) -> Sequence[NoticeEntry]:
    """The entries that one may object to now, in the notice's order; with `over` those too whose notice has ended. One query."""
    rows = NoticeEntry.objects.filter(notice__edition=edition, notice__published_at__isnull=False)
    if not over:
        rows = rows.filter(state__in=STANDING)
    found = rows.select_related("notice", "dossier").order_by("notice__number", "position", "pk")
    day = today(edition)
    return [one for one in found if over or stands_until(one) >= day]


def cases_of(edition: Edition) -> QuerySet[Objection]:
    """All cases, whoever waits longest first; nothing sealed is read."""
    sealed = [f"sealed_{part}" for part in ("identity", "facts", "reason", "question", "reply", "finding", "answer")]
    rows = Objection.objects.filter(edition=edition).select_related("entry__dossier", "handler", "decider")
    return rows.defer(*sealed).order_by("answered_at", "due_on", "sequence")


def undecided_among(notice: Notice, entries: Collection[int]) -> frozenset[int]:
    """Those of a notice's entries about which a case that came in time is not decided: the notice does not end for them. One query."""
    rows = Objection.objects.filter(entry__in=entries, state__in=OPEN, counted_on__lte=notice.last_day)
    return frozenset(rows.exclude(source=Objection.Source.ANONYMOUS).values_list("entry_id", flat=True))
