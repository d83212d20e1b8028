"""What an edition rules about its public notice; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# P-2: "five working days is usual"; beyond sixty somebody has mistyped.
DAYS: Final = 5
MOST_DAYS: Final = 60


def read_notice_days(document: Mapping[str, Any]) -> int:
    """For how many working days a notice stands: `notice.days` of an edition's document, else 5. Raises ValueError.

    >>> read_notice_days({}), read_notice_days({"notice": {"days": 7}})
    (5, 7)
    """
    days = document.get("notice", {}).get("days", DAYS)
    if type(days) is not int or not 1 <= days <= MOST_DAYS:
        raise ValueError(f"notice.days must be a whole number from 1 to {MOST_DAYS}")
    return days
