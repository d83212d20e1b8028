"""`jiangbang up`: starts, answers, ends when told to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands.console import Console, refused


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server takes connections: by then it also listens to signals."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start within a minute")


@contextlib.contextmanager
def running(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The program, from when it takes connections."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "jiangbang", "up", "--port", str(port)],
        env={**kept, "JIANGBANG_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        assert any("Jiangbang is at http://127.0.0.1:" in line for line in process.stdout)
        wait_for(port)
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_terminal_s_interrupt_ends_it(served: Console, number: signal.Signals) -> None:
    """Ctrl+C reaches the whole foreground group at once."""
    with running(served.home, free_port()) as process:
        os.killpg(process.pid, number)
        assert process.wait(timeout=60) == 0


@pytest.mark.slow
def test_after_a_kill_it_starts_again_at_the_same_port(served: Console) -> None:
    port = free_port()
    with running(served.home, port) as process:
        process.kill()
        process.wait()
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                break
        time.sleep(0.1)
    with running(served.home, port) as process:
        assert process.poll() is None


def test_a_taken_port_is_one_sentence(ready: Console) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "--port" in refused(ready("up", "--port", str(taken.getsockname()[1])))
