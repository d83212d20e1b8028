"""What an edition rules about objections to its notice, and whether one is admitted; pure.

An objection is admitted that came in time (a letter counts by its postmark), names who makes it, and says something that can be looked
into. Each that fails is said; an anonymous one is kept and counted, not pursued, unless the edition says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

# Why an objection is not admitted, in the order in which they are said.
Flaw = Literal["late", "anonymous", "vague"]
FLAWS: Final[tuple[Flaw, ...]] = ("late", "anonymous", "vague")
# No term of an objection is longer: beyond this somebody has mistyped.
_MOST_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class ObjectionSpec:
    """The `[objection]` table. `answer_days`, `inquiry_days`: working days for the answer to the objector and for the unit's reply;
    `files`, `megabytes`: how many files, and how large each; `number`: the pattern of case numbers; `anonymous`: whether unsigned
    objections are pursued too."""

    answer_days: int = 15
    inquiry_days: int = 5
    files: int = 3
    megabytes: int = 10
    number: str = "异议〔{year}〕{n}号"
    anonymous: bool = False


def read_objections(document: Mapping[str, Any]) -> ObjectionSpec:
    """The `[objection]` table of an edition's document, defaults where it is silent. Raises ValueError that names the key at fault."""
    table = document.get("objection", {})
    own = ObjectionSpec()
    number = table.get("number", own.number)
    if not isinstance(number, str) or "{n}" not in number:
        raise ValueError("objection.number must hold {n}")
    anonymous = table.get("anonymous", own.anonymous)
    if type(anonymous) is not bool:
        raise ValueError("objection.anonymous must be true or false")
    return ObjectionSpec(
        answer_days=_count(table, "answer_days", own.answer_days, _MOST_DAYS),
        inquiry_days=_count(table, "inquiry_days", own.inquiry_days, _MOST_DAYS),
        files=_count(table, "files", own.files, 10),
        megabytes=_count(table, "megabytes", own.megabytes, 20),
        number=number,
        anonymous=anonymous,
    )


def _count(table: Mapping[str, Any], key: str, silent: int, most: int) -> int:
    found = table.get(key, silent)
    if type(found) is not int or not 1 <= found <= most:
        raise ValueError(f"objection.{key} must be a whole number from 1 to {most}")
    return found


def flaws_of(
    counted_on: date, last_day: date, *, identified: bool, specific: bool, spec: ObjectionSpec
) -> tuple[Flaw, ...]:
    """What stands against admitting an objection that counts as of one day to a notice that stands until another; empty: admit it.

    >>> flaws_of(date(2026, 3, 9), date(2026, 3, 6), identified=True, specific=True, spec=ObjectionSpec())
    ('late',)
    """
    found: dict[Flaw, bool] = {
        "late": counted_on > last_day,
        "anonymous": not identified and not spec.anonymous,
        "vague": not specific,
    }
    return tuple(flaw for flaw in FLAWS if found[flaw])
