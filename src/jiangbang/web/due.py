"""The deadline as pages show it: the exact time, how long is left by the server's clock, and what a script needs to go on counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from jiangbang.kernel.deadlines import Deadline, Standing
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline at one moment, on the edition's clock."""

    deadline: Deadline
    now: datetime
    # a rehearsed edition's clock stands: nothing counts down
    stands: bool
    at: datetime
    announced: datetime

    @property
    def standing(self) -> Standing:
        return self.deadline.standing(self.now)

    @property
    def ends(self) -> datetime:
        return self.deadline.ends

    @property
    def seconds(self) -> int:
        """What is left, in whole seconds."""
        return int(self.deadline.left(self.now).total_seconds())

    @property
    def urgent(self) -> bool:
        """Less than a day is left."""
        return 0 < self.seconds < 86400

    @property
    def left(self) -> str:
        """What is left in words, as the script also writes it."""
        return left_in_words(self.seconds)


def due_of(edition: Edition) -> Due:
    """The edition's deadline, now."""
    deadline, zone = edition.deadline, edition.zone
    return Due(
        deadline,
        edition.now().astimezone(zone),
        edition.spec.clock is not None,
        deadline.at.astimezone(zone),
        deadline.announced.astimezone(zone),
    )


def left_in_words(seconds: int) -> str:
    """`11 days 14:03:22 left`; the clock alone on the last day; a sentence when it is over."""
    if seconds <= 0:
        return gettext("The deadline has passed")
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    if not days:
        return gettext("%(clock)s left") % {"clock": clock}
    return ngettext("%(days)s day %(clock)s left", "%(days)s days %(clock)s left", days) % {
        "days": days,
        "clock": clock,
    }
