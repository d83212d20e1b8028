"""A home of its own for a test, under the register that was begun before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jiangbang.home import keep_secret
from jiangbang.register.keys import signer


def move_to(home: Path, settings: Any) -> None:
    """Set the home, with nothing in it but the register's key: no act adds to a head that another key signed."""
    key = signer().private_key
    settings.JIANGBANG_HOME = home
    keep_secret(home / "keys" / "register.key", key)
