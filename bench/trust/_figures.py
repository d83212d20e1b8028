"""A figure with its target, and where figures come from."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """`≥`, `≤` or `=` a number."""

    sign: str
    number: float

    def is_met(self, value: float) -> bool:
        return {"≥": value >= self.number, "≤": value <= self.number, "=": value == self.number}[self.sign]

    def __str__(self) -> str:
        return f"{self.sign} {self.number:,.10g}"


def at_least(number: float) -> Target:
    return Target("≥", number)


def at_most(number: float) -> Target:
    return Target("≤", number)


def exactly(number: float) -> Target:
    return Target("=", number)


@dataclass(frozen=True)
class Figure:
    """One measured number. Without a value it could not be measured, which is a miss."""

    name: str
    value: float | None
    target: Target

    @property
    def is_met(self) -> bool:
        return self.value is not None and self.target.is_met(self.value)


def counted(tests: list[str], targets: Mapping[str, Target]) -> Iterator[Figure]:
    """Run these tests and sum what they note with pytest's `record_property(name, number)`. A failed test leaves no figure standing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # the newer family of reports has no place for properties
        noting = ["-o", "junit_family=xunit1", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *noting, *tests]
        done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        found: Counter[str] = Counter()
        if done.returncode == 0:
            for noted in ElementTree.parse(report).iter("property"):
                found[noted.attrib["name"]] += float(noted.attrib["value"])  # type: ignore[assignment]
    yield from (Figure(name, found.get(name), target) for name, target in targets.items())


def printed(command: list[str], targets: Mapping[str, Target]) -> Iterator[Figure]:
    """Run a script of the project that prints one JSON object of name → number on standard output. Its status must be 0."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    yield from (Figure(name, found.get(name), target) for name, target in targets.items())
