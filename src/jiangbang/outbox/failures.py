"""Why a message could not be delivered."""

from __future__ import annotations


class DeliveryError(Exception):
    """It did not go out now; it may later. The message is a sentence for the office, without the address."""


class RefusedForGood(DeliveryError):
    """It will never go out like this."""
