"""The program as a user starts it: `jiangbang up` in a home of its own, on SQLite or on a database of its own in PostgreSQL."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

# Migrating, collecting static files and starting, on a machine that is busy with other things.
START_SECONDS = 180
STOP_SECONDS = 30
GROW_OLD = """\
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "jiangbang.settings"
import django
django.setup()
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore(sys.argv[1])
session["proved_at"] -= 24 * 3600
session.save()
"""


@dataclass(frozen=True)
class House:
    """A running installation."""

    base: str
    home: Path
    process: subprocess.Popen[bytes]
    # in which other programs of this installation are started
    environment: dict[str, str]

    def grow_old(self, session_key: str) -> None:
        """Let a session's last proof of who holds it lie a day back, as if the person had gone on working since yesterday."""
        subprocess.run([sys.executable, "-c", GROW_OLD, session_key], env=self.environment, check=True, timeout=120)

    @property
    def account(self) -> tuple[str, str]:
        """User name and password of the first account, from the note that the program leaves in its home."""
        name, password = (self.home / "first-sign-in.txt").read_text("utf-8").split()
        return name, password

    @contextlib.contextmanager
    def held_worker(self) -> Iterator[None]:
        """While this lasts nothing is taken from the queue, and pages are served as ever: the worker lives in the process that we
        started, the pages in a child of it. Never stopped while it holds SQLite's write lock, which every upload needs."""
        until = time.monotonic() + START_SECONDS
        while True:
            self.process.send_signal(signal.SIGSTOP)
            if _can_write(self.home):
                break
            self.process.send_signal(signal.SIGCONT)
            assert time.monotonic() < until, "the worker never let go of the database"
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


def _can_write(home: Path) -> bool:
    """Whether nobody holds SQLite's write lock. PostgreSQL has none: the worker's looking into the queue holds nobody up."""
    path = home / "jiangbang.sqlite3"
    if "DATABASE_URL" in os.environ or not path.exists():
        return True
    probe = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        probe.close()
    return True


@contextlib.contextmanager
def running_house(home: Path, **settings: str) -> Iterator[House]:
    """Start the program with these settings, wait until its sign-in page answers, stop it by its own process id.

    The home is a copy of one that was started and stopped before: migrating and gathering static files anew for every module would
    take longer than most journeys. That the program starts in an empty home is shown by the tests of `up`.
    """
    first = _first_house()
    shutil.copytree(first.home, home)
    with (
        _database(os.environ.get("DATABASE_URL"), first.database) as database,
        _started(home, database, settings) as house,
    ):
        yield house


@dataclass(frozen=True)
class _First:
    """What every house is a copy of: a home, and on PostgreSQL the name of a database."""

    home: Path
    database: str | None


@functools.cache
def _first_house() -> _First:
    """Start and stop the program once in an empty home; kept while this process lives."""
    cleaning = contextlib.ExitStack()
    atexit.register(cleaning.close)
    home = Path(cleaning.enter_context(tempfile.TemporaryDirectory(prefix="jiangbang-first-"))) / "home"
    database = cleaning.enter_context(_database(os.environ.get("DATABASE_URL")))
    with _started(home, database, {}):
        pass
    url = database.get("DATABASE_URL")
    return _First(home, urlsplit(url).path.lstrip("/") if url else None)


@contextlib.contextmanager
def _started(home: Path, database: dict[str, str], settings: dict[str, str]) -> Iterator[House]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "JIANGBANG_"))}
    environment = {**kept, **database, **settings, "JIANGBANG_HOME": str(home)}
    port = _free_port()
    log = home.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jiangbang", "up", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(base, process, log)
            yield House(base, home, process, environment)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_it_answers(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    nap = threading.Event()
    while time.monotonic() < until:
        assert process.poll() is None, f"the program ended at once:\n{log.read_text('utf-8', 'replace')}"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{base}/account/login/", timeout=10).close()
            return
        nap.wait(0.1)
    raise AssertionError(f"the program did not answer in {START_SECONDS} s:\n{log.read_text('utf-8', 'replace')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


@contextlib.contextmanager
def _database(url: str | None, like: str | None = None) -> Iterator[dict[str, str]]:
    """A new database on the server that DATABASE_URL names, empty or a copy of `like`, gone afterwards; SQLite in the home where it
    names none."""
    if not url:
        yield {}
        return
    name = f"jiangbang_journeys_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        template = sql.Identifier(like or "template1")
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
    try:
        yield {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
