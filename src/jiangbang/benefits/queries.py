"""What the pages ask: offers with their counts, who is next by fair turns, and each holder's years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q

from jiangbang.benefits.models import Further, Guest, Offer
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Counted:
    """An offer with its figures."""

    offer: Offer
    invited: int
    coming: int
    waiting: int
    came: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who may be invited, and why he stands where he does: how often he came, and when last (0: never)."""

    award: Award
    times: int
    last: int


@dataclass(slots=True)
class Years:
    """One holder's line of the ledger: by year and benefit what became of it; `came` is how often he was there."""

    award: Award
    cells: dict[tuple[int, str], Guest] = field(default_factory=dict)
    came: int = 0


def offers_of(edition: Edition) -> list[Counted]:
    """Every offer, the newest first. One query."""
    held = Q(guests__award__state=Award.State.HELD)
    rows = Offer.objects.filter(edition=edition).annotate(
        n_invited=Count("guests", filter=held),
        n_coming=Count("guests", filter=held & Q(guests__state=Guest.State.COMING)),
        n_waiting=Count("guests", filter=held & Q(guests__state=Guest.State.WAITING)),
        n_came=Count("guests", filter=Q(guests__came=True)),
    )
    return [Counted(one, one.n_invited, one.n_coming, one.n_waiting, one.n_came) for one in rows]


def turns(offer: Offer) -> list[Turn]:
    """Whoever holds a title of any edition of the programme and is not invited yet, in the order in which it is fair to ask: fewest times
    there first, then longest ago, then by number. It follows from the ledger alone, so that anybody finds the same order. One query."""
    there = Q(guests__came=True, guests__offer__kind=offer.kind)
    rows = (
        Award.objects.filter(edition__programme=offer.edition.programme, state=Award.State.HELD)
        .exclude(guests__offer=offer)
        .annotate(
            times=Count("guests", filter=there, distinct=True), last=Max("guests__offer__first_day", filter=there)
        )
    )
    found = [Turn(one, one.times, one.last.year if one.last else 0) for one in rows]
    return sorted(
        found, key=lambda one: (one.times, one.last, one.award.edition_id, one.award.title, one.award.position)
    )


def guests_of(offer: Offer) -> list[Guest]:
    """Who was invited, by number. One query."""
    rows = offer.guests.select_related("award").filter(Q(award__state=Award.State.HELD) | Q(came=True))
    return sorted(rows, key=lambda one: (one.award.title, one.award.position))


def ledger(edition: Edition) -> tuple[list[tuple[int, str]], list[Years]]:
    """The years and benefits that were offered to holders of the programme's titles, in whichever edition, and each holder's line: a title
    lasts longer than the edition that gave it. Two queries."""
    awards = Award.objects.filter(edition__programme=edition.programme, state=Award.State.HELD)
    awards = awards.select_related("address").order_by("-edition_id", "title", "position")
    lines = {one.pk: Years(one) for one in awards}
    columns: set[tuple[int, str]] = set()
    rows = Guest.objects.filter(
        offer__edition__programme=edition.programme, offer__cancelled_at__isnull=True
    ).select_related("offer")
    for guest in rows:
        key = (guest.offer.year, guest.offer.kind)
        columns.add(key)
        if (line := lines.get(guest.award_id)) is not None:
            line.cells[key] = guest
            line.came += bool(guest.came)
    return sorted(columns), list(lines.values())


def further_of(edition: Edition) -> dict[str, list[Further]]:
    """Who is recommended for which higher title, in the order of the recommendation. One query."""
    found: dict[str, list[Further]] = defaultdict(list)
    for one in Further.objects.filter(award__edition=edition).select_related("award", "proposed_by"):
        found[one.target].append(one)
    return dict(found)


def further_titles(editions: Sequence[Edition]) -> list[Further]:
    """Higher titles that holders of these editions were given after they were recommended for them. One query."""
    rows = Further.objects.filter(award__edition__in=list(editions), state=Further.State.CONFERRED)
    return list(rows.select_related("award__edition", "award__dossier__person").order_by("pk"))


def states(guests: Sequence[Guest]) -> Counter[str]:
    """How many guests gave which answer."""
    return Counter(one.state for one in guests)
