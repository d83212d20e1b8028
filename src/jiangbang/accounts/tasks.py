"""The housekeeping of accounts."""

from __future__ import annotations

from datetime import timedelta

from jiangbang.accounts import sessions, throttle
from jiangbang.queue.jobs import periodic


@periodic("accounts.forget_old", every=timedelta(hours=6))
def forget_old() -> None:
    """Delete counts of wrong passwords that nobody waits for, and sessions that ran out."""
    throttle.forget_old()
    sessions.forget_old()
