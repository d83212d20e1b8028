"""The deadline rush: 10,000 packets in the last hour, half of them in the last five minutes, sent over HTTP as fast as they are taken.

The hour is compressed: the first half comes from 50 senders, the second from 200, all as fast as the server takes them. Packets hold one to
three people's real forms with photo and the roster. The server is `jiangbang up` with its own settings on 127.0.0.1, on SQLite and, where
DATABASE_URL names a server, on a PostgreSQL database of its own. While the second half comes the deadline is set to fall within it, and
a few more are sent than the 10,000, so that arrivals straddle it to the second. Afterwards the database is asked: every answered upload is
there, what came in time is received with all its people, what came later is refused with the time. Beside it a bare Django
(`bench/peers/bare_django.py`) takes the same files with the same threads: it syncs the file and appends to a hash chain.

RUSH_COUNT, RUSH_PEER and RUSH_WAIT set how many packets, how many for the peer, and how many seconds the reading may take.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench._rush_packets import people_in

ROOT = Path(__file__).resolve().parents[1]
COUNT = int(os.environ.get("RUSH_COUNT", "10000"))
PEER_COUNT = int(os.environ.get("RUSH_PEER", "3000"))
WAIT_SECONDS = float(os.environ.get("RUSH_WAIT", "1800"))
FEW, MANY = 50, 200
# sent beyond the number, and refused
STRAGGLERS = 0.04
THREADS = 4
DEADLINE = "deadline = 2023-03-31T23:59:59+08:00"
CLOCK = "clock = 2023-03-20T09:00:00+08:00\n"
EDITION = "hangzhou-digital-craftsman"


def run() -> dict[str, Any]:
    """Rates, latencies, and what became of each upload."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-rush-") as folder:
        packets = make_packets(Path(folder), COUNT + int(COUNT * STRAGGLERS) + MANY)
        sizes = [path.stat().st_size for path in packets]
        databases = ["SQLite", *(["PostgreSQL"] if "DATABASE_URL" in os.environ else [])]
        uploads, received, checks = [], [], {}
        for database in databases:
            with database_of(database) as url:
                uploads.append(peer(Path(folder), packets[:PEER_COUNT], database, url))
            with database_of(database) as url:
                upload, reading, checked = rush(Path(folder), packets, database, url)
            uploads.append(upload)
            received.append(reading)
            checks[database] = checked
    return {
        "packets": COUNT,
        "people": sum(people_in(number) for number in range(COUNT)),
        "kB each, median": statistics.median(sizes) / 1e3,
        "upload answered": uploads,
        "from arrival to received": received,
        "what became of them": checks,
    }


def make_packets(folder: Path, count: int) -> list[Path]:
    """The files, made by two processes."""
    box = folder / "packets"
    box.mkdir()
    middle = count // 2
    makers = [
        subprocess.Popen([sys.executable, "-m", "bench._rush_packets", box, str(first), str(last)], cwd=ROOT)
        for first, last in ((0, middle), (middle, count))
    ]
    statuses = [maker.wait() for maker in makers]
    if any(statuses):
        raise SystemExit("the packets could not be made")
    return sorted(box.iterdir())


@contextlib.contextmanager
def database_of(kind: str) -> Iterator[str]:
    """A fresh database: its URL, empty for the embedded one. PostgreSQL's is dropped afterwards."""
    if kind == "SQLite":
        yield ""
        return
    import psycopg

    url, name = os.environ["DATABASE_URL"], f"jiangbang_rush_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# -- servers and senders -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(command: Sequence[str], environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own; ended by its number, and waited for."""
    with Path(environment["RUSH_LOG"]).open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(port, server)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    # a busy machine may take minutes to migrate and to import
    for _ in range(3000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Senders:
    """A process of senders: give it names, then close it for its log."""

    def __init__(self, port: int, connections: int, log: Path, cookies: str = "", token: str = "") -> None:
        self.log = log
        command = [sys.executable, "-m", "bench._rush_load", str(port), str(connections), str(log), cookies, token]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True)

    def give(self, paths: Sequence[Path]) -> None:
        assert self.process.stdin is not None
        for path in paths:
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()

    def answers(self) -> list[dict[str, Any]]:
        """All answers, when the last has come."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        if self.process.wait():
            raise SystemExit("the senders failed")
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def latency_row(who: str, answers: Sequence[dict[str, Any]], seconds: float) -> dict[str, Any]:
    took = sorted(1e3 * (one["answered"] - one["began"]) for one in answers)
    return {
        "server": who,
        "uploads": len(answers),
        "per second": len(answers) / seconds,
        "p50 ms": quantile(took, 0.5),
        "p95 ms": quantile(took, 0.95),
        "worst ms": took[-1],
        "failed": sum(one["status"] != 200 for one in answers),
    }


def quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def peer(folder: Path, packets: Sequence[Path], database: str, url: str) -> dict[str, Any]:
    """The bare Django under 200 senders."""
    home, port = Path(tempfile.mkdtemp(dir=folder)), free_port()
    environment = {
        **os.environ,
        "BARE_FILES": str(home / "files"),
        "BARE_DATABASE": url or str(home / "bare.sqlite3"),
        "RUSH_LOG": str(home / "log"),
    }
    prepare = "from bench.peers.bare_django import prepare; prepare()"
    subprocess.run([sys.executable, "-c", prepare], env=environment, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"]
    with serving([*command, "bench.peers.bare_django:application"], environment, port):
        started = time.perf_counter()
        senders = Senders(port, MANY, home / "answers")
        senders.give(packets)
        answers = senders.answers()
        return latency_row(f"bare Django, {database}", answers, time.perf_counter() - started)


# -- the rush itself ---------------------------------------------------------------------------------------------------


def rush(folder: Path, packets: Sequence[Path], database: str, url: str) -> tuple[dict[str, Any], ...]:
    """One whole rush: how uploads were answered, how long until received, what became of them."""
    home, port = Path(tempfile.mkdtemp(dir=folder)), free_port()
    environment = house(home, url)
    set_deadline(home, datetime.now(UTC) + timedelta(days=30))
    inside(environment, "prepare")
    session = inside(environment, "session")
    with serving([sys.executable, "-m", "jiangbang", "up", "--port", str(port)], environment, port):
        began = time.time()
        sent = halves(home, environment, packets, port, session)
        last = max(one["answered"] for one in sent)
        drained = wait_until_read(environment, time.monotonic() + WAIT_SECONDS)
        processor = drained["seconds"]
    second = [one for one in sent if one["half"] == 2]
    span = last - min(one["began"] for one in second)
    upload = latency_row(f"Jiangbang, {database}", second, span)
    (home / "sent.json").write_text(json.dumps(sent))
    checked = inside(environment, "check", str(home / "sent.json"))
    reading = {"database": database, "reading ended s after the last answer": processor, **checked.pop("reading")}
    reading["received per second"] = reading["received"] / (
        time.time() - began if processor is None else last + processor - began
    )
    shutil.rmtree(home, ignore_errors=True)
    return upload, reading, checked


def house(home: Path, url: str) -> dict[str, str]:
    """The environment of the product: its home, its programme, nothing else of ours."""
    shutil.copytree(ROOT / "programmes" / EDITION, home / "programmes" / EDITION)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JIANGBANG_", "DATABASE_"))}
    return {
        **kept,
        **({"DATABASE_URL": url} if url else {}),
        "JIANGBANG_HOME": str(home / "home"),
        "JIANGBANG_PROGRAMMES": str(home / "programmes"),
        "JIANGBANG_NODE_MODULES": str(ROOT / "node_modules"),
        "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
        "RUSH_LOG": str(home / "log"),
    }


def set_deadline(home: Path, at: datetime) -> None:
    """Write the edition's file: on the real clock, due at this second."""
    source = (ROOT / "programmes" / EDITION / "2023.toml").read_text("utf-8")
    assert DEADLINE in source
    assert CLOCK in source
    text = source.replace(DEADLINE, f"deadline = {at:%Y-%m-%dT%H:%M:%S}+00:00").replace(CLOCK, "")
    (home / "programmes" / EDITION / "2023.toml").write_text(text, "utf-8")


def inside(environment: dict[str, str], work: str, *arguments: str) -> Any:
    """One of the functions below, in a process of its own with the product's database."""
    done = subprocess.run(
        [sys.executable, "-m", "bench._rush_house", work, *arguments],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def halves(
    home: Path, environment: dict[str, str], packets: Sequence[Path], port: int, session: dict[str, str]
) -> list[dict[str, Any]]:
    """Both halves of the hour; in the second the deadline is set to fall where the number will have been sent."""
    middle = COUNT // 2
    first = Senders(port, FEW, home / "first", session["cookies"], session["token"])
    first.give(packets[:middle])
    answers = [{**one, "half": 1} for one in first.answers()]
    second = Senders(port, MANY, home / "second", session["cookies"], session["token"])
    tried = middle + middle // 2
    started = time.monotonic()
    second.give(packets[middle:tried])
    rate = (tried - middle) / (time.monotonic() - started)
    # whole seconds: the deadline names one
    due = datetime.now(UTC) + timedelta(seconds=(COUNT - tried) / rate)
    set_deadline(home, due)
    inside(environment, "reload")
    second.give(packets[tried:])
    return answers + [{**one, "half": 2} for one in second.answers()]


def wait_until_read(environment: dict[str, str], end: float) -> dict[str, Any]:
    """Until nothing waits to be read, or the time is up: then `seconds` is None and what is left stays in the queue."""
    started = time.monotonic()
    while time.monotonic() < end:
        left = inside(environment, "left")["left"]
        if not left:
            return {"seconds": time.monotonic() - started}
        time.sleep(min(5.0, 0.01 * left + 0.5))
    return {"seconds": None}


def intake_of(place: str) -> str:
    """The intake's id in the address that an upload was answered with."""
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", place)
    return found.group() if found else ""
