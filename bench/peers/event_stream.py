"""Server-sent events over WSGI, as a desk might listen to them: `/events` speaks once a second, `/page` answers at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

SECONDS = 8


def application(environment: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
    if environment["PATH_INFO"] == "/events":
        start("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
        for number in range(SECONDS):
            yield f"data: {number}\n\n".encode()
            time.sleep(1)
        return
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    yield b"ok"
