"""Taking work from the queue and doing it.

A job is claimed in one short transaction (attempt counted, lease written) and completed in another, which first writes "done" under
the fence of its attempt and then lets the body change what it changes: both stand or fall together. A killed worker leaves a
lease that runs out; whoever comes later with the old attempt finds the fence closed and undoes his change.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import socket
import threading
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.queue import clockwork
from jiangbang.queue.jobs import JOBS, JobSpec, SetAside, discover
from jiangbang.queue.models import Job

log = logging.getLogger("jiangbang.queue")

# A worker that has died is noticed after this long; a living one renews four times as often.
LEASE = timedelta(seconds=60)
BEAT_SECONDS = LEASE.total_seconds() / 4
# How long an idle worker waits before it looks again (bench/queue.py: what a look costs, and what waiting for NOTIFY would gain).
IDLE_SECONDS = 0.25
HOUSEKEEPING_SECONDS = 1.0
LONGEST_PAUSE = timedelta(hours=1)
MAX_ERROR = 1000


class LeaseLost(Exception):
    """Another worker has taken the job meanwhile: whatever was done for it is undone."""


class Leases:
    """The jobs that this process is doing outside transactions; their leases are renewed together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[int, int] = {}

    @contextlib.contextmanager
    def holding(self, taken: Job) -> Iterator[None]:
        with self._lock:
            self._held[taken.pk] = taken.attempts
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(taken.pk, None)

    def renew(self) -> None:
        """Put off the end of every held lease. One statement for each job: there are as many as threads."""
        with self._lock:
            held = list(self._held.items())
        until = timezone.now() + LEASE
        for pk, attempts in held:
            Job.objects.filter(pk=pk, attempts=attempts, state=Job.State.RUNNING).update(lease_until=until)


leases = Leases()


def work_forever(stop: threading.Event, *, threads: int = 1) -> None:
    """Work with this many threads until told to stop; ends when the jobs at hand are done. Never raises."""
    discover()
    crew = [threading.Thread(target=_labour, args=(stop,), name=f"job-{number}") for number in range(threads)]
    for one in crew:
        one.start()
    # leases are renewed until the last job at hand is done
    while any(one.is_alive() for one in crew):
        _quietly(housekeep)
        if stop.is_set():
            crew[0].join(timeout=HOUSEKEEPING_SECONDS)
            crew = [one for one in crew if one.is_alive()]
        else:
            stop.wait(HOUSEKEEPING_SECONDS)
    connection.close()


def _labour(stop: threading.Event) -> None:
    while not stop.is_set():
        if not _quietly(work_once):
            stop.wait(IDLE_SECONDS)
    connection.close()


def _quietly(work: clockwork.Work) -> bool:
    """Do it; a fault (the database is away) is logged and is not the end of the worker."""
    close_old_connections()
    try:
        return bool(work())
    except Exception:
        log.exception("The queue's worker met a fault; it goes on")
        return False


def housekeep() -> bool:
    """Renew the leases held here, free those that ran out, put due periodic work in."""
    leases.renew()
    reap()
    clockwork.tick(timezone.now())
    return True


def work_once(names: Collection[str] = ()) -> bool:
    """Take and do one job that is due, of these kinds or of any. Returns False when there is none."""
    taken = claim(names)
    if taken is None:
        return False
    _do(taken, JOBS[taken.name])
    return True


def drain(limit: int = 10_000) -> int:
    """Do everything that is due now, one after the other; how many jobs that were."""
    discover()
    done = 0
    while done < limit and work_once():
        done += 1
    return done


def claim(names: Collection[str] = ()) -> Job | None:
    """Take the first job that is due, if there is any. Two workers never get the same attempt."""
    due = Job.objects.filter(state=Job.State.WAITING, run_at__lte=timezone.now(), name__in=list(names or JOBS))
    if not due.exists():
        # an idle house takes no write lock
        return None
    with transaction.atomic():
        taken = _unlocked(due.order_by("priority", "run_at", "pk")).first()
        if taken is None:
            return None
        taken.state = Job.State.RUNNING
        taken.attempts += 1
        taken.lease_until = timezone.now() + LEASE
        taken.worker = worker_name()
        taken.save(update_fields=["state", "attempts", "lease_until", "worker"])
    return taken


