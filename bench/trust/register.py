"""The register against an outsider: everything that can be done to its tables, and which check finds it."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, exactly, printed


def figures() -> Iterator[Figure]:
    yield from printed(
        ["script/alterations.py", "--count", "2016", "--json"],
        {
            "alterations of the register": at_least(500),
            "alterations found by no check": exactly(0),
            "alterations without the key that verify missed": exactly(0),
            "alterations with the key that a witness missed": exactly(0),
        },
    )
