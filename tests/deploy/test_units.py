"""The systemd units of deploy/: well formed, confined, and what they start answers."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from deploy.conftest import Front
from deploy.units import COPIES, PROGRAM, SYSTEMD, command_of, environment_of, read_unit, start, stop

from jiangbang.commands.handed_over import PATIENCE

SERVICES = ("jiangbang-web.service", "jiangbang-worker.service", "jiangbang-backup.service")
UNITS = sorted(path.name for path in SYSTEMD.iterdir() if path.suffix in {".service", ".socket", ".timer"})
# `systemd-analyze security`, of 10: measured 2.3. The rest is the network, and what the readers of papers lock themselves in with.
MOST_EXPOSED = 2.5


@pytest.fixture(scope="module")
def analyze(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root folder in which the units are installed as docs/deploy.md says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    root = tmp_path_factory.mktemp("root")
    place = root / "etc" / "systemd" / "system"
    shutil.copytree(SYSTEMD, place)
    program = root / PROGRAM.lstrip("/")
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (root / "usr" / "lib" / "systemd").mkdir(parents=True)
    (root / "usr" / "lib" / "systemd" / "system").symlink_to("/usr/lib/systemd/system")
    return root


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_no_fault_in_the_units(analyze: Path) -> None:
    done = run("verify", f"--root={analyze}", "--man=no", "--recursive-errors=no", *UNITS)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "jiangbang" in line]
    assert (done.returncode, said) == (0, [])


def test_services_are_confined(analyze: Path) -> None:
    exposed = {}
    for name in SERVICES:
        done = run("security", "--offline=yes", f"--root={analyze}", "--no-pager", name)
        (level,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        exposed[name] = float(level)
    assert {name: level for name, level in exposed.items() if level > MOST_EXPOSED} == {}


def test_every_service_is_limited_in_memory_and_ends_in_time() -> None:
    for name in SERVICES:
        unit = read_unit(name)
        assert unit["Service.MemoryMax"], name
        assert unit["Service.NoNewPrivileges"] == ["yes"]
        assert unit["Service.ProtectSystem"] == ["strict"]
    # granian is given less time than systemd gives it
    assert int(read_unit("jiangbang-web.service")["Service.TimeoutStopSec"][0]) > PATIENCE


def test_the_pages_start_in_the_unit_s_environment(front: Front) -> None:
    assert front.client()("GET", "/readyz").status == 200


def test_the_worker_works_on_what_the_pages_were_given(front: Front) -> None:
    worker = start("jiangbang-worker.service", front.home)
    with closing(connect(front.home / "jiangbang.sqlite3")) as database:
        for _ in range(300):
            (left,) = database.execute("SELECT count(*) FROM queue_job WHERE state = 'done'").fetchone()
            if left:
                break
            time.sleep(0.1)
        assert left > 0
    stop(worker, "jiangbang-worker.service")


def test_the_nightly_copy_is_made_and_checked(front: Front, tmp_path: Path) -> None:
    for command in command_of("jiangbang-backup.service", tmp_path / "copies"):
        environment = environment_of("jiangbang-backup.service", front.home)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert read_unit("jiangbang-backup.service")["Service.ReadWritePaths"] == [COPIES]
