"""Chance that everybody can repeat: a number for each (seed, index), by integer arithmetic alone.

SplitMix64 as a counter-based generator (Steele, Lea & Flood, OOPSLA 2014): the value at an index depends on nothing but seed
and index, so it is the same on every machine, in every version of every library, in whatever order it is asked for. For drawing
by lot in public use `kernel.draw`, which rests on SHA-256: these numbers can be foreseen by whoever knows the seed, and the
seed is small.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_WORD: Final = 2**64


def words(seed: int, stream: str, count: int, start: int = 0) -> Words:
    """`count` words of 64 bits from index `start` on; streams of different names are independent."""
    digest = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
    origin = int.from_bytes(digest[:8], "big")
    base = np.uint64((origin + (start + 1) * _GOLDEN) % _WORD)
    state: Words = np.arange(count, dtype=np.uint64) * np.uint64(_GOLDEN) + base
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    return state ^ (state >> np.uint64(31))


def order(seed: int, stream: str, count: int) -> NDArray[np.int64]:
    """The numbers 0 to count − 1 in a random order."""
    return np.argsort(words(seed, stream, count), kind="stable").astype(np.int64)


def coins(seed: int, stream: str, count: int) -> NDArray[np.bool_]:
    """Fair coins."""
    return (words(seed, stream, count) >> np.uint64(63)).astype(bool)
