"""Objections in figures: nobody can be told from them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q

from jiangbang.notice.objection_days import today
from jiangbang.notice.objection_models import OPEN, Objection
from jiangbang.programme.models import Edition

State = Objection.State


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many came, by which way, and what became of them. `late` were answered after their day or are overdue."""

    received: int
    web: int
    letter: int
    telephone: int
    anonymous: int
    refused: int
    open: int
    upheld: int
    rejected: int
    answered: int
    late: int

    @property
    def admitted(self) -> int:
        return self.received - self.refused - self.waiting

    waiting: int = 0


def numbers_of(edition: Edition) -> Numbers:
    """The figures of an edition. One query."""

    def those(**which: object) -> Count:
        return Count("pk", filter=Q(**which))

    late = Q(answered_at__isnull=True, due_on__lt=today(edition)) & ~Q(source="anonymous")
    late |= Q(answered_on__gt=F("due_on"))
    found = Objection.objects.filter(edition=edition).aggregate(
        received=Count("pk"),
        web=those(channel="web"),
        letter=those(channel="letter"),
        telephone=those(channel="telephone"),
        anonymous=those(source="anonymous"),
        refused=those(state=State.REFUSED),
        waiting=those(state=State.RECEIVED),
        open=those(state__in=OPEN),
        upheld=those(state=State.UPHELD),
        rejected=those(state=State.REJECTED),
        answered=those(answered_at__isnull=False),
        late=Count("pk", filter=late),
    )
    return Numbers(**found)
