"""How an edition's leading group decides: bodies, quorum, majority, ballot, bound shares; frozen values of its `[decision]` table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, cast

from jiangbang.kernel.clauses import Clause, ClauseError, compile_clause
from jiangbang.kernel.voting import Rules

Mode = Literal["secret", "open"]
# Whether a member who recuses himself still counts in the base of the majority for that one candidate.
Recused = Literal["left_out", "counted"]

_CHOICES: Final = {
    "base": ("present", "members"),
    "ties": ("order", "runoff"),
    "mode": ("secret", "open"),
    "recused": ("left_out", "counted"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the leading group: so many members, and so many substitutes who may stand in for them."""

    name: str
    members: int
    substitutes: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share of those seated that the edition binds: of whom the condition is met, at least or at most so many."""

    label: str
    label_en: str
    condition: Clause
    at_least: Fraction | None
    at_most: Fraction | None

    def held(self, people: Iterable[Mapping[str, object]]) -> Held:
        """Look at the facts of everybody seated. Whoever's facts leave it open counts against the bound, whichever it is."""
        verdicts = [self.condition.evaluate(facts).value for facts in people]
        return Held(self, verdicts.count("met"), verdicts.count("open"), len(verdicts))


@dataclass(frozen=True, slots=True)
class Held:
    """What a bound share came to: of `total`, the condition is met for `met` and cannot be told for `unknown`."""

    share: Share
    met: int
    unknown: int
    total: int

    @property
    def short(self) -> int:
        """How many more are needed; 0 where there are enough. Exact."""
        if self.share.at_least is None:
            return 0
        needed = self.share.at_least * self.total
        return max(0, -(-needed.numerator // needed.denominator) - self.met)

    @property
    def above(self) -> int:
        """How many there are too many, the unknown counted in; 0 where there are not. Exact."""
        if self.share.at_most is None:
            return 0
        allowed = self.share.at_most * self.total
        return max(0, self.met + self.unknown - allowed.numerator // allowed.denominator)

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return not self.short and not self.above


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """All that the decision needs to know of an edition. `reserve`: places of the reserve list."""

    bodies: tuple[Body, ...]
    rules: Rules
    mode: Mode
    recused: Recused
    number: str
    reserve: int
    shares: tuple[Share, ...]

    def body(self, name: str) -> Body:
        """The body of this name. Raises KeyError."""
        for one in self.bodies:
            if one.name == name:
                return one
        raise KeyError(name)


def read_decision(document: Mapping[str, Any], facts: Collection[str] | None = None) -> DecisionSpec:
    """The `[decision]` table of an edition's document. Raises ValueError with one sentence that names the key at fault.

    `facts`: the facts that bound shares may read; the document's own where None.
    """
    table = document.get("decision", {})
    chosen = {key: _choice(table, key, choices) for key, choices in _CHOICES.items()}
    declared = facts if facts is not None else {row["key"] for row in document.get("fact", ())}
    members, substitutes = _count(table, "members", 1), _count(table, "substitutes", 0)
    own = table.get("members_of", {})
    if stray := set(own) - set(table.get("bodies", ())):
        raise ValueError(f"decision.members_of: {', '.join(sorted(stray))} is not among decision.bodies")
    at_least = table.get("majority_at_least", False)
    if type(at_least) is not bool:
        raise ValueError("decision.majority_at_least must be true or false")
    rules = Rules(
        quorum=_share(table.get("quorum", "2/3"), "quorum"),
        majority=_share(table.get("majority", "1/2"), "majority"),
        base=cast(Any, chosen["base"]),
        at_least=at_least,
        ties=cast(Any, chosen["ties"]),
        most_rounds=max(1, _count(table, "most_rounds", 3)),
    )
    return DecisionSpec(
        bodies=tuple(Body(name, _count(own, name, members), substitutes) for name in table.get("bodies", ())),
        rules=rules,
        mode=cast(Mode, chosen["mode"]),
        recused=cast(Recused, chosen["recused"]),
        number=_number(table.get("number", "{year}-{n}")),
        reserve=_count(table, "reserve", 0),
        shares=tuple(_bound(raw, declared) for raw in table.get("share", ())),
    )


def _choice(table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = table.get(key, choices[0])
    if value not in choices:
        raise ValueError(f"decision.{key}: {value!r} is none of {', '.join(choices)}")
    return str(value)


def _count(table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if type(value) is not int or value < 0:
        raise ValueError(f"decision.{key} must be a whole number, 0 or more")
    return value


def _share(value: object, key: str) -> Fraction:
    """A share as text, such as "2/3" or "35/100": exact, never a float."""
    try:
        share = Fraction(value) if isinstance(value, str) else Fraction(-1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError(f'decision.{key} must be a fraction between 0 and 1 written as text, such as "2/3"')
    return share


def _number(pattern: object) -> str:
    """The pattern of the resolution's number."""
    try:
        text = str(pattern)
        text.format(year=2000, n=1)
    except (KeyError, IndexError, ValueError):
        raise ValueError("decision.number may hold {year} and {n} and no other braces") from None
    return text


def _bound(raw: Mapping[str, Any], facts: Collection[str]) -> Share:
    label = raw.get("label", "?")
    try:
        condition = compile_clause(raw["expression"], facts)
    except KeyError as error:
        raise ValueError(f"[[decision.share]] {label} lacks {error}") from None
    except ClauseError as error:
        raise ValueError(f"[[decision.share]] {label}: {error}") from None
    least, most = (_share(raw[key], f"share {label} {key}") if key in raw else None for key in ("at_least", "at_most"))
    if least is None and most is None:
        raise ValueError(f"[[decision.share]] {label} says neither at_least nor at_most")
    return Share(str(label), str(raw.get("label_en", label)), condition, least, most)
