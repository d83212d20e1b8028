"""The queue's own housekeeping as a job of its own."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiangbang.queue.jobs import STRETCH, periodic
from jiangbang.queue.models import Job

# How long a finished job is kept, to answer "was it done?". What was set aside stays until somebody decides.
KEPT = timedelta(days=30)
# Of periodic work only the last stretch matters: its key keeps other hosts from doing it again.
PERIODIC_KEPT = timedelta(days=2)


@periodic("queue.forget_done", every=timedelta(hours=1))
def forget_done() -> None:
    """Delete jobs that were done long ago."""
    done, now = Job.objects.filter(state=Job.State.DONE), timezone.now()
    done.filter(finished_at__lt=now - KEPT).delete()
    done.filter(finished_at__lt=now - PERIODIC_KEPT, key__startswith=STRETCH).delete()
