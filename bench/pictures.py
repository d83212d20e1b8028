"""The pictures of the screening at 10,000 dossiers: how long they are counted, the whole page, one PNG; and queries.

No peer: what is measured is that the page stays a page. Set `PICTURES_DATABASE_URL` to measure PostgreSQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.rush import ROOT, house, inside


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="jiangbang-pictures-") as folder:
        environment = house(Path(folder), os.environ.get("PICTURES_DATABASE_URL", ""))
        inside(environment, "prepare")
        inside(environment, "fill")
        done = subprocess.run(
            [sys.executable, "-m", "bench._pictures_house"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told
