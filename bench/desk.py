"""The live desk: what 50 open desks cost that ask every five seconds, and what open event streams do to bounded threads.

(a) `jiangbang up` with 10,000 dossiers; 50 desks ask whether anything is new, for half a minute, each in its own time; then one after the
other without a pause, for the cost of one look and of one full answer. Processor time is the server's own, from /proc. (b) A WSGI
server with the same four threads that sends events: with as many streams open as threads, how long does a page wait?
"""

from __future__ import annotations

import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.rush import THREADS, free_port, house, inside, quantile, serving

DESKS = 50
EVERY = 5.0
SECONDS = 30.0
LOOKS = 200
TICKS = os.sysconf("SC_CLK_TCK")


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="jiangbang-desk-") as folder:
        return {"polling": polling(Path(folder)), "event streams": streams(Path(folder))}


def polling(folder: Path) -> dict[str, Any]:
    """The product's own desk."""
    environment, port = house(folder, os.environ.get("DESK_DATABASE_URL", "")), free_port()
    inside(environment, "prepare")
    dossiers = inside(environment, "fill")["dossiers"]
    cookies = inside(environment, "session")["cookies"]
    with serving([sys.executable, "-m", "jiangbang", "up", "--port", str(port)], environment, port) as server:
        stamp = inside(environment, "stamp")["stamp"]
        look = asker(port, f"/desk/news/?since={stamp}", cookies, 204)
        whole = asker(port, "/desk/news/?since=0-0-0", cookies, 200)
        page = asker(port, "/", cookies, 200)
        for one in (look, whole, page):
            one()
        rows = [
            cost(server.pid, name, one) for name, one in (("nothing new", look), ("all anew", whole), ("page", page))
        ]
        idle = spent(server.pid, 5.0)
        used, took = open_desks(server.pid, look)
    return {
        "dossiers": dossiers,
        "one after the other": rows,
        "desks": DESKS,
        "looks a second": DESKS / EVERY,
        "processor, % of one core": 100 * used / SECONDS,
        "of which idle server and worker, %": 100 * idle / 5.0,
        "p50 ms": quantile(took, 0.5),
        "p95 ms": quantile(took, 0.95),
    }


def asker(port: int, address: str, cookies: str, status: int) -> Callable[[], float]:
    """One request on a connection of its own; milliseconds."""

    def ask() -> float:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", address, headers={"Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != status:
            raise SystemExit(f"{address} answered {answer.status}")
        return 1e3 * (time.perf_counter() - started)

    return ask


def cost(pid: int, name: str, ask: Callable[[], float]) -> dict[str, Any]:
    before = processor(pid)
    took = sorted(ask() for _ in range(LOOKS))
    return {
        "answer": name,
        "p50 ms": quantile(took, 0.5),
        "p95 ms": quantile(took, 0.95),
        "processor ms each": 1e3 * (processor(pid) - before) / LOOKS,
    }


def open_desks(pid: int, ask: Callable[[], float]) -> tuple[float, list[float]]:
    """So many desks for a while: processor seconds, and each look's milliseconds."""
    took: list[float] = []
    end = time.monotonic() + SECONDS

    def desk(seed: int) -> None:
        dice = random.Random(seed)
        time.sleep(dice.random() * EVERY)
        while time.monotonic() < end:
            took.append(ask())
            time.sleep(EVERY * dice.uniform(0.9, 1.1))

    before = processor(pid)
    desks = [threading.Thread(target=desk, args=(seed,)) for seed in range(DESKS)]
    for one in desks:
        one.start()
    time.sleep(SECONDS)
    used = processor(pid) - before
    for one in desks:
        one.join()
    return used, sorted(took)


def spent(pid: int, seconds: float) -> float:
    before = processor(pid)
    time.sleep(seconds)
    return processor(pid) - before


def processor(root: int) -> float:
    """Processor seconds of a process and all that descends from it."""
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return total


def streams(folder: Path) -> list[dict[str, Any]]:
    """With so many streams open, how long a page waits."""
    rows = []
    for count in (0, THREADS - 1, THREADS):
        port, environment = free_port(), {**os.environ, "RUSH_LOG": str(folder / "streams.log")}
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", "1", "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"]
        with serving([*command, "bench.peers.event_stream:application"], environment, port):
            listening = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(count)]
            for one in listening:
                one.request("GET", "/events")
            time.sleep(1)
            waited = asker(port, "/page", "", 200)()
            for one in listening:
                one.close()
        rows.append({"threads": THREADS, "streams open": count, "a page waits ms": waited})
    return rows
