"""Who may look after the queue. This floor lies below the accounts: it asks the memberships that every account brings along."""

from __future__ import annotations

from typing import Any, Protocol


class Holder(Protocol):
    """An account, as far as it matters here."""

    pk: Any
    is_active: Any
    memberships: Any


def may_keep_queue(holder: Holder) -> bool:
    """See the work that was set aside and put it back. The queue serves every edition: whoever runs one, or the installation."""
    return bool(holder.is_active and holder.memberships.filter(role__in=("organiser", "system")).exists())
