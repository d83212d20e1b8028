"""django-tasks-db under the same work: its own backend and its own worker command, forked and killed as ours are.

On Django 5.2 it wants django-tasks (its extra `compat`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from importlib.util import find_spec
from typing import Any

from bench._queue_work import CREW, LONGEST_LIFE, SHORTEST_LIFE, forked, numbers, run


def prepare() -> Any:
    """Django with this queue alone, its table, one kind of work."""
    from django.conf import settings

    from jiangbang import settings as house

    # SQLite's write lock is taken when a transaction begins, as in the house
    settings.configure(
        DATABASES=house.DATABASES,
        INSTALLED_APPS=["django.contrib.contenttypes", "django_tasks_db"],
        TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        LOGGING_CONFIG=None,
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    run("CREATE TABLE bench_wanted (number integer)")
    run("CREATE TABLE bench_effect (number integer)")
    from django_tasks import task

    # the worker looks the task up by module and name
    globals()["mark"] = task()(mark)
    return globals()["mark"]


def mark(number: int, pause: float = 0) -> None:
    """The body: one mark."""
    run("INSERT INTO bench_effect VALUES (%s)", number)
    time.sleep(pause)


def work(batch: bool) -> None:
    from django.core.management import call_command

    call_command("db_worker", verbosity=0, interval=0.25, batch=batch, startup_delay=False, worker_id=f"w{os.getpid()}")


def put_in(kind: Any, count: int, pause: float) -> None:
    for number in range(count):
        run("INSERT INTO bench_wanted VALUES (%s)", number)
        kind.enqueue(number=number, pause=pause)


def rate(jobs: int) -> dict[str, Any]:
    kind, began = prepare(), time.monotonic()
    for number in range(jobs):
        kind.enqueue(number=number)
    put_in_a_second = jobs / (time.monotonic() - began)
    began = time.monotonic()
    for pid in [forked(lambda: work(batch=True)) for _ in range(CREW)]:
        os.waitpid(pid, 0)
    seconds = time.monotonic() - began
    assert len(set(numbers("bench_effect"))) == jobs
    return {"put in/s": round(put_in_a_second), "done/s": round(jobs / seconds)}


def kills(jobs: int, count: int) -> dict[str, Any]:
    kind, moments = prepare(), random.Random(2023)
    put_in(kind, jobs, 0.02)
    crew = [forked(lambda: work(batch=False)) for _ in range(CREW)]
    for _number in range(count):
        time.sleep(moments.uniform(SHORTEST_LIFE, LONGEST_LIFE))
        victim = crew.pop(0)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        crew.append(forked(lambda: work(batch=False)))
    for victim in crew:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
    os.waitpid(forked(lambda: work(batch=True)), 0)
    happened = list(numbers("bench_effect"))
    from django_tasks_db.models import DBTaskResult

    left = DBTaskResult.objects.filter(status="RUNNING").count()
    return {
        "of workers": count + CREW,
        "jobs": jobs,
        "lost": jobs - len(set(happened)),
        "doubled": len(happened) - len(set(happened)),
        "unfinished": left,
    }


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["kills", "rate"])
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--jobs", type=int, default=300)
    told = options.parse_args()
    if find_spec("django_tasks") is None:
        print(json.dumps({"left out": "pip install 'django-tasks-db[compat]'"}))
        return 0
    # the worker imports the task by the name of this module
    from bench import _queue_tasks_db as own

    print(json.dumps(own.kills(told.jobs, told.kills) if told.what == "kills" else own.rate(told.jobs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
