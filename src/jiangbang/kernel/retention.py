"""How long an edition keeps what it knows of people: whole months after its last day, by kind of data, from its file.

[retention]
drafts = 6      # forms that were never submitted
records = 36    # dossiers of people without a title
titled = 120    # dossiers of people with one: all but the bare fact
packets = 36    # files as the units sent them
messages = 12   # words and addresses of messages
reads = 12      # who opened what: at least 6 (Cybersecurity Law 23)
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

DEFAULTS: Final[Mapping[str, int]] = {
    "drafts": 6,
    "records": 36,
    "titled": 120,
    "packets": 36,
    "messages": 12,
    "reads": 12,
}
# Cybersecurity Law 23 (2025): logs are kept for six months at least
LEAST_READS: Final = 6
_MOST: Final = 1200


def read_retention(document: Mapping[str, Any]) -> dict[str, int]:
    """The periods of an edition in months. Raises ValueError for an unknown kind or a period that cannot be."""
    said = document.get("retention", {})
    if stray := sorted(set(said) - set(DEFAULTS)):
        raise ValueError(f"[retention] has no {', '.join(stray)}")
    periods = {**DEFAULTS, **said}
    for key, months in periods.items():
        least = LEAST_READS if key == "reads" else 0
        if type(months) is not int or not least <= months <= _MOST:
            raise ValueError(f"retention.{key} must be a whole number of months from {least} to {_MOST}")
    return periods


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
