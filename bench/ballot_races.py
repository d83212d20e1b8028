"""Ten thousand races for slips and ballots, on each database.

Four processes at once want the slip of one voter, the ballot of one slip, or a ballot in against the closing of the round. Exactly one may
win; what was answered with yes is counted, and nothing else is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import _postgres

RACES = 10_000
# Far more than it takes; a measurement that hangs ends itself.
LONGEST_SECONDS = 1800


def run() -> dict[str, Any]:
    """10,000 races on each database; some minutes."""
    found = [_raced(None)]
    with _postgres.server() as address:
        if address is not None:
            found.append(_raced(_postgres.database(address, "races")))
    return {"races": found, "violations": sum(len(one["violations"]) for one in found)}


def _raced(url: str | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="jiangbang-bench-") as home:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "JIANGBANG_"))}
        environment = {
            **kept,
            **({"DATABASE_URL": url} if url else {}),
            "JIANGBANG_HOME": home,
            "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench._ballot_work", str(RACES)],
            cwd=Path(__file__).resolve().parents[1],
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
