"""Hostile input, counted: `script/hostile [--mutants N] [--mails N] [--cases N] [--seed S]`.

One JSON object of figures on standard output, what was answered on standard error. A million cases: `--cases 1000000`, some hours.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# What the figures have to be.
MOST_MB, MOST_SECONDS = 512, 30
CHUNK = 50_000
# no compiled modules: whatever is written during the run counts
QUIET = {"PYTHONDONTWRITEBYTECODE": "1"}


def child(module: str, *arguments: object) -> dict[str, Any]:
    """One part in a process and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-hostile-") as home:
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", f"bench.hostile.{module}", *map(str, arguments)],
            cwd=ROOT,
            env={**kept, "JIANGBANG_HOME": home, "DJANGO_SETTINGS_MODULE": "jiangbang.settings", **QUIET},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{module} ended with status {done.returncode}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def fuzzed(cases: int, seed: int, seconds: float) -> dict[str, Any]:
    """The cases, some at a time, each time in a fresh process: what it leaks does not add up, and a run that is cut off has counted."""
    total, faults, slowest, peak, done = Counter[str](), {}, 0.0, 0, 0
    for start in range(0, cases, CHUNK):
        part = child("readers", min(CHUNK, cases - start), f"{seed}{start:09d}", seconds)
        done += part["cases"]
        total.update(part["by reader"])
        faults |= part["unforeseen"]
        slowest, peak = max(slowest, part["slowest"]), max(peak, part["peak MB"])
        print(f"· {done} cases, {len(faults)} unforeseen", file=sys.stderr)
    return {"cases": done, "by reader": dict(total), "unforeseen": faults, "slowest": slowest, "peak MB": peak}


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/hostile", description=__doc__)
    parser.add_argument("--mutants", type=int, default=2_000)
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--cases", type=int, default=100_000, help="for every reader together; a million at night")
    parser.add_argument("--seed", type=int, default=331)
    parser.add_argument("--seconds", type=float, default=3600, help="the longest that 50,000 cases may take")
    asked = parser.parse_args()
    told = child("paths", asked.mutants, asked.mails, asked.seed) if asked.mutants or asked.mails else {}
    fuzz = fuzzed(asked.cases, asked.seed, asked.seconds) if asked.cases else {}
    print(json.dumps({"answers": told.pop("answers", {}), **fuzz}, ensure_ascii=False, indent=1), file=sys.stderr)
    if fuzz:
        told |= {
            "cases of fuzzing": fuzz["cases"],
            "readers' unforeseen errors": len(fuzz["unforeseen"]),
            "slowest case, s": fuzz["slowest"],
            "memory of the fuzzing, MB": fuzz["peak MB"],
        }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0 if good(told) else 1


def good(told: dict[str, Any]) -> bool:
    """Whether the figures are what they have to be."""
    nothing = (
        "crashes",
        "refusals without a sentence",
        "files written outside",
        "packets sent",
        "readers' unforeseen errors",
    )
    quick = ("slowest answer, s", "slowest case, s")
    small = ("most memory of a child, MB", "memory of the fuzzing, MB")
    return (
        all(told.get(name, 0) == 0 for name in nothing)
        and all(told.get(name, 0) <= MOST_SECONDS for name in quick)
        and all(told.get(name, 0) <= MOST_MB for name in small)
    )


if __name__ == "__main__":
    sys.exit(main())
