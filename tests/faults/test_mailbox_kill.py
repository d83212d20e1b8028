"""Killed with SIGKILL at each point between fetching a mail and marking it: the next look makes exactly one packet of it."""

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
from collections.abc import Iterator
from pathlib import Path

import pytest
from dovecot import PASSWORD, Dovecot, dovecot
from nomination.mailbox_cases import SENDER
from nomination.packet_files import make_packet
from papers.mails import attached, message, text

from jiangbang.commands.speaking import bundled_form

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="kills processes on an SQLite home of their own; run once"),
]
RANDOM_KILLS = 3
TAKEN = {"$JiangbangTaken", "\\Seen"}

# Each point kills the process in the middle of `jiangbang mailbox fetch --once`.
SCRIPT = """
import os, signal, sys
from jiangbang.commands.ready import make_ready
make_ready()
from jiangbang.nomination import evidence, mailbox, mailbox_acts, mailbox_server

def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(owner, name):
    known = getattr(owner, name)
    def replaced(*arguments, **more):
        known(*arguments, **more)
        die()
    setattr(owner, name, replaced)

point = sys.argv[1]
if point == "contact":
    from jiangbang.accounts.acts import create_account
    from jiangbang.accounts.models import Membership, Role, User
    user = create_account("unit", role=Role.UNIT, password=None)
    User.objects.filter(pk=user.pk).update(email=sys.argv[2])
    Membership.objects.filter(user=user).update(scope="330108")
    sys.exit(0)
{
    "fetched": lambda: after(mailbox_server.Mailbox, "copy_into"),
    "message stored": lambda: after(mailbox, "_keep_message"),
    "stored": lambda: setattr(mailbox, "take_mail", die),
    "in the transaction": lambda: setattr(mailbox_acts, "_record", die),
    "committed": lambda: after(mailbox, "take_mail"),
    "marked": lambda: after(mailbox_server.IMAPClient, "add_flags"),
    "packet read": lambda: setattr(__import__("jiangbang.nomination.acts").nomination.acts, "receive_packet", die),
}[point]()
from jiangbang.cli import main
sys.argv[1:] = ["mailbox", "fetch", "--once", "--json"]
main()
"""
POINTS = ("fetched", "message stored", "stored", "in the transaction", "committed", "marked", "packet read")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path, server: Dovecot, ready_home: Path) -> dict[str, str]:
    shutil.copytree(ready_home, tmp_path / "home")
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        **kept,
        "JIANGBANG_HOME": str(tmp_path / "home"),
        "JIANGBANG_IMAP_URL": server.url(f"{tmp_path.name}@award.example"),
        "JIANGBANG_IMAP_PASSWORD": PASSWORD,
        "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def free_leases(environment: dict[str, str]) -> None:
    """A killed worker's lease runs out after a minute: let the minute be over."""
    database = sqlite3.connect(Path(environment["JIANGBANG_HOME"], "jiangbang.sqlite3"))
    with contextlib.closing(database), database:
        database.execute("UPDATE queue_job SET lease_until = '2000-01-01' WHERE state = 'running'")


def counts(environment: dict[str, str]) -> tuple[int, ...]:
    """Mails, intakes, packets, dossiers, as the file on disk says."""
    database = sqlite3.connect(Path(environment["JIANGBANG_HOME"], "jiangbang.sqlite3"))
    tables = ("nomination_mail", "nomination_intake", "nomination_packet", "nomination_dossier")
    with contextlib.closing(database):
        return tuple(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def send(server: Dovecot, environment: dict[str, str], folder: Path, number: int) -> str:
    user = f"{folder.name}@award.example"
    inside = folder / str(number)
    inside.mkdir()
    path, _ = make_packet(inside, bundled_form(), 1, first=number)
    whole = message(
        text("x"),
        attached(path.read_bytes(), path.name),
        sender=SENDER,
        message_id=f"<{number}@x>" if number % 2 else "",
    )
    server.deliver(whole, user=user)
    return user


def look(environment: dict[str, str]) -> dict[str, int]:
    free_leases(environment)
    done = run(environment, "-m", "jiangbang", "mailbox", "fetch", "--once", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    document: dict[str, int] = json.loads(done.stdout)
    return document


def test_a_kill_at_each_point_loses_nothing_and_doubles_nothing(
    server: Dovecot, environment: dict[str, str], tmp_path: Path
) -> None:
    assert run(environment, "-c", SCRIPT, "contact", SENDER).returncode == 0
    for number, point in enumerate(POINTS, 1):
        user = send(server, environment, tmp_path, number)
        killed = run(environment, "-c", SCRIPT, point)
        assert killed.returncode == -signal.SIGKILL, (point, killed.stderr)
        before = counts(environment)
        assert all(count in (number - 1, number) for count in before), (point, before)
        committed = point in ("committed", "marked", "packet read")
        assert before[0] == number - 1 + committed, point
        document = look(environment)
        assert counts(environment) == (number,) * 4, point
        assert server.flags(user) == [TAKEN] * number, point
        assert document["fresh"] == int(not committed), point
    assert run(environment, "-m", "jiangbang", "register", "verify").returncode == 0


def test_kills_at_any_moment_lose_nothing_and_double_nothing(
    server: Dovecot, environment: dict[str, str], tmp_path: Path
) -> None:
    assert run(environment, "-c", SCRIPT, "contact", SENDER).returncode == 0
    moments = random.Random(20230331)
    started = time.monotonic()
    send(server, environment, tmp_path, 1)
    look(environment)
    whole = time.monotonic() - started
    for number in range(2, RANDOM_KILLS + 2):
        user = send(server, environment, tmp_path, number)
        process = subprocess.Popen(
            [sys.executable, "-m", "jiangbang", "mailbox", "fetch", "--once"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.3, whole))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        look(environment)
        assert counts(environment) == (number,) * 4
        assert server.flags(user) == [TAKEN] * number
    assert run(environment, "-m", "jiangbang", "register", "verify").returncode == 0
