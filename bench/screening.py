"""Screening 10,000 dossiers: how long "next dossier" takes, on both databases.

The people are rehearsed ones, received through the acts with every fact declared, and taken into screening. "Next" is what a screener
waits for: the address that finds the next dossier of the queue, and the page that it leads to, one after the other in one process. The
processor is shared with nothing but the database. Beside it: the first comparison of all dossiers, and of one packet more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench._postgres import server

ROOT = Path(__file__).resolve().parents[1]


def run() -> dict[str, Any]:
    measured = {"SQLite": _measured("")}
    with server() as url:
        if url is not None:
            measured["PostgreSQL"] = _measured(url)
    return measured


def _measured(url: str) -> dict[str, Any]:
    """The figures from a process of its own, in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-screening-") as folder:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "JIANGBANG_"))}
        environment = {**kept, "JIANGBANG_HOME": folder, **({"DATABASE_URL": url} if url else {})}
        done = subprocess.run(
            [sys.executable, "-m", "bench._screening_work"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures
