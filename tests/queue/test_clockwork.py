"""Periodic work: once in each stretch, whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jiangbang.queue import clockwork
from jiangbang.queue.jobs import periodic
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db
NINE = datetime(2023, 3, 20, 9, 0, tzinfo=UTC)


def test_each_stretch_has_one_job_however_many_look() -> None:
    periodic("test.hourly", every=timedelta(hours=1))(lambda: None)
    for minute in (0, 1, 59):
        clockwork.tick(NINE + timedelta(minutes=minute))
    # another process, which knows nothing of this one
    clockwork._known.clear()
    clockwork.tick(NINE + timedelta(minutes=30))
    assert list(Job.objects.values_list("run_at", flat=True)) == [NINE]
    clockwork.tick(NINE + timedelta(minutes=60))
    assert Job.objects.count() == 2


def test_missed_stretches_are_not_made_up_for() -> None:
    periodic("test.hourly", every=timedelta(hours=1))(lambda: None)
    clockwork.tick(NINE)
    clockwork.tick(NINE + timedelta(days=2, minutes=5))
    assert Job.objects.count() == 2
