"""An edition as data: calendar, units and quotas, clauses, titles. Pure values built from parsed TOML.

The TOML is the source (`programmes/<programme>/<edition>.toml`, form in `form.toml` beside it); `programme.models` keeps it in the
database and hands these values to the stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from jiangbang.kernel.form import FormSpec

ClauseKind = Literal["general", "one_of", "exclusion"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of the calendar. `opens` and `closes` are whole days of the edition's time zone, both included."""

    key: str
    label: str
    label_en: str
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A recommending unit and its quota. `quota_max` binds when `hard` ("at most"), else advises ("generally", "about")."""

    code: str
    name: str
    short_name: str
    kind: str
    quota_min: int
    quota_max: int
    hard: bool
    name_en: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseSpec:
    """One condition of the letter. `expression` is CEL over the facts; `kind` says how its verdict counts.

    general: must be met · one_of: at least one of the edition's must be met · exclusion: met means "not excluded".
    """

    code: str
    kind: ClauseKind
    label: str
    label_en: str
    text: str
    expression: str
    source: str
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that clauses read: taken from the record's field `from_field`, or declared by the unit with evidence."""

    key: str
    label: str
    label_en: str
    kind: Literal["bool", "int", "text", "list"]
    from_field: str | None = None


@dataclass(frozen=True, slots=True)
class TitleSpec:
    """A title or prize. `seats` is None where it is given outside the seats (direct titles)."""

    key: str
    label: str
    label_en: str
    seats: int | None
    may_stand_again: bool = False
    direct: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a class list (industry classes)."""

    code: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class EditionSpec:
    """All that the stages need to know of an edition."""

    programme: str
    slug: str
    name: str
    name_en: str
    time_zone: str
    form: FormSpec
    stages: tuple[Stage, ...]
    deadline: datetime
    packet_name: str
    units: tuple[UnitSpec, ...]
    facts: tuple[FactSpec, ...]
    clauses: tuple[ClauseSpec, ...]
    titles: tuple[TitleSpec, ...]
    industry_classes: tuple[Choice, ...]
    # an edition that is rehearsed stands at this moment; None: the real clock
    clock: datetime | None
    document: Mapping[str, Any]

    def unit(self, code: str) -> UnitSpec:
        """The unit with this code. Raises KeyError."""
        for unit in self.units:
            if unit.code == code:
                return unit
        raise KeyError(code)
