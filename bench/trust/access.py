"""Access: every address for every role, and what must not cross between the sides."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, counted


def figures() -> Iterator[Figure]:
    yield from counted(
        ["tests/test_access_matrix.py"],
        {
            "addresses × roles × methods held against the table": at_least(20_000),
            "of them on somebody else's object": at_least(1_000),
            "answers whose headers are whole": at_least(20_000),
        },
    )
