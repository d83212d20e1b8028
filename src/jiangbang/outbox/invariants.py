"""What must always hold of messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count

from jiangbang.outbox.models import Message, Wording
from jiangbang.outbox.tasks import deliver, delivery_key
from jiangbang.queue.models import Job
from jiangbang.register.invariant import Invariant, gaps, unlike

_RESEND: Final = "send the message again on the outbox page"


def _stranded() -> Iterator[str]:
    """Messages that are still to go, and nobody is going to send them."""
    work = Job.objects.filter(name=deliver.__dict__["job_name"], state__in=(Job.State.WAITING, Job.State.RUNNING))
    coming = set(work.values_list("key", flat=True))
    waiting = Message.objects.filter(state__in=(Message.State.WAITING, Message.State.FAILED))
    return (str(one) for one in waiting.only("pk", "times") if delivery_key(one) not in coming)


def _posted() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Message.objects.values_list("pk", flat=True))


def _worded() -> Iterator[tuple[str, int]]:
    counted = Wording.objects.order_by().values_list("template").annotate(many=Count("pk"))
    return ((str(template), many) for template, many in counted)


INVARIANTS: Final = (
    Invariant(
        "outbox.posted_once",
        "Every message was posted by an act, exactly once.",
        "report it: a message without an entry was written past the acts",
        lambda: unlike(_posted(), "message", "message.posted"),
    ),
    Invariant("outbox.on_its_way", "Every message that is to go has work waiting to send it.", _RESEND, _stranded),
    Invariant(
        "outbox.sent_was_tried",
        "Every message that was sent was handed to a server.",
        _RESEND,
        lambda: Message.objects.filter(state=Message.State.SENT, attempts=0),
    ),
    Invariant(
        "outbox.given_up_says_why",
        "A message that was given up says why.",
        _RESEND,
        lambda: Message.objects.filter(state=Message.State.GIVEN_UP, last_error=""),
    ),
    Invariant(
        "outbox.wordings_numbered",
        "The versions of a wording are numbered without a gap, and the register knows each.",
        "a version was deleted: take it from a backup",
        lambda: [
            *gaps(Wording.objects.all(), "version", "edition", "template", "language"),
            *unlike(_worded(), "template", "template.edited"),
        ],
    ),
)
