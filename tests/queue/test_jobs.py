"""Declaring work and putting it into the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jiangbang.queue.jobs import UnknownJobError, enqueue, hurry, job, spec_of
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db


def test_work_is_put_in_with_its_arguments() -> None:
    @job("test.add", max_attempts=7, priority=3)
    def add(number: int) -> None: ...

    row = enqueue(add, number=5)
    row.refresh_from_db()
    told = (row.name, row.key, row.arguments, row.state, row.attempts, row.max_attempts, row.priority)
    assert told == ("test.add", "", {"number": 5}, "waiting", 0, 7, 3)
    assert enqueue("test.add", number=6).arguments == {"number": 6}
    assert Job.objects.count() == 2


def test_an_equal_key_is_one_job() -> None:
    job("test.one")(lambda: None)
    job("test.other")(lambda: None)
    first = enqueue("test.one", key="k", number=1)
    assert enqueue("test.one", key="k", number=2) == first
    assert Job.objects.get().arguments == {"number": 1}
    assert enqueue("test.other", key="k") != first


def test_work_of_an_undone_change_never_was() -> None:
    job("test.one")(lambda: None)
    with transaction.atomic():
        enqueue("test.one", key="k")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_undeclared_work_is_a_fault() -> None:
    with pytest.raises(UnknownJobError, match=r"test\.unknown is not declared"):
        enqueue("test.unknown")
    with pytest.raises(UnknownJobError):
        enqueue(lambda: None)


def test_two_functions_of_one_name_are_a_fault() -> None:
    job("test.one")(lambda: None)
    with pytest.raises(UnknownJobError, match="two functions"):
        job("test.one")(lambda: None)
    assert spec_of("test.one").name == "test.one"


def test_waiting_work_can_be_hurried() -> None:
    job("test.one")(lambda: None)
    enqueue("test.one", key="k", run_at=timezone.now() + timedelta(days=1))
    assert hurry("test.one", key="k") is True
    assert Job.objects.get().run_at <= timezone.now()
    assert hurry("test.one", key="other") is False
