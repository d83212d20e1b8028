"""The standard: requirements of OWASP ASVS 5.0 answered, and the bill of materials."""

from __future__ import annotations

from collections.abc import Iterator

from bench.trust._figures import Figure, at_least, counted, exactly


def figures() -> Iterator[Figure]:
    yield from counted(
        ["tests/test_security.py", "tests/test_sbom.py"],
        {
            "ASVS level 1 and 2: requirements answered": exactly(253),
            "ASVS level 3: requirements met": at_least(45),
            "packages in the bill of materials": at_least(150),
        },
    )
