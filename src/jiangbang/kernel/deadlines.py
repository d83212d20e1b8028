"""When papers are due, and what a moment means against that. The one place that decides; pure.

L-1, P-3: "late papers are refused with the time, or accepted late only by a named person with a reason".

- The deadline names a second, and all of that second counts: due at 23:59:59, a paper of 23:59:59.9 is in time and one of 00:00:00
  is late.
- What counts is the moment at which the server had the whole file: neither when sending began, nor when reading ended.
- Grace is data of the edition (0 where it says nothing). It makes nothing timely: within it a late paper is held for an organiser's
  word, after it a late paper is refused. Either way only a named organiser accepts it, with a reason.
- Drafts freeze at the deadline, grace or no grace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

# open: it counts · grace: late, held for a named organiser · closed: late, refused
Standing = Literal["open", "grace", "closed"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline in force. `announced` is the one of the edition's file, `at` the same or a later one to which it was extended."""

    announced: datetime
    at: datetime
    grace: timedelta
    zone: str

    @property
    def extended(self) -> bool:
        return self.at > self.announced

    @property
    def ends(self) -> datetime:
        """The first moment that is late."""
        return self.at.replace(microsecond=0) + timedelta(seconds=1)

    def standing(self, moment: datetime) -> Standing:
        """What a paper that came at `moment` (aware) is."""
        if moment < self.ends:
            return "open"
        return "grace" if moment < self.ends + self.grace else "closed"

    def left(self, moment: datetime) -> timedelta:
        """How long papers still count; nought when they no longer do."""
        return max(self.ends - moment, timedelta(0))

    def clock(self, moment: datetime) -> str:
        """A moment to the second on the edition's clock, as refusals and receipts say it."""
        return moment.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%d %H:%M:%S")


class Dated(Protocol):
    """Whatever has a deadline: an edition."""

    @property
    def deadline(self) -> Deadline: ...


def may_still_change(edition: Dated, at: datetime) -> bool:
    """Whether drafts may be written at `at`. When not, they are frozen: they stay readable and change no more."""
    return edition.deadline.standing(at) == "open"


def may_still_hand_in(edition: Dated, at: datetime) -> bool:
    """Whether papers are taken at all at `at`: in time, or within the grace, where they are held for an organiser's word."""
    return edition.deadline.standing(at) != "closed"
