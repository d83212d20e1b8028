"""What the later stages ask of the decision."""

from __future__ import annotations

from collections.abc import Sequence

from jiangbang.decision.models import Place
from jiangbang.programme.models import Edition


def released_places(edition: Edition, *, reserve: bool = False) -> Sequence[Place]:
    """Who is given what, by title and position, with its dossier; the reserve list instead where `reserve`. Empty until the result is
    released. One query."""
    rows = Place.objects.filter(result__edition=edition, result__released_at__isnull=False, reserve=reserve)
    return list(rows.select_related("dossier").order_by("title", "position"))


def reserve_for(edition: Edition) -> Sequence[Place]:
    """The reserve list in the order in which it counts: whoever stands on it may follow for any title of the edition, title or prize.
    Empty until the result is released. One query."""
    return released_places(edition, reserve=True)
