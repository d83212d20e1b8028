"""One attempt at an act, in a forked child that something happens to."""

from __future__ import annotations

import os
import random
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections
from django.utils import timezone

# Days by which a child's clock may be wrong.
JUMP = 400
# An act that takes longer hangs.
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the parent saw. `answer`: A the act was acknowledged, R refused, E it failed with an error, empty: nothing was heard."""

    answer: str
    killed: bool
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to an attempt: killed after so many seconds, files no larger than so many bytes, or `strike` called in the middle."""

    kill_after: float | None = None
    file_size: int | None = None
    strike: Callable[[], None] | None = None
    strike_after: float = 0.0


def attempt(act: Callable[[], object], fault: Fault, lot: random.Random) -> Outcome:
    """Fork, act, and see how it ends. The child's clock is wrong by up to 400 days either way."""
    connections.close_all()
    heard, told = os.pipe()
    days = lot.uniform(-JUMP, JUMP)
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _act(act, fault, days, told)
    os.close(told)
    killed = False
    try:
        if fault.kill_after is not None and not select.select([heard], [], [], fault.kill_after)[0]:
            os.kill(child, signal.SIGKILL)
            killed = True
        elif fault.strike is not None:
            select.select([heard], [], [], fault.strike_after)
            fault.strike()
        if not killed and not select.select([heard], [], [], LONGEST)[0]:
            os.kill(child, signal.SIGKILL)
            return Outcome("E", False, time.monotonic() - started, "hangs")
        said = os.read(heard, 4000).decode()
    finally:
        os.close(heard)
        os.waitpid(child, 0)
    return Outcome(said[:1], killed, time.monotonic() - started, said[1:])


def _act(act: Callable[[], object], fault: Fault, days: float, told: int) -> None:
    """The child's side; does not return."""
    from jiangbang.register.acts import Refused

    answer = "A"
    try:
        real, jump = timezone.now, timedelta(days=days)
        timezone.now = lambda: real() + jump
        if fault.file_size is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.file_size, fault.file_size))
        act()
    except Refused as refused:
        answer = f"R{refused.code}"
    except BaseException as error:  # noqa: BLE001 — whatever it is, the parent hears of it
        answer = f"E{type(error).__name__}: {error}"[:300]
    os.write(told, answer.encode())
    os._exit(0)
