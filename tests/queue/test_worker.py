"""Doing work: once in effect, again after failure, set aside with the reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from jiangbang.queue import worker
from jiangbang.queue.jobs import SetAside, enqueue, job
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db


def only() -> Job:
    return Job.objects.get()


def test_done_work_leaves_its_effect_and_its_row() -> None:
    job("test.mark")(lambda name: Group.objects.create(name=name))
    enqueue("test.mark", name="effect")
    assert worker.work_once() is True
    assert (only().state, only().attempts, only().lease_until, Group.objects.count()) == ("done", 1, None, 1)
    assert only().finished_at is not None
    assert worker.work_once() is False


def test_an_effect_is_undone_with_its_failure_and_tried_again_later() -> None:
    def fail(name: str) -> None:
        Group.objects.create(name=name)
        raise ValueError("no paper in the tray")

    job("test.fail")(fail)
    enqueue("test.fail", name="effect")
    before = timezone.now()
    assert worker.work_once() is True
    row = only()
    assert (row.state, row.error, Group.objects.count()) == ("waiting", "ValueError: no paper in the tray", 0)
    assert timedelta(seconds=8) <= row.run_at - before <= timedelta(seconds=13)
    assert worker.work_once() is False


def test_pauses_grow_up_to_an_hour() -> None:
    job("test.fail")(lambda: None)
    now = timezone.now()
    pauses = [
        (worker.next_run(Job(name="test.fail", attempts=attempts), now) - now).total_seconds()
        for attempts in range(1, 7)
    ]
    expected = (10, 40, 160, 640, 2560, 3600)
    assert [0.8 * middle <= pause <= 1.2 * middle for pause, middle in zip(pauses, expected, strict=True)] == [True] * 6


def test_after_the_last_attempt_work_is_set_aside_and_its_owner_told() -> None:
    told: list[tuple[str, int]] = []

    def fail(number: int) -> None:
        raise ValueError("never")

    job("test.fail", max_attempts=2, given_up=lambda *, reason, number: told.append((reason, number)))(fail)
    enqueue("test.fail", number=4)
    worker.work_once()
    Job.objects.update(run_at=timezone.now())
    worker.work_once()
    assert (only().state, only().error, only().attempts) == ("aside", "ValueError: never", 2)
    assert told == [("ValueError: never", 4)]


def test_work_that_says_so_is_set_aside_at_once() -> None:
    def refuse() -> None:
        raise SetAside("the address does not exist")

    job("test.refuse")(refuse)
    enqueue("test.refuse")
    worker.work_once()
    assert (only().state, only().error) == ("aside", "the address does not exist")


def test_an_owner_who_cannot_be_told_keeps_no_job_at_work() -> None:
    def broken(*, reason: str) -> None:
        raise ZeroDivisionError

    def refuse() -> None:
        raise SetAside("no")

    job("test.refuse", given_up=broken)(refuse)
    enqueue("test.refuse")
    worker.work_once()
    assert only().state == "aside"


def test_outside_work_finishes_in_the_completing_transaction() -> None:
    def look() -> Callable[[], object]:
        assert only().state == "running"
        return lambda: Group.objects.create(name="effect")

    job("test.look", outside=True)(look)
    enqueue("test.look")
    worker.work_once()
    assert (only().state, Group.objects.count()) == ("done", 1)


def test_work_is_taken_by_priority_then_by_time() -> None:
    order: list[str] = []
    job("test.late", priority=5)(lambda name: order.append(name))
    job("test.soon")(lambda name: order.append(name))
    enqueue("test.late", name="packet")
    enqueue("test.soon", name="second", run_at=timezone.now() - timedelta(minutes=1))
    enqueue("test.soon", name="first", run_at=timezone.now() - timedelta(hours=1))
    enqueue("test.soon", name="tomorrow", run_at=timezone.now() + timedelta(days=1))
    assert worker.drain() == 3
    assert order == ["first", "second", "packet"]


def test_work_of_a_kind_that_is_not_known_here_is_left_to_others() -> None:
    Job.objects.create(name="test.newer", run_at=timezone.now(), max_attempts=1)
    assert worker.work_once() is False
    assert only().state == "waiting"


def test_a_dead_workers_job_goes_back_and_at_last_aside() -> None:
    job("test.mark", max_attempts=2)(lambda: None)
    enqueue("test.mark")
    for state in ("waiting", "aside"):
        Job.objects.update(run_at=timezone.now())
        assert worker.claim() is not None
        assert worker.reap() == 0
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert worker.reap() == 1
        assert only().state == state
    assert only().error


def test_whoever_lost_the_lease_changes_nothing() -> None:
    def slow(name: str) -> Callable[[], object]:
        # meanwhile the lease has run out, and another worker has begun
        Job.objects.update(attempts=2)
        return lambda: Group.objects.create(name=name)

    job("test.slow", outside=True)(slow)
    enqueue("test.slow", name="effect")
    assert worker.work_once() is True
    assert (only().state, only().attempts, Group.objects.count()) == ("running", 2, 0)


def test_held_leases_are_renewed() -> None:
    job("test.mark")(lambda: None)
    enqueue("test.mark")
    taken = worker.claim()
    assert taken is not None
    Job.objects.update(lease_until=timezone.now())
    worker.leases.renew()
    assert only().lease_until < timezone.now()  # type: ignore[operator]
    with worker.leases.holding(taken):
        worker.leases.renew()
    assert only().lease_until > timezone.now() + timedelta(seconds=50)  # type: ignore[operator]


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_work_and_end_when_told() -> None:
    names: list[str] = []
    stop = threading.Event()

    def mark(number: int) -> None:
        Group.objects.create(name=str(number))
        names.append(threading.current_thread().name)

    job("test.mark")(mark)
    for number in range(20):
        enqueue("test.mark", number=number)
    crew = threading.Thread(target=worker.work_forever, args=(stop,), kwargs={"threads": 2})
    crew.start()
    for _ in range(200):
        if Job.objects.filter(state="done").count() == 20:
            break
        stop.wait(0.05)
    stop.set()
    crew.join(timeout=10)
    assert crew.is_alive() is False
    assert (Group.objects.count(), len(names)) == (20, 20)
    connection.close()
