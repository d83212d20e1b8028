"""Service: the units of deploy/ at work under a real systemd, confined and restarted while they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, exactly, printed


def figures() -> Iterator[Figure]:
    yield from printed(
        ["-m", "bench.trust._under_systemd"],
        {
            "services that answer or work, confined": exactly(2),
            "walls of the readers' sandbox missing": exactly(0),
            "doctor's faults": exactly(0),
            "copies made": at_least(1),
            "requests that failed during a restart": exactly(0),
        },
    )
