"""Experts at work: an assignment that was released, and the account of one of them."""

from __future__ import annotations

from django.utils import timezone
from review.experts import account_of
from review.panels import confirmed, eligible_dossiers

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.review import assigning, scoring
from jiangbang.review.models import Card, Seat

WHOLE = {"technology": "88", "economy": "75", "society": "60"}


def released(edition: Edition, office: User, count: int = 3) -> None:
    """So many eligible dossiers, assigned and released."""
    eligible_dossiers(edition, office, count)
    made = confirmed(edition, office)
    Seat.objects.filter(pk__in=[seat.pk for seat in made]).update(declared_at=timezone.now())
    assigning.assign_dossiers(edition, by=office)
    assigning.release_cards(edition, by=office)


def at_work() -> tuple[Seat, User]:
    """The expert with the most cards, and the account."""
    seats = Seat.objects.select_related("draw__edition", "entry__edition", "entry__expert").filter(cards__isnull=False)
    seat = max(seats.distinct(), key=lambda one: one.cards.count())
    return seat, account_of(seat.entry)


def first_card(seat: Seat) -> Card:
    return scoring.own_cards(seat).order_by("reviewed__code")[0]
