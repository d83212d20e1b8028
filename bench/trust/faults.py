"""Faults: kills, full disks, restarts and wrong clocks at the acts that must not be lost, on both databases; an hour or two."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, at_most, exactly, printed


def figures() -> Iterator[Figure]:
    of_both = {
        "kills": at_least(1_000),
        "acknowledged and lost": exactly(0),
        "done twice or by half": exactly(0),
        "invariants broken": exactly(0),
        "not recovered": exactly(0),
        "slowest recovery, s": at_most(10),
    }
    targets = {
        f"{database}: {name}": target for database in ("SQLite", "PostgreSQL") for name, target in of_both.items()
    }
    targets |= {"SQLite: full disks": at_least(50), "PostgreSQL: restarts": at_least(50)}
    yield from printed(["-m", "bench.faults"], targets)
