"""Counts of people by a personal trait, told so that no small group can be read off. Pure.

A cell of one to four people is not told. Where the sum is known, one hidden cell is the sum less all others; so hidden cells are at least
two and hold at least five people together: the smallest that could be told go with them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)

# Fewer people than these are not told.
LEAST: Final = 5


def told(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """The counts in their order, None where one is not told. Nobody at all is told as 0, unless all others had to be hidden."""
    hidden = {key for key, count in counts.items() if 0 < count < least}
    others = sorted((key for key in counts if counts[key] >= least), key=lambda key: counts[key])
    while hidden and (len(hidden) < 2 or sum(counts[key] for key in hidden) < least):
        if not others:
            hidden = set(counts)
            break
        hidden.add(others.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}
