"""How work is declared and put into the queue.

    @job("outbox.deliver", max_attempts=8)
    def deliver(message: str) -> None: ...

    enqueue(deliver, key=f"message:{pk}", message=str(pk))

The row is written in the caller's transaction: the work exists if and only if the change was committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from jiangbang.queue.models import Job

# What an `outside` body may return: run in the transaction that completes the job.
Finish = Callable[[], None]
Body = TypeVar("Body", bound=Callable[..., Any])

MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
# How the keys of periodic work begin.
STRETCH = "stretch:"


class UnknownJobError(Exception):
    """A fault of the program: work of a kind that nobody declared."""


class SetAside(Exception):
    """Raised by a body: trying again is useless. The message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A kind of work: how it is done, how often it is tried, what happens when it is given up."""

    name: str
    body: Callable[..., Any]
    outside: bool
    max_attempts: int
    first_pause: timedelta
    priority: int
    given_up: Callable[..., None] | None


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is due once in every stretch of this length, counted from the epoch."""

    name: str
    every: timedelta


JOBS: dict[str, JobSpec] = {}
PERIODIC: dict[str, Periodic] = {}


def job(
    name: str,
    *,
    outside: bool = False,
    max_attempts: int = MAX_ATTEMPTS,
    first_pause: timedelta = FIRST_PAUSE,
    priority: int = 0,
    given_up: Callable[..., None] | None = None,
) -> Callable[[Body], Body]:
    """Declare a function with JSON keyword arguments as a kind of work.

    The body runs in one transaction with the job's completion: its effect in the database happens exactly once. It must not
    last long, for on SQLite nobody else writes meanwhile. `outside`: the body runs in no transaction, as long as it likes (the lease
    is renewed), may run twice after a crash, and may return a function that runs in the completing transaction.

    `given_up(reason=…, **arguments)` runs in the transaction that sets the job aside. Smaller `priority` goes first.
    """

    def declare(body: Body) -> Body:
        if name in JOBS and JOBS[name].body is not body:
            raise UnknownJobError(f"two functions are declared as the job {name}")
        JOBS[name] = JobSpec(name, body, outside, max_attempts, first_pause, priority, given_up)
        body.__dict__["job_name"] = name
        return body

    return declare


def periodic(
    name: str, *, every: timedelta, outside: bool = False, max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Body], Body]:
    """Declare work without arguments that is done once in every stretch, however many hosts there are.

    Stretches missed while no worker ran are not made up for.
    """

    def declare(body: Body) -> Body:
        PERIODIC[name] = Periodic(name, every)
        return job(name, outside=outside, max_attempts=max_attempts)(body)

    return declare


def discover() -> None:
    """Import every package's `tasks`, so that all work is declared."""
    autodiscover_modules("tasks")


def spec_of(work: Callable[..., Any] | str) -> JobSpec:
    """The declaration of a function or name. Raises UnknownJobError."""
    name = work if isinstance(work, str) else str(work.__dict__.get("job_name"))
    if name not in JOBS:
        discover()
    if name not in JOBS:
        raise UnknownJobError(f"{work} is not declared with @job")
    return JOBS[name]


def enqueue(work: Callable[..., Any] | str, *, key: str = "", run_at: datetime | None = None, **arguments: Any) -> Job:
    """Put work into the queue, in the caller's transaction. An equal `key` (of the same kind of work) gives the job that is there.

    `run_at`: not before that moment. Arguments are JSON values, and never personal ones. Raises UnknownJobError.
    """
    spec = spec_of(work)
    fresh = Job(
        name=spec.name,
        key=key,
        arguments=arguments,
        priority=spec.priority,
        run_at=run_at or timezone.now(),
        max_attempts=spec.max_attempts,
    )
    if not key:
        fresh.save(force_insert=True)
        return fresh
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    return Job.objects.get(name=spec.name, key=key)


def hurry(work: Callable[..., Any] | str, *, key: str) -> bool:
    """Let waiting work be due now. False where it does not wait."""
    waiting = Job.objects.filter(name=spec_of(work).name, key=key, state=Job.State.WAITING)
    return bool(waiting.update(run_at=timezone.now()))
