"""How far each expert is: cards given, begun, signed; when he last did anything, and when he was last reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q

from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition
from jiangbang.review.access import rules_of
from jiangbang.review.models import Card, Seat
from jiangbang.review.profiles import Profile, profile_of
from jiangbang.review.recusing import sitting

State = Card.State
# Whoever has something to do and has done nothing for so long is silent.
SILENCE: Final = timedelta(days=2)
# A reminder's key: this, the seat, the day.
REMINDED: Final = "review-reminder"


@dataclass(frozen=True, slots=True)
class SeatLoad:
    """One expert with what he has been given and how far he is. `at_work`: when he last did anything, or was last asked to."""

    seat: Seat
    profile: Profile
    most: int
    given: int
    begun: int
    signed: int
    released: int
    at_work: datetime | None
    reminded: datetime | None

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def left(self) -> int:
        return self.given - self.signed

    @property
    def unsigned(self) -> int:
        """Cards that he sees and has not signed."""
        return self.released - self.signed

    @property
    def waits(self) -> str:
        """What is waited for: answer | declaration | scores; empty for nothing."""
        if self.seat.state == Seat.State.ASKED:
            return "answer"
        if self.seat.declared_at is None:
            return "declaration"
        return "scores" if self.unsigned > 0 else ""

    @property
    def tone(self) -> str:
        return "met" if self.given and not self.left else "open"

    def silent(self, now: datetime) -> bool:
        """Whether something waits for him and he has done nothing about it for a while."""
        return bool(self.waits) and self.at_work is not None and now - self.at_work >= SILENCE


def loads(edition: Edition) -> list[SeatLoad]:
    """Every expert who sits, with his cards counted. Two queries."""
    most, reminded = rules_of(edition).most_per_expert, last_reminders(edition)
    live = Q(cards__state__in=(State.OPEN, State.SIGNED))
    rows = sitting(edition).annotate(
        given=Count("cards", filter=live),
        begun=Count("cards", filter=live & Q(cards__version__gt=0)),
        signed=Count("cards", filter=Q(cards__state=State.SIGNED)),
        released=Count("cards", filter=live & Q(cards__released_at__isnull=False)),
        kept_at=Max("cards__saved_at", filter=live),
        came_at=Max("cards__released_at", filter=live),
    )
    return [
        SeatLoad(
            seat,
            profile_of(seat.entry.expert),
            min(most, seat.entry.capacity),
            seat.given,
            seat.begun,
            seat.signed,
            seat.released,
            max(
                filter(None, (seat.asked_at, seat.answered_at, seat.declared_at, seat.kept_at, seat.came_at)),
                default=None,
            ),
            reminded.get(seat.pk),
        )
        for seat in rows
    ]


def last_reminders(edition: Edition) -> Mapping[int, datetime]:
    """When each seat was last reminded. One query."""
    rows = Message.objects.filter(edition=edition.key, key__startswith=f"{REMINDED}:").order_by("posted_at")
    return {int(key.split(":")[1]): at for key, at in rows.values_list("key", "posted_at")}
