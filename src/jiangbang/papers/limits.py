"""What a packet may be, at most. Checked before anything is unpacked; sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one packet and of the child process that reads it.

    The largest quota of the letter is 30 people: 2,000 members and 1 GB leave room for a whole city's packets in one archive with
    evidence, and stop what was built to harm. A caller that reads a larger collection on purpose passes its own.
    """

    members: int = 2_000
    total: int = 1024 * MIB
    member: int = 64 * MIB
    # unpacked over packed; deflate of ordinary papers stays under 30, and small files may exceed any ratio without harm
    ratio: int = 200
    ratio_from: int = 8 * MIB
    # a photo of 40 megapixels takes 120 MB decoded; the readers only look at its header
    address_space: int = 600 * MIB
    # processor time of one child, wall-clock time between two signs of life (one member), and for all
    cpu: int = 300
    silence: float = 30.0
    wall: float = 1800.0
    # children that may die on a packet's members before the packet is given up
    deaths: int = 8
    office_seconds: float = 60.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


LIMITS = Limits()
