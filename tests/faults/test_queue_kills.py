"""Workers and those who put work in, killed with SIGKILL at random moments: nothing lost, nothing done twice, none left behind.

The same run with 600 workers on each database is `bench/queue.py`; its figures stand in docs/decisions/0016.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import _postgres

ROOT = Path(__file__).resolve().parents[2]
KILLS = 30
JOBS = 240


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation of its own: an SQLite home, or a fresh database on the server that the tests run on."""
    kept = {**os.environ, "JIANGBANG_HOME": str(tmp_path / "home")}
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield kept
        return
    name = f"kills_{os.getpid()}"
    yield {**kept, "DATABASE_URL": _postgres.database(server, name)}
    _postgres.drop(server, name)


def test_every_job_has_its_effect_once_whoever_is_killed(environment: dict[str, str]) -> None:
    Path(environment["JIANGBANG_HOME"]).mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "bench._queue_work", "kills", f"--kills={KILLS}", f"--jobs={JOBS}"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert {key: told[key] for key in ("lost", "unwanted", "doubled", "unfinished")} == {
        "lost": 0,
        "unwanted": 0,
        "doubled": 0,
        "unfinished": 0,
    }
    assert told["jobs"] > JOBS / 4
    # the kills met work, or this test shows nothing
    assert told["attempts_cut_short"] > 0
