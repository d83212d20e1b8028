"""Killed with SIGKILL in the middle of receiving: nothing half-done, nothing lost, the register whole."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nomination.packet_files import make_packet

from jiangbang.commands.speaking import bundled_form

PEOPLE = 25
KILLS = 10

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="kills processes on an SQLite home of their own; run once, with SQLite"
)


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_packet(tmp_path_factory.mktemp("packet"), bundled_form(), PEOPLE)[0]


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """A home of its own on SQLite: the process under test is killed, its database must be one that we can open afterwards."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {**kept, "JIANGBANG_HOME": str(tmp_path / "home")}


@pytest.fixture
def environment(empty: dict[str, str], ready_home: Path) -> dict[str, str]:
    """The same, made ready before anything is killed."""
    shutil.copytree(ready_home, empty["JIANGBANG_HOME"])
    return empty


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "jiangbang", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    process = start(environment, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def counts(environment: dict[str, str]) -> tuple[int, int, int]:
    """Packets, dossiers and dossier entries of the register, as the file on disk says."""
    database = sqlite3.connect(Path(environment["JIANGBANG_HOME"], "jiangbang.sqlite3"))
    try:
        return tuple(  # type: ignore[return-value]
            database.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in (
                "nomination_packet",
                "nomination_dossier",
                "register_entry WHERE type LIKE 'dossier.%'",
            )
        )
    finally:
        database.close()


def test_a_kill_at_any_moment_leaves_all_or_nothing(packet: Path, environment: dict[str, str]) -> None:
    reference = {**environment, "JIANGBANG_HOME": environment["JIANGBANG_HOME"] + "-reference"}
    shutil.copytree(environment["JIANGBANG_HOME"], reference["JIANGBANG_HOME"])
    started = time.monotonic()
    status, out, err = run(reference, "packet", "receive", str(packet), "--unit", "滨江", "--json")
    assert (status, json.loads(out)["receipt"]["accepted"]) == (0, PEOPLE), err
    whole_run = time.monotonic() - started
    moments = random.Random(20230331)
    seen = set()
    for _ in range(KILLS):
        process = start(environment, "packet", "receive", str(packet), "--unit", "滨江", "--json")
        time.sleep(moments.uniform(0.1, whole_run))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        state = counts(environment)
        assert state in {(0, 0, 0), (1, PEOPLE, PEOPLE)}
        seen.add(state)
        status, out, _ = run(environment, "register", "verify", "--json")
        assert (status, json.loads(out)["problems"]) == (0, [])
    status, out, err = run(environment, "packet", "receive", str(packet), "--unit", "滨江", "--json")
    assert (status, json.loads(out)["receipt"]["accepted"]) == (0, PEOPLE), err
    assert counts(environment) == (1, PEOPLE, PEOPLE)
    assert (0, 0, 0) in seen


def test_a_worker_that_died_loses_nothing(packet: Path, environment: dict[str, str]) -> None:
    """The lease of a killed worker runs out; another takes the same intake and finishes it."""
    script = """
import sys, threading, django
django.setup()
from pathlib import Path
from jiangbang.commands.ready import make_ready
make_ready()
from jiangbang.accounts.acts import console_account
from jiangbang.nomination import acts, evidence, intake
from jiangbang.nomination.models import Intake
from jiangbang.queue import worker
from jiangbang.queue.models import Job
from jiangbang.programme.queries import default_edition
if sys.argv[1] == "bring":
    path = Path(sys.argv[2])
    sha256, size = intake.file_hash(path)
    evidence.keep_file(path, sha256)
    acts.bring_packet(edition=default_edition(), file_name=path.name, sha256=sha256, size=size,
                      unit_code="330108", channel="web", by=console_account())
else:
    Job.objects.filter(state="running").update(lease_until="2000-01-01T00:00:00Z")
    worker.reap()
    Job.objects.update(run_at="2000-01-01T00:00:00Z")
    print("working", flush=True)
    worker.drain()
    print(Intake.objects.get().state)
"""
    environment = {**environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}

    def python(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    bringer = python("bring", str(packet))
    bringer.communicate(timeout=60)
    assert bringer.returncode == 0
    for pause in (0.05, 0.3):
        worker = python("work")
        assert worker.stdout is not None
        assert worker.stdout.readline() == "working\n"
        time.sleep(pause)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=30)
        assert counts(environment) in {(0, 0, 0), (1, PEOPLE, PEOPLE)}
    out, _ = python("work").communicate(timeout=120)
    assert out.split() == ["working", "done"]
    assert counts(environment) == (1, PEOPLE, PEOPLE)
    assert run(environment, "register", "verify")[0] == 0


def test_two_commands_at_once_on_an_empty_home(packet: Path, empty: dict[str, str]) -> None:
    both = [start(empty, "packet", "receive", str(packet), "--unit", "滨江", "--json") for _ in range(2)]
    outcomes = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], outcomes
    receipts = [json.loads(out)["receipt"] for out, _ in outcomes]
    assert sorted(receipt["already_received"] for receipt in receipts) == [False, True]
    assert len({receipt["number"] for receipt in receipts}) == 1
    assert counts(empty) == (1, PEOPLE, PEOPLE)
    assert run(empty, "register", "verify")[0] == 0
