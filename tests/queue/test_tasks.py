"""The queue forgets what was done long ago, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jiangbang.queue.models import Job
from jiangbang.queue.tasks import KEPT, forget_done

pytestmark = pytest.mark.django_db


def test_only_work_done_long_ago_is_forgotten() -> None:
    now = timezone.now()
    for state, ago in (("done", KEPT + timedelta(days=1)), ("done", KEPT - timedelta(days=1)), ("aside", KEPT * 9)):
        Job.objects.create(name=f"{state}{ago.days}", state=state, run_at=now, finished_at=now - ago, max_attempts=1)
    forget_done()
    assert set(Job.objects.values_list("name", flat=True)) == {"done29", "aside270"}
