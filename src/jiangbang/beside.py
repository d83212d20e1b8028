"""What travels with the program: the bundled programmes and the packages of the front end."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
BUNDLED = _PACKAGE / "bundled"


def beside(name: str) -> Path:
    """A folder that travels with the program: in a checkout beside `src`, in an installed wheel inside the package (`setup.py`)."""
    return (BUNDLED if BUNDLED.is_dir() else _PACKAGE.parents[1]) / name
