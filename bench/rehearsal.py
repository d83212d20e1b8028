"""A whole programme, from the packets to the archive and the next edition, at three sizes: what one dossier costs.

Each size runs `jiangbang rehearse` in an empty home and a process of its own: every official change goes through its act, with lock,
checks and register entry. Time includes the set-up of the empty home. The processor's seconds are those of the process and its children.
Beside it the least that the disk allows: as many commits of one row as the register got entries, in SQLite's way of the settings.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (463, 2_000, 10_000)
SEED = 2024
# commits from which the disk's least is reckoned
COMMITS = 2_000


def run() -> dict[str, Any]:
    """Rows of all sizes, and of each size the seconds from one sentence of the rehearsal to the next."""
    measured = {size: _rehearsed(size) for size in SIZES}
    return {
        "whole": [row for row, _steps in measured.values()],
        "steps": {f"{size} dossiers": steps for size, (_row, steps) in measured.items()},
    }


def _rehearsed(size: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="jiangbang-bench-rehearsal-") as folder:
        commit = _seconds_per_commit(Path(folder) / "commits.sqlite3")
        started = time.perf_counter()
        said, usage = _command(size, Path(folder) / "home")
        seconds = time.perf_counter() - started
    cpu = usage.ru_utime + usage.ru_stime
    row = {
        "dossiers": size,
        "seconds": round(seconds, 1),
        "cpu seconds": round(cpu, 1),
        "cpu ms per dossier": round(1000 * cpu / size, 1),
        "peak MiB": round(usage.ru_maxrss / 1024),
        "entries": said["register_size"],
        "whole": said["register_whole"],
        "commits alone s": round(commit * said["register_size"], 1),
    }
    steps = [
        {"seconds": round(after["seconds"] - before["seconds"], 1), "until": after["said"]}
        for before, after in pairwise(said["steps"])
    ]
    return row, steps


def _command(size: int, home: Path) -> tuple[dict[str, Any], Any]:
    """What the command printed, and what it used."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "JIANGBANG_"))}
    words = ["rehearse", "--dossiers", str(size), "--seed", str(SEED), "--json"]
    printed = home.with_suffix(".json")
    with printed.open("wb") as sink:
        child = subprocess.Popen(
            [sys.executable, "-m", "jiangbang", *words],
            env={**kept, "JIANGBANG_HOME": str(home)},
            cwd=ROOT,
            stdout=sink,
        )
        _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, words)
    return json.loads(printed.read_text("utf-8")), usage


def _seconds_per_commit(path: Path) -> float:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (body BLOB)")
        started = time.perf_counter()
        for _number in range(COMMITS):
            connection.execute("INSERT INTO entry VALUES (?)", (b"x" * 300,))
        return (time.perf_counter() - started) / COMMITS
