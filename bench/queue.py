"""The queue against django-tasks-db and procrastinate: jobs a second, pick-up, and what SIGKILL does to each.

Our own long kill run is `queue_kills`.

Each figure comes from processes of its own on a database of its own; peers run their own workers. PostgreSQL waits for the disk
(fsync on), SQLite likewise (synchronous=FULL).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _postgres

JOBS = 200
KILLS = 15
JOBS_KILLED = 150


def run() -> dict[str, Any]:
    """Rates of all, then kills of all."""
    with _postgres.server() as address:
        homes = list(queues(address))
        return {
            "rates": [measured("rate", *home, jobs=JOBS) for home in homes],
            "kills": [measured("kills", *home, jobs=JOBS_KILLED, kills=KILLS) for home in homes],
        }


def queues(address: str | None) -> Iterator[tuple[str, str, str | None]]:
    """Who is measured on which database."""
    for who in ("ours", "django-tasks-db"):
        yield who, "SQLite", None
    if address is not None:
        for who in ("ours", "django-tasks-db", "procrastinate"):
            yield who, "PostgreSQL", address


def measured(what: str, who: str, on: str, address: str | None, **options: int) -> dict[str, Any]:
    """One row: the driver of `who` runs on an empty database."""
    module = {"ours": "_queue_work", "django-tasks-db": "_queue_tasks_db", "procrastinate": "_queue_procrastinate"}[who]
    with tempfile.TemporaryDirectory() as home:
        environment = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        environment["JIANGBANG_HOME"] = home
        name = f"bench_{what}_{Path(home).name}".lower()
        if address is not None:
            environment["DATABASE_URL"] = _postgres.database(address, name)
        command = [
            sys.executable,
            "-m",
            f"bench.{module}",
            what,
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return {"queue": who, "database": on, **json.loads(done.stdout.splitlines()[-1])}
