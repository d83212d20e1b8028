"""Hostile input: changed papers, malformed mails, fuzzed readers."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, at_most, exactly, printed


def figures() -> Iterator[Figure]:
    yield from printed(
        ["-m", "bench.hostile"],
        {
            "mutants of papers": at_least(2_000),
            "malformed mails": at_least(500),
            "crashes": exactly(0),
            "refusals without a sentence": exactly(0),
            "slowest answer, s": at_most(30),
            "most memory of a child, MB": at_most(512),
            "files written outside": exactly(0),
            "packets sent": exactly(0),
            "cases of fuzzing": at_least(100_000),
            "readers' unforeseen errors": exactly(0),
            "slowest case, s": at_most(30),
        },
    )
