"""Handing one message to the server of its channel."""

from __future__ import annotations

from jiangbang.outbox import mail, robots, sealing
from jiangbang.outbox.failures import DeliveryError, RefusedForGood
from jiangbang.outbox.models import Channel, Message

__all__ = ["DeliveryError", "RefusedForGood", "send"]


def send(message: Message) -> None:
    """Send it. Raises RefusedForGood where another attempt is useless, DeliveryError where it is not; both say why in words."""
    address = sealing.unseal(message.pk, "address", message.sealed_address).decode()
    body, _shown = sealing.bodies(message.pk, message.sealed_body)
    if message.channel == Channel.EMAIL:
        mail.send(message, address, body)
    else:
        robots.send(message.subject, address, body)
