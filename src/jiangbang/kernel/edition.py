"""An edition as data: calendar, units and quotas, clauses, titles. Pure values built from parsed TOML.

The TOML is the source (`programmes/<programme>/<edition>.toml`, form in `form.toml` beside it); `programme.models` keeps it in the
database and hands these values to the stages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jiangbang.kernel.form import FormSpec
from jiangbang.kernel.marks import EarlierTitle, ListRules, PrioritySpec, earlier_titles, list_rules, priorities
from jiangbang.kernel.retention import read_retention

Row = TypeVar("Row")
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
    seats: int | None = None
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
    # as the file says it; `programme.models.Edition.deadline` is the one in force
    deadline: datetime
    grace: timedelta
    packet_name: str
    units: tuple[UnitSpec, ...]
    facts: tuple[FactSpec, ...]
    clauses: tuple[ClauseSpec, ...]
    titles: tuple[TitleSpec, ...]
    industry_classes: tuple[Choice, ...]
    # an edition that is rehearsed stands at this moment; None: the real clock
    clock: datetime | None
    document: Mapping[str, Any]
    # P-1 and L-2: what imported lists are looked up for
    priorities: tuple[PrioritySpec, ...] = ()
    earlier_titles: tuple[EarlierTitle, ...] = ()
    lists: ListRules = field(default_factory=ListRules)

    def unit(self, code: str) -> UnitSpec:
        """The unit with this code. Raises KeyError."""
        for unit in self.units:
            if unit.code == code:
                return unit
        raise KeyError(code)


def load_edition(document: Mapping[str, Any], form: FormSpec, classes: Mapping[str, Any]) -> EditionSpec:
    """Build an edition from the parsed TOML of its file, its form and its class list.

    Raises ValueError with one sentence that names the table and key at fault.
    """
    read_retention(document)
    try:
        return EditionSpec(
            programme=document["programme"],
            slug=document["slug"],
            name=document["name"],
            name_en=document["name_en"],
            time_zone=_zone(document["calendar"]["time_zone"]),
            form=form,
            stages=_stages(document),
            deadline=_moment(document["calendar"]["deadline"], "calendar.deadline"),
            grace=_grace(document["calendar"]),
            packet_name=document["packet"]["name"],
            units=_units(document),
            facts=_rows(document, "fact", FactSpec),
            clauses=_rows(document, "clause", ClauseSpec),
            titles=_rows(document, "title", TitleSpec),
            industry_classes=_rows(classes, "class", Choice),
            clock=_moment(document["calendar"]["clock"], "calendar.clock") if "clock" in document["calendar"] else None,
            document=document,
            priorities=priorities(document),
            earlier_titles=earlier_titles(document),
            lists=list_rules(document, (fact["key"] for fact in document.get("fact", ()))),
        )
    except KeyError as error:
        raise ValueError(f"the edition's file lacks {error}") from None


def _rows(document: Mapping[str, Any], table: str, row_type: Callable[..., Row]) -> tuple[Row, ...]:
    rows = []
    for number, raw in enumerate(document.get(table, ()), 1):
        try:
            rows.append(row_type(**raw))
        except TypeError as error:
            raise ValueError(f"[[{table}]] number {number}: {error}") from None
    return tuple(rows)


def _units(document: Mapping[str, Any]) -> tuple[UnitSpec, ...]:
    """Units take the quota of their kind unless they carry their own."""
    kinds = {kind["key"]: kind for kind in document["unit_kind"]}
    units = []
    for raw in document["unit"]:
        if raw.get("kind") not in kinds:
            raise ValueError(f"[[unit]] {raw.get('code', '?')}: unknown kind {raw.get('kind')!r}")
        quota = {key: kinds[raw["kind"]][key] for key in ("quota_min", "quota_max", "hard")}
        try:
            units.append(UnitSpec(**{**quota, **raw, "aliases": tuple(raw.get("aliases", ()))}))
        except TypeError as error:
            raise ValueError(f"[[unit]] {raw.get('code', '?')}: {error}") from None
    if len({unit.code for unit in units}) != len(units):
        raise ValueError("two units have the same code")
    return tuple(units)


def _moment(value: Any, where: str) -> datetime:
    """Every moment of an edition carries its offset: a deadline without one is a quarrel to come."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{where} must be a date and time with an offset, such as 2023-03-31T23:59:59+08:00")
    return value


def _zone(name: Any) -> str:
    """The edition's time zone by its name in the zone data base, such as Asia/Shanghai."""
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"calendar.time_zone: unknown zone {name!r}") from None
    return str(name)


def _grace(calendar: Mapping[str, Any]) -> timedelta:
    """`calendar.grace_minutes`: how long after the deadline late papers are held for an organiser instead of being refused."""
    minutes = calendar.get("grace_minutes", 0)
    if type(minutes) is not int or minutes < 0:
        raise ValueError("calendar.grace_minutes must be a whole number of minutes, 0 or more")
    return timedelta(minutes=minutes)


def _stages(document: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The calendar in the order of its file; a date is TOML's own or ISO text (as the database keeps it)."""
    stages = []
    for raw in document["stage"]:
        opens, closes = (
            value if isinstance(value, date) else date.fromisoformat(value) for value in (raw["opens"], raw["closes"])
        )
        if closes < opens:
            raise ValueError(f"[[stage]] {raw['key']} closes before it opens")
        stages.append(Stage(raw["key"], raw["label"], raw["label_en"], opens, closes))
    return tuple(stages)
