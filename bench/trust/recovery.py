"""Recovery: a database brought back to a moment from a base backup and the archived log."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, at_most, exactly, printed


def figures() -> Iterator[Figure]:
    yield from printed(
        ["-m", "bench.trust._point_in_time"],
        {
            "entries recovered": at_least(60),
            "entries lost or too many": exactly(0),
            "checks that failed": exactly(0),
            "seconds until the server answers": at_most(60),
        },
    )
