"""Who may do what with messages.

This floor lies below the accounts: it asks the memberships that every account brings along.
"""

from __future__ import annotations

from typing import Any, Protocol


class Holder(Protocol):
    """An account, as far as it matters here."""

    pk: Any
    is_active: Any
    memberships: Any


def _is_organiser(holder: Holder, edition: str) -> bool:
    if not holder.is_active:
        return False
    return bool(holder.memberships.filter(role="organiser", edition__in=("", edition)).exists())


def may_read_outbox(holder: Holder, edition: str) -> bool:
    """See who got what and when, with addresses."""
    return _is_organiser(holder, edition)


def may_resend(holder: Holder, edition: str) -> bool:
    """Send a message again."""
    return _is_organiser(holder, edition)


def may_edit_templates(holder: Holder, edition: str) -> bool:
    """Word the edition's messages."""
    return _is_organiser(holder, edition)
