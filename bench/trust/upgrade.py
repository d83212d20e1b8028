"""Upgrade: each released state, with its own rows, brought to the present."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, exactly, printed


def figures() -> Iterator[Figure]:
    yield from printed(
        ["-m", "bench.trust._upgrade_path"],
        {
            "releases brought to the present": at_least(3),
            "rows of old versions": at_least(500),
            "rows lost": exactly(0),
            "tables that differ": exactly(0),
            "registers that fail": exactly(0),
            "faults found": exactly(0),
        },
    )
