#!/usr/bin/env python3
"""Alter the register's tables in every way and print which check found it: script/alterations.py [--count N] [--seed S].

In a home of its own that is removed afterwards; status 1 if anything was found by no check.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = ("verify", "witness", "act")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"JIANGBANG_HOME": home, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
        from jiangbang.commands.ready import make_ready  # noqa: PLC0415 — models exist only after django.setup()

        make_ready()
        from register.alterations import alter  # noqa: PLC0415

        began = time.perf_counter()
        found = alter(asked.count, asked.seed)
        seconds = time.perf_counter() - began
    rows = [(name, times, *(found.by[name][check] for check in CHECKS)) for name, times in found.done.items()]
    print(f"{'alteration':<28}{'done':>7}" + "".join(f"{check:>9}" for check in CHECKS))  # noqa: T201 — what the script is for
    for name, *numbers in rows:
        print(f"{name:<28}" + f"{numbers[0]:>7}" + "".join(f"{number:>9}" for number in numbers[1:]))  # noqa: T201 — what the script is for
    print(f"{sum(found.done.values())} alterations in {seconds:.1f} s, {len(found.missed)} found by no check")  # noqa: T201 — what the script is for
    for missed in found.missed:
        print(f"MISSED {missed}")  # noqa: T201 — what the script is for
    return 1 if found.missed else 0


if __name__ == "__main__":
    sys.exit(main())
