"""procrastinate under the same work: its own schema and its own worker, forked and killed as ours are. PostgreSQL only."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time
from typing import Any

import procrastinate
import psycopg

from bench._queue_work import CREW, LONGEST_LIFE, SHORTEST_LIFE

ADDRESS = os.environ["DATABASE_URL"]
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=ADDRESS))


@app.task(name="mark", retry=10_000)
async def mark(number: int, pause: float = 0) -> None:
    """A body has a connection of its own (here one for the process): completion is another transaction."""
    if not _own:
        _own.append(await psycopg.AsyncConnection.connect(ADDRESS, autocommit=True))
    await _own[0].execute("INSERT INTO bench_effect VALUES (%s)", (number,))
    await asyncio.sleep(pause)


_own: list[psycopg.AsyncConnection[Any]] = []


@app.periodic(cron="* * * * * */1")
@app.task(queueing_lock="stalled", name="stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 — what it is called with
    """The way of its documentation to free what a dead worker held."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=2):
        await app.job_manager.retry_job(job)


def sql(statement: str) -> list[Any]:
    with psycopg.connect(ADDRESS, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


async def put_in(jobs: int, pause: float) -> float:
    async with app.open_async():
        began = time.monotonic()
        for number in range(jobs):
            await mark.defer_async(number=number, pause=pause)
        return jobs / (time.monotonic() - began)


async def work(wait: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            wait=wait,
            concurrency=2,
            listen_notify=True,
            install_signal_handlers=False,
            update_heartbeat_interval=1,
            stalled_worker_timeout=2,
        )


def forked(wait: bool) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(work(wait))
        finally:
            os._exit(0)
    return pid


def prepare() -> None:
    async def schema() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()

    asyncio.run(schema())
    sql("CREATE TABLE bench_effect (number integer)")


def rate(jobs: int) -> dict[str, Any]:
    prepare()
    put_in_a_second = asyncio.run(put_in(jobs, 0))
    began = time.monotonic()
    for pid in [forked(wait=False) for _ in range(CREW)]:
        os.waitpid(pid, 0)
    seconds = time.monotonic() - began
    assert sql("SELECT count(DISTINCT number) FROM bench_effect") == [(jobs,)]
    return {"put in/s": round(put_in_a_second), "done/s": round(jobs / seconds)}


def kills(jobs: int, count: int) -> dict[str, Any]:
    prepare()
    moments = random.Random(2023)
    asyncio.run(put_in(jobs, 0.02))
    crew = [forked(wait=True) for _ in range(CREW)]
    for _number in range(count):
        # its worker needs longer to begin
        time.sleep(moments.uniform(SHORTEST_LIFE, LONGEST_LIFE) + 0.5)
        victim = crew.pop(0)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        crew.append(forked(wait=True))
    until = time.monotonic() + 60
    open_jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mark' AND status IN ('todo', 'doing')"
    while sql(open_jobs) != [(0,)] and time.monotonic() < until:
        time.sleep(0.5)
    left = sql(open_jobs)[0][0]
    for victim in crew:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
    marks, distinct = sql("SELECT count(*), count(DISTINCT number) FROM bench_effect")[0]
    return {
        "of workers": count + CREW,
        "jobs": jobs,
        "lost": jobs - distinct,
        "doubled": marks - distinct,
        "unfinished": left,
    }


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["kills", "rate"])
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--jobs", type=int, default=300)
    told = options.parse_args()
    print(json.dumps(kills(told.jobs, told.kills) if told.what == "kills" else rate(told.jobs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
