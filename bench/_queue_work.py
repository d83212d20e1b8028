"""The work that bench/queue.py and the kill test have done: each job leaves one mark, so that lost and doubled work can be counted.

`python -m bench._queue_work kills …` is the kill test itself, on the installation that JIANGBANG_HOME and DATABASE_URL name. Workers are
forked from this process, which has no threads and no open database then, and ended with SIGKILL at random moments.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

LEASE_SECONDS = 0.5
CREW = 2
THREADS = 2
# A worker lives between these; starting to work takes it some ten milliseconds.
SHORTEST_LIFE, LONGEST_LIFE = 0.02, 0.25


def prepare(lease_seconds: float | None = None) -> None:
    """Django, the tables, the kinds of work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangbang.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_wanted (number integer)")
        # no unique key: a doubled effect must be able to show
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_effect (number integer)")
    from jiangbang.queue import jobs, worker

    # here, so that the forked workers begin to work at once
    jobs.discover()
    if lease_seconds is not None:
        worker.LEASE = timedelta(seconds=lease_seconds)
        worker.HOUSEKEEPING_SECONDS = lease_seconds / 4
    declare()


def declare() -> None:
    """Three kinds: an effect in the database, one outside of it with a mark at completion, one that puts further work in."""
    from jiangbang.queue.jobs import Finish, enqueue, job

    said = Path(os.environ["JIANGBANG_HOME"]) / "outside.log"

    # a kill is not the work's fault: nothing is to be set aside for having been killed
    @job("bench.mark", max_attempts=10_000, first_pause=timedelta(0))
    def mark(number: int, pause: float = 0) -> None:
        run("INSERT INTO bench_effect VALUES (%s)", number)
        time.sleep(pause)

    @job("bench.outside", outside=True, max_attempts=10_000, first_pause=timedelta(0))
    def outside(number: int, pause: float = 0) -> Finish:
        time.sleep(pause)
        with said.open("a") as log:
            log.write(f"{number}\n")
        return lambda: run("INSERT INTO bench_effect VALUES (%s)", number)

    @job("bench.parent", max_attempts=10_000, first_pause=timedelta(0))
    def parent(number: int, pause: float = 0) -> None:
        run("INSERT INTO bench_effect VALUES (%s)", number)
        want(-number - 1, "bench.mark", pause)
        time.sleep(pause)

    def want(number: int, name: str, pause: float) -> None:
        run("INSERT INTO bench_wanted VALUES (%s)", number)
        enqueue(name, number=number, pause=pause)

    globals()["want"] = want


def run(statement: str, *values: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def put_in(numbers: range, moments: random.Random) -> None:
    """Ten jobs a transaction, as an act would: the wish and the job stand or fall together."""
    from django.db import transaction

    for start in range(numbers.start, numbers.stop, 10):
        with transaction.atomic():
            for number in range(start, min(start + 10, numbers.stop)):
                kind = ("bench.mark", "bench.outside", "bench.parent")[number % 3]
                globals()["want"](number, kind, moments.uniform(0, 0.05))


def work_until_killed() -> None:
    from jiangbang.queue.worker import work_forever

    work_forever(threading.Event(), threads=THREADS)


def forked(body: Any) -> int:
    """A child that does this and nothing else; the parent's database is closed before."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            body()
        finally:
            os._exit(0)
    return pid


def kills(count: int, jobs: int, seed: int) -> dict[str, Any]:
    """Kill `count` workers at random moments while `jobs` jobs (and their children) are put in and done; then finish and count."""
    prepare(LEASE_SECONDS)
    moments = random.Random(seed)
    began = time.monotonic()
    put_in(range(jobs // 4), moments)
    put, portion = jobs // 4, jobs // count
    crew = [forked(work_until_killed) for _ in range(CREW)]
    for _number in range(count):
        # whoever puts work in may be killed as well; what he committed counts
        producer = forked(partial(put_in, range(put, min(jobs, put + portion)), random.Random(moments.random())))
        put = min(jobs, put + portion)
        time.sleep(moments.uniform(SHORTEST_LIFE, LONGEST_LIFE))
        for victim in (producer, crew.pop(0)):
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
        crew.append(forked(work_until_killed))
    for pid in crew:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return {
        "kills": 2 * count + len(crew),
        "of workers": count + len(crew),
        "seconds": round(time.monotonic() - began, 1),
        **outcome(),
    }


def outcome() -> dict[str, Any]:
    """Let one worker finish what is left, then compare what was wanted with what happened."""
    from jiangbang.queue.models import Job
    from jiangbang.queue.worker import drain, reap

    deadline = time.monotonic() + 300
    # the house's own periodic work stands in the queue as well
    ours = Job.objects.filter(name__startswith="bench.")
    while ours.filter(state__in=("waiting", "running")).exists():
        reap()
        drain()
        time.sleep(0.05)
        if time.monotonic() > deadline:
            break
    wanted, happened = list(numbers("bench_wanted")), list(numbers("bench_effect"))
    said = (Path(os.environ["JIANGBANG_HOME"]) / "outside.log").read_text().split()
    return {
        "jobs": len(wanted),
        "lost": len(set(wanted) - set(happened)),
        "unwanted": len(set(happened) - set(wanted)),
        "doubled": len(happened) - len(set(happened)),
        "unfinished": ours.exclude(state="done").count(),
        "attempts_cut_short": sum(ours.filter(attempts__gt=1).values_list("attempts", flat=True))
        - ours.filter(attempts__gt=1).count(),
        "outside_said": len(said),
        "outside_repeated": len(said) - len(set(said)),
    }


def numbers(table: str) -> Iterator[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {table}")
        for (number,) in cursor.fetchall():
            yield number


def rate(jobs: int) -> dict[str, Any]:
    """Jobs a second: put in one by one, done by two workers of one thread each; and the wait of a single job in an idle house."""
    prepare()
    from jiangbang.queue.jobs import enqueue
    from jiangbang.queue.models import Job

    began = time.monotonic()
    for number in range(jobs):
        enqueue("bench.mark", number=number)
    put_in_a_second = jobs / (time.monotonic() - began)
    began = time.monotonic()
    crew = [forked(lambda: drained(jobs)) for _ in range(CREW)]
    for pid in crew:
        os.waitpid(pid, 0)
    done_a_second = jobs / (time.monotonic() - began)
    assert Job.objects.filter(state="done").count() == jobs
    return {
        "put in/s": round(put_in_a_second),
        "done/s": round(done_a_second),
        "pick-up ms": round(pick_up() * 1000),
        "pick-up worst ms": round(max(_waits) * 1000),
    }


def drained(limit: int) -> None:
    from jiangbang.queue.worker import drain

    drain(limit)


_waits: list[float] = []


def pick_up(times: int = 20) -> float:
    """The mean wait between a commit and the beginning of the work, with one idle worker; seconds."""
    from jiangbang.queue.jobs import enqueue
    from jiangbang.queue.models import Job

    idle = forked(work_until_killed)
    time.sleep(1)
    for number in range(times):
        time.sleep(0.3 + (number * 37 % 25) / 100)
        waiting, began = enqueue("bench.mark", number=number), time.monotonic()
        while Job.objects.get(pk=waiting.pk).state != "done":
            time.sleep(0.002)
        _waits.append(time.monotonic() - began)
    os.kill(idle, signal.SIGKILL)
    os.waitpid(idle, 0)
    return sum(_waits) / len(_waits)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["kills", "rate"])
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--jobs", type=int, default=300)
    options.add_argument("--seed", type=int, default=2023)
    told = options.parse_args()
    print(json.dumps(kills(told.kills, told.jobs, told.seed) if told.what == "kills" else rate(told.jobs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
