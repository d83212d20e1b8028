"""Our queue while its workers, and those who put work in, are ended with SIGKILL at random moments: at least 1,000 workers in all.

Each job leaves one mark in the database; every third also says so in a file. Nothing may be lost, doubled in the database, or left
behind; what is said in the file may be repeated, for no transaction holds it.
"""

from __future__ import annotations

from typing import Any

from bench import _postgres
from bench.queue import measured, queues

KILLS = 600
JOBS_PER_KILL = 6


def run() -> dict[str, Any]:
    """600 rounds on each database; five to fifteen minutes."""
    with _postgres.server() as address:
        return {
            "kills": [
                measured("kills", *home, jobs=KILLS * JOBS_PER_KILL, kills=KILLS)
                for home in queues(address)
                if home[0] == "ours"
            ]
        }