def reap() -> int:
    """Free the jobs of workers that died: back into the queue, or set aside after the last attempt. How many."""
    lapsed = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=timezone.now())
    if not lapsed.exists():
        return 0
    with transaction.atomic():
        # a job in its completing transaction holds its row: it is alive, whatever its lease says
        found = list(_unlocked(lapsed.order_by("pk"))[:100])
        for dead in found:
            log.warning("%s: the worker %s died", dead, dead.worker)
            _end_attempt(dead, _("The worker that did this ended unexpectedly."))
    return len(found)


def worker_name() -> str:
    """Host, process and thread."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.current_thread().name}"[-120:]


def _unlocked(rows: QuerySet[Job]) -> QuerySet[Job]:
    """Rows that nobody else is changing. SQLite has one writer at a time, and we are it."""
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows


def _do(taken: Job, spec: JobSpec) -> None:
    try:
        if spec.outside:
            with leases.holding(taken):
                finish = spec.body(**taken.arguments)
            with transaction.atomic():
                _complete(taken)
                if finish is not None:
                    finish()
        else:
            with transaction.atomic():
                _complete(taken)
                spec.body(**taken.arguments)
    except LeaseLost:
        log.warning("%s was taken over by another worker; this attempt is undone", taken)
    except SetAside as reason:
        _fail(taken, str(reason), last=True)
    except Exception as error:
        log.exception("%s failed at attempt %d", taken, taken.attempts)
        _fail(taken, f"{type(error).__name__}: {error}")


def _complete(taken: Job) -> None:
    """Write "done" under the attempt's fence. Raises LeaseLost. On PostgreSQL the row stays locked until commit: nobody reaps it."""
    done = Job.objects.filter(pk=taken.pk, state=Job.State.RUNNING, attempts=taken.attempts).update(
        state=Job.State.DONE, finished_at=timezone.now(), lease_until=None, error=""
    )
    if not done:
        raise LeaseLost


def _fail(taken: Job, reason: str, *, last: bool = False) -> None:
    with transaction.atomic():
        mine = Job.objects.filter(pk=taken.pk, state=Job.State.RUNNING, attempts=taken.attempts)
        found = mine.select_for_update().first()
        if found is not None:
            _end_attempt(found, reason, last=last)


def _end_attempt(taken: Job, reason: str, *, last: bool = False) -> None:
    """Put a job whose attempt failed back for later, or aside. In the caller's transaction, which holds the row."""
    taken.error, taken.lease_until = reason[:MAX_ERROR], None
    if last or taken.attempts >= taken.max_attempts:
        taken.state, taken.finished_at = Job.State.ASIDE, timezone.now()
        _tell_given_up(taken, reason)
    else:
        taken.state, taken.run_at = Job.State.WAITING, next_run(taken, timezone.now())
    taken.save(update_fields=["state", "run_at", "lease_until", "error", "finished_at"])


def _tell_given_up(taken: Job, reason: str) -> None:
    """Let the owner of the work know; its fault must not keep the job at work for ever."""
    spec = JOBS.get(taken.name)
    if spec is None or spec.given_up is None:
        return
    try:
        with transaction.atomic():
            spec.given_up(reason=reason, **taken.arguments)
    except Exception:
        log.exception("%s was set aside, but its owner could not be told", taken)


def next_run(failed: Job, now: datetime) -> datetime:
    """When to try again: four times as long each time, at most an hour, spread by a fifth so that failures do not march in step."""
    spec = JOBS.get(failed.name)
    first = spec.first_pause if spec else timedelta(seconds=10)
    pause = min(first * int(4 ** (failed.attempts - 1)), LONGEST_PAUSE)
    return now + pause * random.uniform(0.8, 1.2)  # noqa: S311 — no secret
