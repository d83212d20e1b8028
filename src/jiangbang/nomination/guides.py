"""Where people begin who have no desk: packages above say where theirs go."""

from __future__ import annotations

from collections.abc import Callable

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition

# From a person in an edition to the name of an address, or empty. Asked in the order in which they were added.
Guide = Callable[[User, Edition], str]
_guides: list[Guide] = []


def add_guide(guide: Guide) -> None:
    """Let a package send its people to their own first page (from its AppConfig.ready)."""
    if guide not in _guides:
        _guides.append(guide)


def guided(user: User, edition: Edition) -> str:
    """Where the person begins, if a package above says so; else empty."""
    return next((address for guide in _guides if (address := guide(user, edition))), "")
