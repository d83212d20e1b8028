"""A thousand people object while others read: none is lost, each number is given once, and the page stays readable.

The house is `jiangbang up` with its own settings on 127.0.0.1, on SQLite. The objections come from 16 senders at once,
as fast as they are answered, every tenth with a PDF; their puzzles were solved before, as each sender's own machine would. Meanwhile four
readers open the public notice one after the other, first alone, then beside the senders. Afterwards the database is asked.

OBJECTIONS_COUNT sets how many objections.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.rush import ROOT, free_port, quantile, serving

COUNT = int(os.environ.get("OBJECTIONS_COUNT", "1000"))
SENDERS, READERS = 16, 4
ALONE_SECONDS = 5.0
NOTICE = "/p/hangzhou-digital-craftsman/2023/notice/"
FORM = "/p/hangzhou-digital-craftsman/2023/objections/"


def run() -> dict[str, Any]:
    """Rates, latencies, and what became of each objection."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-objections-") as folder:
        port = free_port()
        environment = {
            **os.environ,
            "JIANGBANG_HOME": f"{folder}/home",
            "JIANGBANG_OBJECTIONS_FREE": "1000000",
            "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}{os.pathsep}{ROOT / 'tests'}",
            "RUSH_LOG": f"{folder}/log",
        }
        environment.pop("DATABASE_URL", None)
        entries = house("prepare", environment)["entries"]
        command = [sys.executable, "-m", "jiangbang", "up", "--port", str(port)]
        with serving(command, environment, port):
            puzzles = house("puzzles", environment, str(COUNT))["solutions"]
            alone = Reading(port, NOTICE).during(lambda: time.sleep(ALONE_SECONDS))
            sending = Sending(port, entries, puzzles)
            beside = Reading(port, NOTICE).during(sending.all)
        checked = house("check", environment)
    answered = sum(status == 200 for status, _took in sending.answers)
    return {
        "objections": COUNT,
        "filing": {
            "senders": SENDERS,
            "answered": answered,
            "per second": round(answered / sending.seconds, 1),
            **figures([took for _status, took in sending.answers]),
        },
        "reading the public notice alone": alone,
        "reading it beside the filing": beside,
        "what became of them": {**checked, "lost (answered, not kept)": answered - checked["kept"]},
    }


class Sending:
    """All objections, from so many senders at once."""

    def __init__(self, port: int, entries: list[int], puzzles: list[str]) -> None:
        self.port, self.entries, self.puzzles = port, entries, puzzles
        self.answers: list[tuple[int, float]] = []
        self.seconds = 0.0

    def all(self) -> None:
        began = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as senders:
            self.answers = list(senders.map(self._one, range(len(self.puzzles))))
        self.seconds = time.perf_counter() - began

    def _one(self, number: int) -> tuple[int, float]:
        body, kind = form_of(number, self.entries[number % len(self.entries)], self.puzzles[number])
        return asked(self.port, "POST", FORM, body, {"Content-Type": kind})


class Reading:
    """Readers who open one page after the other while something lasts."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address, self.over = port, address, threading.Event()

    def during(self, work: Callable[[], None]) -> dict[str, Any]:
        began = time.perf_counter()
        with ThreadPoolExecutor(READERS) as readers:
            running = [readers.submit(self._read) for _ in range(READERS)]
            try:
                work()
            finally:
                self.over.set()
            answers = [one for reader in running for one in reader.result()]
        seconds = time.perf_counter() - began
        return {
            "readers": READERS,
            "pages": len(answers),
            "per second": round(len(answers) / seconds, 1),
            "not 200": sum(status != 200 for status, _took in answers),
            **figures([took for _status, took in answers]),
        }

    def _read(self) -> list[tuple[int, float]]:
        found = []
        while not self.over.is_set():
            found.append(asked(self.port, "GET", self.address, None, {}))
        return found


def figures(times: list[float]) -> dict[str, float]:
    """Latencies in milliseconds."""
    ordered = sorted(times)
    return {f"p{share} ms": round(quantile(ordered, share / 100) * 1000, 1) for share in (50, 95, 99)}


def asked(port: int, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, float]:
    """Status and seconds of one request on a connection of its own; 0 where none came."""
    began = time.perf_counter()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
    except OSError:
        return 0, time.perf_counter() - began
    return answer.status, time.perf_counter() - began


def form_of(number: int, entry: int, solution: str) -> tuple[bytes, str]:
    """One form as a browser sends it, and its content type."""
    mark = secrets.token_hex(8)
    told = {
        "entry": str(entry),
        "source": "person",
        "name": f"钱第{number}",
        "contact": f"0571-{number:08}",
        "facts": f"第{number}件：公示的专利成果第一发明人并非本人，请核对证书与合同。",
        "altcha": solution,
    }
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in told.items()
    ]
    if number % 10 == 0:
        head = 'Content-Disposition: form-data; name="files"; filename="proof.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        parts.append(f"--{mark}\r\n{head}".encode() + b"%PDF-1.7\n" + b"%" * 50_000 + b"\n%%EOF\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def house(what: str, environment: dict[str, str], *more: str) -> dict[str, Any]:
    """Ask the product's own database, in a process of its own."""
    command = [sys.executable, "-m", "bench._objections_house", what, *more]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
