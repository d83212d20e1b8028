"""A recommending unit's count against its quota."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from jiangbang.kernel.edition import UnitSpec

QuotaState = Literal["under", "within", "over"]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One line of the ledger, in people. `remaining` is what the unit may still recommend; negative when over."""

    unit: str
    counted: int
    minimum: int
    maximum: int
    hard: bool
    state: QuotaState
    remaining: int

    @property
    def blocks(self) -> bool:
        """Over a quota that binds ("at most"); "generally" and "about" only warn."""
        return self.state == "over" and self.hard


def quota_line(unit: UnitSpec, counted: int) -> QuotaLine:
    """Set a unit's count against its quota; both ends belong to the range. Raises ValueError for a negative count."""
    if counted < 0:
        raise ValueError("a unit cannot have recommended fewer than nobody")
    state: QuotaState = "within"
    if counted > unit.quota_max:
        state = "over"
    elif counted < unit.quota_min:
        state = "under"
    return QuotaLine(
        unit=unit.code,
        counted=counted,
        minimum=unit.quota_min,
        maximum=unit.quota_max,
        hard=unit.hard,
        state=state,
        remaining=unit.quota_max - counted,
    )


def held_back(
    ranked: Sequence[Key], *, seated: Collection[Key], outside: Collection[Key], seats: int | None
) -> set[Key]:
    """Whom a quota that binds holds back: the lowest-ranked of those who have no seat yet.

    `ranked`: the unit's own order, highest first. `seated` have a seat already (also people who are not in `ranked`) and keep it;
    `outside` stand outside the quota (direct titles) and take none. `seats` is the bound, None where none binds.
    """
    if seats is None:
        return set()
    free = seats - len(set(seated) - set(outside))
    waiting = [key for key in dict.fromkeys(ranked) if key not in seated and key not in outside]
    return set(waiting[max(0, free) :])
