"""What is new on the desk since a page was shown. An open desk asks every few seconds (docs/decisions/0020-live-desk.md)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from jiangbang.nomination.desk import STUCK
from jiangbang.nomination.models import Intake, Packet
from jiangbang.programme.models import Edition
from jiangbang.register.models import Head

EVERY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a desk looked like. Equal stamps, equal desks: every official change adds an entry to the register.

    Only that a file waits for a person's word is no entry; so these are counted. `packet` is the newest one's number.
    """

    size: int
    packet: int
    stuck: int

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """From the address; None where it says none that we made."""
        parts = text.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            return None
        return cls(*(int(part) for part in parts))

    def __str__(self) -> str:
        return f"{self.size}-{self.packet}-{self.stuck}"


def stamp(edition: Edition) -> Stamp:
    """The desk's stamp now. One query: a single row, and two looks at an index."""
    newest = Packet.objects.filter(edition=edition).order_by("-pk").values("pk")[:1]
    stuck = Intake.objects.filter(edition=edition, state__in=STUCK).order_by().values("edition").annotate(n=Count("pk"))
    size, packet, waiting = Head.objects.values_list(
        "size", Coalesce(Subquery(newest), 0), Coalesce(Subquery(stuck.values("n")), 0)
    ).get(pk=1)
    return Stamp(size, packet, waiting)
