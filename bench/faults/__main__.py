"""Faults, counted: `script/faults [--kills N] [--disks N] [--restarts N] [--seed S] [--database sqlite|postgresql]`.

Each number is for one database. One JSON object of figures on standard output; 1,000 kills on each database take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import _postgres

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 10
# Everything stops by itself: far more than it takes.
LONGEST_SECONDS = 3 * 3600


def campaign(kills: int, disks: int, restarts: int, seed: int, url: str | None) -> dict[str, Any]:
    """One database, in a process and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-faults-") as home:
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "JIANGBANG_HOME")}
        database = {"DATABASE_URL": url} if url else {}
        settings = {"JIANGBANG_HOME": f"{home}/home", "DJANGO_SETTINGS_MODULE": "jiangbang.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.faults.campaign", *map(str, (kills, disks, restarts, seed))],
            cwd=ROOT,
            env={**kept, **settings, **database},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    if done.returncode:
        raise SystemExit(f"the campaign ended with status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def figures(name: str, told: dict[str, Any]) -> dict[str, float]:
    """What is held against targets."""
    return {
        f"{name}: kills": told.get("kills", 0),
        f"{name}: full disks": told.get("full disks", 0),
        f"{name}: restarts": told.get("restarts", 0),
        f"{name}: attempts at a wrong clock": told.get("attempts at a wrong clock", 0),
        f"{name}: looks at all invariants": told.get("looks at all invariants", 0),
        f"{name}: acknowledged and lost": told["acknowledged and lost"],
        f"{name}: done twice or by half": told["done twice or by half"],
        f"{name}: invariants broken": len(told["invariants broken"]),
        f"{name}: not recovered": len(told["wrong"]),
        f"{name}: slowest recovery, s": told["slowest recovery, s"],
    }


def good(told: dict[str, float]) -> bool:
    """Whether nothing was lost, doubled or broken, and the house came back soon."""
    nothing = ("lost", "by half", "broken", "not recovered")
    return all(not value for name, value in told.items() if name.endswith(nothing)) and all(
        value <= MOST_SECONDS for name, value in told.items() if "recovery" in name
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--disks", type=int, default=50, help="full disks, on SQLite")
    parser.add_argument("--restarts", type=int, default=50, help="of the server, on PostgreSQL")
    parser.add_argument("--seed", type=int, default=331)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    asked = parser.parse_args()
    found: dict[str, float] = {}
    if asked.database != "postgresql":
        told = campaign(asked.kills, asked.disks, 0, asked.seed, None)
        print(json.dumps(told, ensure_ascii=False, indent=1), file=sys.stderr)
        found |= figures("SQLite", told)
    if asked.database != "sqlite":
        with _postgres.server() as address:
            if address is None:
                print("· no PostgreSQL on this machine: left out", file=sys.stderr)
            else:
                told = campaign(asked.kills, 0, asked.restarts, asked.seed, _postgres.database(address, "faults"))
                print(json.dumps(told, ensure_ascii=False, indent=1), file=sys.stderr)
                found |= figures("PostgreSQL", told)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
