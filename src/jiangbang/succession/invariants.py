"""What must always hold between editions."""

from __future__ import annotations

from typing import Final

from django.db.models import F

from jiangbang.register.invariant import Invariant
from jiangbang.succession.models import Reinvitation

_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"

INVARIANTS: Final = (
    Invariant(
        "succession.invited_from_before",
        "Whoever is told that he may stand again won in an earlier edition of the programme.",
        _ACTS,
        lambda: Reinvitation.objects.exclude(
            award__edition__programme=F("edition__programme"), award__conferred_at__lte=F("invited_at")
        ),
    ),
)
