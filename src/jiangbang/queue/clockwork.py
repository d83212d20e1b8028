"""Periodic work: each stretch of time has one key, and equal keys are one job, so that many hosts put it in once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from jiangbang.queue.jobs import PERIODIC, STRETCH, enqueue

Work = Callable[[], object]

# The stretches that this process has put in already, to spare the database the question.
_known: dict[str, int] = {}


def stretch_of(moment: datetime, every: timedelta) -> int:
    """The number of the stretch that the moment lies in, counted from the epoch."""
    return int(moment.timestamp() // every.total_seconds())


def tick(now: datetime) -> None:
    """Put in the periodic work of the stretch that `now` lies in, where nobody has yet."""
    for one in PERIODIC.values():
        number = stretch_of(now, one.every)
        if _known.get(one.name) == number:
            continue
        begins = datetime.fromtimestamp(number * one.every.total_seconds(), UTC)
        enqueue(one.name, key=f"{STRETCH}{number}", run_at=begins)
        _known[one.name] = number
