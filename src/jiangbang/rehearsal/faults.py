"""What goes wrong in units' papers: one small spoiling for each code that blocks.

A slip is one person's place in a packet: what stands on the form, what stands in the roster, how the file was spoilt. Mending a slip
gives back the truth, as a corrected packet does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

from jiangbang.rehearsal.people import DEEDS_LIMIT, SyntheticPerson
from jiangbang.rehearsal.portraits import SMALL, portrait

Spoilt = Literal["", "cut", "macro", "other_paper", "locked", "outside", "bomb"]


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's place in a packet. `again` marks a second form of the same person; such a slip goes when it is mended."""

    person: SyntheticPerson
    on_form: SyntheticPerson | None
    in_roster: SyntheticPerson | None
    spoilt: Spoilt = ""
    again: bool = False

    @classmethod
    def right(cls, person: SyntheticPerson) -> Slip:
        """As it should be."""
        return cls(person, person, person)

    def both(self, **values: object) -> Slip:
        """The same wrong value on form and roster: the two agree, so that only the value is wrong."""
        wrong = self.person.changed(**values)  # type: ignore[arg-type]
        return replace(self, on_form=wrong, in_roster=wrong)

    def form_only(self, **values: object) -> Slip:
        """A wrong value on the form."""
        return replace(self, on_form=self.person.changed(**values))  # type: ignore[arg-type]


Spoiler = Callable[[Slip, Random], list[Slip]]


def _checksum(slip: Slip, _dice: Random) -> list[Slip]:
    number = slip.person.id_number
    return [slip.both(id_number=number[:-1] + ("1" if number[-1] != "1" else "2"))]


def _birth(slip: Slip, _dice: Random) -> list[Slip]:
    year, month = str(slip.person.record["birth_month"]).split("-")
    return [slip.form_only(birth_month=f"{year}-{int(month) % 12 + 1:02d}")]


def _gender(slip: Slip, _dice: Random) -> list[Slip]:
    return [slip.both(gender="female" if slip.person.record["gender"] == "male" else "male")]


def _missing(slip: Slip, dice: Random) -> list[Slip]:
    return [slip.form_only(**{dice.choice(("address", "motto", "native_place", "education")): None})]


def _too_long(slip: Slip, dice: Random) -> list[Slip]:
    deeds = str(slip.person.record["deeds"])
    longer = deeds * (DEEDS_LIMIT // max(1, len(deeds)) + 1)
    return [slip.both(deeds=longer[: DEEDS_LIMIT + dice.randrange(8, 90)])]


def _too_many(slip: Slip, _dice: Random) -> list[Slip]:
    known = slip.person.record["achievements"]
    more = [
        *(known if isinstance(known, list) else []),
        "参与编写车间操作规程",
        "参加区级创新工作室建设",
        "参与团体标准起草",
    ]
    return [slip.both(achievements=more[:4])]


def _format(slip: Slip, _dice: Random) -> list[Slip]:
    return [slip.form_only(mobile=str(slip.person.record["mobile"])[:-1])]


def _no_photo(slip: Slip, _dice: Random) -> list[Slip]:
    return [replace(slip, on_form=slip.person.with_photo(None))]


def _small_photo(slip: Slip, dice: Random) -> list[Slip]:
    small = portrait(f"small {dice.randrange(10**6)}", SMALL)
    return [replace(slip, on_form=slip.person.with_photo(small, SMALL))]


def _no_form(slip: Slip, _dice: Random) -> list[Slip]:
    return [replace(slip, on_form=None)]


def _no_row(slip: Slip, _dice: Random) -> list[Slip]:
    return [replace(slip, in_roster=None)]


def _mismatch(slip: Slip, _dice: Random) -> list[Slip]:
    years = slip.person.record["years_in_industry"]
    other = slip.person.changed(years_in_industry=(years if isinstance(years, int) else 5) + 2)
    return [replace(slip, in_roster=other)]


def _twice(slip: Slip, _dice: Random) -> list[Slip]:
    return [slip, replace(slip, in_roster=None, again=True)]


def _file(kind: Spoilt) -> Spoiler:
    return lambda slip, _dice: [replace(slip, spoilt=kind)]


# Codes that block and can be seeded on one person, in the order in which they are spent.
SPOILERS: Final[dict[str, Spoiler]] = {
    "id_number.checksum": _checksum,
    "photo.missing": _no_photo,
    "roster.mismatch": _mismatch,
    "field.missing": _missing,
    "duplicate.in_packet": _twice,
    "id_number.birth_mismatch": _birth,
    "roster.row_without_form": _no_form,
    "field.too_long": _too_long,
    "roster.form_without_row": _no_row,
    "packet.member_unreadable": _file("cut"),
    "id_number.gender_mismatch": _gender,
    "field.too_many": _too_many,
    "field.format": _format,
    "packet.encrypted": _file("locked"),
    "packet.macro": _file("macro"),
    "form.layout_unknown": _file("other_paper"),
    "packet.path_escape": _file("outside"),
    "packet.too_large": _file("bomb"),
    # warns only
    "photo.too_small": _small_photo,
}


def spoil(person: SyntheticPerson, code: str | None, dice: Random) -> list[Slip]:
    """The person's slips with this fault seeded; one right slip without. Raises KeyError for a code that cannot be seeded."""
    slip = Slip.right(person)
    return SPOILERS[code](slip, dice) if code else [slip]


def mended(slips: list[Slip]) -> list[Slip]:
    """What the unit sends after correcting everything."""
    return [Slip.right(slip.person) for slip in slips if not slip.again]
