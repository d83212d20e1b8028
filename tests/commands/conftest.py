"""Homes for the command line: an empty one, and one that is ready (migrated once, copied for each test)."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands.console import Console

PROGRAMME = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture
def empty(tmp_path: Path) -> Console:
    """The command line in a home that does not exist yet."""
    return Console(tmp_path / "home")


@pytest.fixture
def ready(tmp_path: Path, ready_home: Path) -> Console:
    """The command line in a home with the bundled programme and nothing else."""
    return Console(tmp_path / "home", ready_home)


@pytest.fixture
def served(tmp_path: Path, served_home: Path) -> Console:
    """The same with the static files gathered: its server starts at once."""
    return Console(tmp_path / "home", served_home)


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A copy of the bundled programme that a test may change."""
    copy = tmp_path / "programme"
    copy.mkdir()
    for file in PROGRAMME.iterdir():
        if file.suffix == ".toml":
            (copy / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return copy
