"""Delivery, by the queue. At least once: a crash between the server's "accepted" and our commit repeats the same Message-ID."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from jiangbang.outbox import delivery
from jiangbang.outbox.models import Message
from jiangbang.queue.jobs import Finish, SetAside, job

# Eight attempts after 30 s, 2, 8, 32 minutes, then hourly: a mail server may be away for an evening.
MAX_ATTEMPTS = 8
MAX_ERROR = 500


def delivery_key(message: Message) -> str:
    """The queue's key for this sending of the message."""
    return f"{message.pk}:{message.times}"


def _given_up(*, reason: str, message: str, times: int) -> None:
    _waiting(message, times).update(state=Message.State.GIVEN_UP, last_error=reason[:MAX_ERROR])


@job(
    "outbox.deliver",
    outside=True,
    max_attempts=MAX_ATTEMPTS,
    first_pause=timedelta(seconds=30),
    priority=-10,
    given_up=_given_up,
)
def deliver(message: str, times: int) -> Finish | None:
    """Hand one message to its server; marking it as sent is part of the completion."""
    found = _waiting(message, times).first()
    if found is None:
        return None
    _waiting(message, times).update(attempts=F("attempts") + 1)
    try:
        delivery.send(found)
    except delivery.RefusedForGood as error:
        raise SetAside(str(error)) from error
    except delivery.DeliveryError as error:
        _waiting(message, times).update(state=Message.State.FAILED, last_error=str(error)[:MAX_ERROR])
        raise
    return partial(_mark_sent, found.pk, times)


def _mark_sent(message: UUID, times: int) -> None:
    _waiting(message, times).update(state=Message.State.SENT, sent_at=timezone.now(), last_error="")


def _waiting(message: str | UUID, times: int) -> QuerySet[Message]:
    """The message, if this sending is still wanted: not sent yet, nor taken over by a later "send again"."""
    return Message.objects.filter(pk=message, times=times).exclude(state=Message.State.SENT)
