"""Experts at work: an assignment that was released, and the account of one of them."""

from __future__ import annotations

import json

from django.utils import timezone
from review.experts import account_of
from review.panels import confirmed, eligible_dossiers

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.register.acts import act
from jiangbang.review import assigning, scoring
from jiangbang.review.models import Card, Reviewed, Seat
from jiangbang.review.profiles import sealed

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


def far_apart(edition: Edition, office: User, count: int = 1) -> list[Reviewed]:
    """Dossiers whose five signed cards give 90, 80, 70, 60 and 50 points in every line; one more whose cards all give 75."""
    released(edition, office, count + 1)
    found = list(Reviewed.objects.filter(edition=edition).order_by("code"))
    for reviewed in found:
        cards = reviewed.cards.select_related("reviewed__edition", "seat__entry__expert").order_by("seat__mark")
        for place, card in enumerate(cards):
            points = 75 if reviewed == found[-1] else 90 - 10 * place
            said = {"technology": "理由"} if points < 60 else {}
            card.scores = dict.fromkeys(("technology", "economy", "society"), points)
            card.sealed_comments = sealed(card.seat.entry.expert, json.dumps(said)) if said else b""
            card.saved_at = timezone.now()
            card.save()
            act("card.signed")(scoring._sign)(card, scoring.filled(card), by=office)
    return found[:count]
