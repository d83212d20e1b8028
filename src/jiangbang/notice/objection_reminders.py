"""Answers that are due soon or overdue: the two persons of a case are written to, once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from jiangbang.accounts.acts import console_account
from jiangbang.accounts.models import User
from jiangbang.notice.objection_days import today
from jiangbang.notice.objection_messages import DUE
from jiangbang.notice.objection_models import Objection
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition

# Reminding begins so many days before the answer is due.
BEFORE: Final = timedelta(days=3)


def unanswered(edition: Edition) -> QuerySet[Objection]:
    """The cases whose objector waits for an answer, the most urgent first."""
    waits = Objection.objects.filter(edition=edition, answered_at__isnull=True)
    return waits.exclude(source=Objection.Source.ANONYMOUS).order_by("due_on", "pk")


def remind_due(edition: Edition, *, by: User | None = None) -> int:
    """Post the reminders that are due now; how many. Whoever has no e-mail address in his account sees it on his pages only."""
    day = today(edition)
    rows = unanswered(edition).filter(due_on__lte=day + BEFORE).select_related("handler", "decider")
    posted = 0
    with transaction.atomic(), translation.override("zh-hans"):
        for one in rows:
            for who in (one.handler, one.decider):
                if who is None or not who.email:
                    continue
                post_message(
                    DUE.key,
                    to=who.email,
                    name=str(who),
                    edition=edition.key,
                    context={
                        "edition": edition.name,
                        "number": one.number,
                        "name": str(who),
                        "due": f"{one.due_on.year}年{one.due_on.month}月{one.due_on.day}日",
                        "link": absolute(reverse("objection_case", args=[one.pk])),
                    },
                    by=by or console_account(),
                    key=f"objection.due:{one.pk}:{who.pk}:{day.isoformat()}",
                )
                posted += 1
    return posted
