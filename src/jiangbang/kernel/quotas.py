"""A recommending unit's count against its quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jiangbang.kernel.edition import UnitSpec

QuotaState = Literal["under", "within", "over"]


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
