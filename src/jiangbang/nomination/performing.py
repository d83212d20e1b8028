"""What every page that changes something does: let the act happen, say what was done, or say why it was refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from jiangbang.register.acts import Refused


def perform(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Let `act` happen; the next page says `done`, or the refusal's sentence. Returns whether it happened."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True
