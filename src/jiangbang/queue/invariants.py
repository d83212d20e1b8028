"""What must always hold of the queue."""

from __future__ import annotations

from typing import Final

from django.db.models import F

from jiangbang.queue.models import Job
from jiangbang.register.invariant import Invariant

_REPORT: Final = "report it: the queue's own code wrote this row"

INVARIANTS: Final = (
    Invariant(
        "queue.ended_when",
        "Work that is done or set aside has its end, and no other has one.",
        _REPORT,
        lambda: [
            *Job.objects.filter(state__in=(Job.State.DONE, Job.State.ASIDE), finished_at__isnull=True),
            *Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING), finished_at__isnull=False),
        ],
    ),
    Invariant(
        "queue.tries_bounded",
        "No work was tried more often than it may be.",
        _REPORT,
        lambda: Job.objects.filter(attempts__gt=F("max_attempts")),
    ),
    Invariant(
        "queue.aside_says_why",
        "Work that was set aside says why.",
        _REPORT,
        lambda: Job.objects.filter(state=Job.State.ASIDE, error=""),
    ),
)
