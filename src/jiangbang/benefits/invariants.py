"""What must always hold of benefits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, F, Q

from jiangbang.benefits.models import Further, Guest, Offer
from jiangbang.register.invariant import Invariant, unlike

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_COMING: Final = Count("guests", filter=Q(guests__state=Guest.State.COMING, guests__award__state="held"))


def _overbooked() -> Iterator[str]:
    return (one.subject for one in Offer.objects.annotate(coming=_COMING).filter(coming__gt=F("places")))


def _offers() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Offer.objects.values_list("pk", flat=True))


def _proposed() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Further.objects.values_list("pk", flat=True))


INVARIANTS: Final = (
    Invariant(
        "benefits.places_kept",
        "No more come to a benefit than it has places.",
        "call whoever was taken last, and note that he does not come",
        _overbooked,
    ),
    Invariant(
        "benefits.guests_of_programme",
        "Only holders of the programme's titles are invited.",
        _ACTS,
        lambda: Guest.objects.exclude(award__edition__programme=F("offer__edition__programme")),
    ),
    Invariant(
        "benefits.offers_registered",
        "The register knows every offer, once.",
        _ACTS,
        lambda: unlike(_offers(), "offer", "benefit.offered"),
    ),
    Invariant(
        "benefits.further_registered",
        "The register knows every recommendation for a higher title, once.",
        _ACTS,
        lambda: unlike(_proposed(), "further", "further.proposed"),
    ),
)
