"""Access: every address for every role, and what must not cross between the sides."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, counted


def figures() -> Iterator[Figure]:
    yield from counted(["tests/test_access_matrix.py"], {"answers held against the access table": at_least(20_000)})
