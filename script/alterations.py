#!/usr/bin/env python3
"""Alter the register's tables in every way and print which check found it: script/alterations.py [--count N] [--seed S] [--json].

In a home of its own that is removed afterwards; status 1 if anything was found by no check.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CHECKS = ("verify", "witness", "act")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"JIANGBANG_HOME": home, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
        from jiangbang.commands.ready import make_ready  # noqa: PLC0415 — models exist only after django.setup()

        make_ready()
        from register.alterations import INSIDERS, alter  # noqa: PLC0415

        began = time.perf_counter()
        found = alter(asked.count, asked.seed)
        seconds = time.perf_counter() - began
    say = json.dumps(figures(found, INSIDERS), indent=2) if asked.json else "\n".join(table(found, seconds))
    print(say)  # noqa: T201 — what the script is for
    return 1 if found.missed else 0


def figures(found: Any, insiders: frozenset[str]) -> dict[str, int]:
    """The numbers that docs/security.md quotes."""
    signed = [name for name in found.done if name in insiders]
    return {
        "alterations of the register": sum(found.done.values()),
        "alterations found by no check": len(found.missed),
        "alterations without the key that verify missed": sum(
            times - found.by[name]["verify"] for name, times in found.done.items() if name not in insiders
        ),
        "alterations with the key that a witness missed": sum(
            found.done[name] - found.by[name]["witness"] for name in signed
        ),
    }


def table(found: Any, seconds: float) -> Iterator[str]:
    """Kind by kind, how often it was done and which check found it."""
    yield f"{'alteration':<28}{'done':>7}" + "".join(f"{check:>9}" for check in CHECKS)
    for name, times in found.done.items():
        yield f"{name:<28}{times:>7}" + "".join(f"{found.by[name][check]:>9}" for check in CHECKS)
    yield f"{sum(found.done.values())} alterations in {seconds:.1f} s, {len(found.missed)} found by no check"
    yield from (f"MISSED {missed}" for missed in found.missed)


if __name__ == "__main__":
    sys.exit(main())
