"""Receiving while faults happen to it, a few times. `script/faults`: a thousand, and signing, voting, publishing, conferring as well."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.faults.__main__ import figures, good

ROOT = Path(__file__).resolve().parents[2]
KILLS, DISKS, PEOPLE = 8, 3, 3

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="works on an SQLite home of its own; run once, with SQLite"
)


def test_what_is_acknowledged_stays_and_nothing_happens_twice(ready_home: Path, tmp_path: Path) -> None:
    shutil.copytree(ready_home, tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults.campaign", *map(str, (KILLS, DISKS, 0, 1, PEOPLE)), "receive"],
        cwd=ROOT,
        env={**os.environ, "JIANGBANG_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] >= KILLS
    assert told["full disks"] >= DISKS
    found = figures("SQLite", told)
    # how soon a loaded machine comes back says nothing here
    assert good({name: value for name, value in found.items() if "recovery" not in name}), told


def test_a_loss_would_be_seen() -> None:
    kept = {
        "acknowledged and lost": 0,
        "done twice or by half": 0,
        "invariants broken": [],
        "wrong": [],
        "slowest recovery, s": 1,
    }
    assert good(figures("x", kept))
    assert not good(figures("x", {**kept, "acknowledged and lost": 1}))
    assert not good(figures("x", {**kept, "done twice or by half": 1}))
    assert not good(figures("x", {**kept, "invariants broken": ["register.whole"]}))
    assert not good(figures("x", {**kept, "slowest recovery, s": 11}))
