"""What is asked of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from jiangbang.queue.models import Job

# Work that has been due for so long is waiting for a worker that does not come.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """How the queue stands."""

    waiting: int
    running: int
    aside: int
    # since when the oldest due job waits; None where none is due
    overdue_since: datetime | None

    @property
    def stuck(self) -> bool:
        """Whether work is due that nobody does."""
        return self.overdue_since is not None and timezone.now() - self.overdue_since > PATIENCE


def health() -> Health:
    """Two queries, on indexes."""
    open_states = (Job.State.WAITING, Job.State.RUNNING, Job.State.ASIDE)
    counts = dict(Job.objects.filter(state__in=open_states).values_list("state").annotate(Count("pk")).order_by())
    oldest = Job.objects.filter(state=Job.State.WAITING, run_at__lte=timezone.now()).aggregate(Min("run_at"))
    return Health(
        counts.get(Job.State.WAITING, 0),
        counts.get(Job.State.RUNNING, 0),
        counts.get(Job.State.ASIDE, 0),
        oldest["run_at__min"],
    )


def set_aside() -> QuerySet[Job]:
    """Work that was given up and waits for somebody's decision. Unordered: the keyset page orders."""
    return Job.objects.filter(state=Job.State.ASIDE)
