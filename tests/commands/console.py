"""The command line as scripts see it: a process of its own, its exit status, both streams."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 180


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output. Fails when anything else stands there."""
        return json.loads(self.out)


class Console:
    """Runs commands in one home, on SQLite: what is tested here does not depend on the database."""

    def __init__(self, home: Path, template: Path | None = None) -> None:
        self.home = home
        if template is not None:
            shutil.copytree(template, home)

    def __call__(self, *arguments: str | Path, **environment: str) -> Outcome:
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "JIANGBANG_DEBUG"}}
        done = subprocess.run(
            [sys.executable, "-m", "jiangbang", *map(str, arguments)],
            env={**kept, "JIANGBANG_HOME": str(self.home), **environment},
            cwd=next(folder for folder in self.home.parents if folder.is_dir()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)


def refused(outcome: Outcome) -> str:
    """The one sentence of a command that could not be done. Fails unless status 2, a single line and no traceback."""
    assert outcome.status == 2, outcome
    assert outcome.out == ""
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("jiangbang: ")
    assert "Traceback" not in outcome.err
    return lines[0].removeprefix("jiangbang: ")
