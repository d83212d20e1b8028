"""Putting set-aside work back: done, refused, undone with a failing register."""

from __future__ import annotations

from unittest import mock

import pytest
from django.utils import timezone

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.queue.acts import retry_job
from jiangbang.queue.models import Job
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    now = timezone.now()
    return Job.objects.create(name="x", state="aside", run_at=now, finished_at=now, attempts=3, max_attempts=3)


@pytest.fixture
def system() -> User:
    return create_account("system", role=Role.SYSTEM, password=None)


def test_set_aside_work_gets_as_many_attempts_again(job: Job, system: User) -> None:
    retry_job(job, by=system)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.max_attempts) == ("waiting", 3, 6)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.facts) == ("job.retried", f"job:{job.pk}", {"job": "x"})


def test_putting_back_is_refused(job: Job, system: User) -> None:
    with pytest.raises(Refused) as refusal:
        retry_job(job, by=create_account("unit", role=Role.UNIT, password=None))
    assert refusal.value.code == "permission"
    Job.objects.update(state="done")
    with pytest.raises(Refused) as refusal:
        retry_job(job, by=system)
    assert refusal.value.code == "not_aside"


def test_a_failing_register_undoes_it(job: Job, system: User) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError), pytest.raises(OSError):
        retry_job(job, by=system)
    job.refresh_from_db()
    assert job.state == "aside"
