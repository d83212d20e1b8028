"""The public notice beside nginx: ours from a stamp of the database and memory, nginx's from a file with the same bytes.

The house is `jiangbang up` with its own settings on 127.0.0.1, on SQLite; its notice has 60 people. nginx has one worker and serves the
page's bytes, uncompressed, from a folder of its own; on another port it stands before the house as docs/operator.md says, and keeps pages
as long as their `Cache-Control` allows. `wrk` (one thread) asks the three with the same connections, one after the other, twice in turns;
the better round of each counts. The page is asked once more with the tag that a browser keeps: the answer is empty.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.objections import house
from bench.rush import ROOT, free_port, serving

SECONDS, ROUNDS, PEOPLE = 6, 2, 60
CONNECTIONS = (1, 32)
NOTICE = "/p/hangzhou-digital-craftsman/2023/notice/"
CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{ access_log off; default_type text/html; keepalive_requests 1000000; sendfile on;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/kept keys_zone=pages:1m max_size=64m;
  server {{ listen 127.0.0.1:{front};
    location /p/ {{ proxy_pass http://127.0.0.1:{house}; proxy_cache pages; proxy_cache_lock on; proxy_cache_use_stale updating; }} }}
  server {{ listen 127.0.0.1:{port}; root {folder}/root; index index.html; }} }}
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def run() -> dict[str, Any]:
    """Requests a second and latencies of both, and their ratio."""
    if missing := [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]:
        return {"skipped": f"{' and '.join(missing)} not installed"}
    with tempfile.TemporaryDirectory(prefix="jiangbang-notice-") as folder:
        port = free_port()
        environment = {
            **os.environ,
            "JIANGBANG_HOME": f"{folder}/home",
            "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}{os.pathsep}{ROOT / 'tests'}",
            "RUSH_LOG": f"{folder}/log",
        }
        environment.pop("DATABASE_URL", None)
        house("prepare", environment, str(PEOPLE))
        command = [sys.executable, "-m", "jiangbang", "up", "--port", str(port)]
        with serving(command, environment, port):
            status, body, tag = fetched(port, {})
            assert status == 200
            again = fetched(port, {"If-None-Match": tag})
            with nginx(Path(folder), body, port) as (beside, front):
                assert fetched(front, {})[1] == body
                places = {"ours": port, "ours behind nginx": front, "nginx": beside}
                rows = [row for count in CONNECTIONS for row in measured(count, places)]
    return {
        "page": {"people": PEOPLE, "bytes": len(body), "with the tag": {"status": again[0], "bytes": len(again[1])}},
        "rows": rows,
    }


def measured(connections: int, places: dict[str, int]) -> list[dict[str, Any]]:
    """Each server with so many connections, in turns."""
    rounds: dict[str, list[dict[str, Any]]] = {who: [] for who in places}
    for _ in range(ROUNDS):
        for who, port in places.items():
            rounds[who].append(asked(f"http://127.0.0.1:{port}{NOTICE}", connections))
    best = {who: max(found, key=lambda one: one["per second"]) for who, found in rounds.items()}
    most = best["nginx"]["per second"]
    return [
        {"server": who, "connections": connections, **found, "part of nginx": round(found["per second"] / most, 3)}
        for who, found in best.items()
    ]


def asked(address: str, connections: int) -> dict[str, Any]:
    """What `wrk` says of an address."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "--timeout", "10s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS + 60).stdout
    shares = dict(re.findall(r"^\s+(50|99)%\s+(\S+)$", said, re.MULTILINE))
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = re.search(r"Socket errors: (.*)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate is not None
    return {
        "per second": round(float(rate[1])),
        **{f"p{share} ms": milliseconds(text) for share, text in shares.items()},
        "not 200": int(failed[1]) if failed else 0,
        "errors": errors[1] if errors else "none",
    }


def milliseconds(text: str) -> float:
    """A latency as `wrk` writes it: 873.00us, 1.20ms, 2.00s."""
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return round(float(value) * _UNITS[unit], 2)


def fetched(port: int, headers: dict[str, str]) -> tuple[int, bytes, str]:
    """Status, body and tag of the page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", NOTICE, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, answer.headers.get("ETag", "")


@contextmanager
def nginx(folder: Path, body: bytes, house_port: int) -> Iterator[tuple[int, int]]:
    """nginx on two free ports of 127.0.0.1: with the page's bytes under the page's address, and before the house."""
    place, port, front = folder / "nginx", free_port(), free_port()
    page = place / "root" / NOTICE.strip("/")
    page.mkdir(parents=True)
    # the worker may be another user than who runs this
    for part in (folder, *(one for one in page.parents if folder in one.parents)):
        part.chmod(0o755)
    (page / "index.html").write_bytes(body)
    (place / "nginx.conf").write_text(
        CONFIGURATION.format(folder=place, port=port, front=front, house=house_port), encoding="utf-8"
    )
    server = subprocess.Popen(["nginx", "-c", str(place / "nginx.conf"), "-e", str(place / "error.log")])
    try:
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.05)
                if server.poll() is not None:
                    raise SystemExit((place / "error.log").read_text("utf-8")[-1000:]) from None
        yield port, front
    finally:
        server.terminate()
        server.wait(timeout=20)
