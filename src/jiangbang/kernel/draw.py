"""Drawing panels of experts by lot before witnesses, so that anybody can draw them again.

Before: the organiser publishes the commitment, a hash over a secret, the pool and the rules; none of the three can be changed
after that. At the ceremony witnesses write what they like, the secret is opened, and secret and entries together give the seed:
neither the organiser nor the witnesses could have known it. After: the file with all of it is published, and
`docs/verify_draw.py` (or anybody's own program) draws again.

What is guaranteed. A panel is drawn by trying: a uniformly random set of the size wanted, again until one keeps the rules (at
most `ATTEMPTS` times). Every set that keeps the rules is then equally likely, exactly. Only where rules are so tight that no
attempt succeeds, the panel is the first that keeps the rules in a random order of the pool (`exhaustive`); experts of equal
standing under the rules are still equally likely, but sets are not. Panels are drawn in the order of the file from those not
yet seated; alternates come last, from the rest. Chance is SHA-256 in counter mode; integers below a bound are free of modulo
bias.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Final

FORMAT: Final = "jiangbang-draw/1"
ATTEMPTS: Final = 2000
# The search in a random order gives up after so many steps.
STEPS: Final = 100_000
_WORD: Final = 2**64


class DrawError(ValueError):
    """The file is no draw; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Expert:
    """One of the pool. `outside`: from outside the city."""

    id: str
    fields: frozenset[str]
    employer: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """One panel: seats, alternates, the least number per field (an expert counts in each of his or her fields), the most from one
    employer, the least from outside the city.
    """

    name: str
    seats: int
    alternates: int
    fields: tuple[tuple[str, int], ...]
    most_per_employer: int | None
    outside: int

    def kept_by(self, members: Sequence[Expert]) -> bool:
        """Whether these members make a panel."""
        if len(members) != self.seats or sum(one.outside for one in members) < self.outside:
            return False
        if any(sum(field in one.fields for one in members) < least for field, least in self.fields):
            return False
        employers = Counter(one.employer for one in members if one.employer)
        return self.most_per_employer is None or max(employers.values(), default=0) <= self.most_per_employer


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as drawn. `attempts` is how many sets were tried; `exhaustive`: found by the search in a random order."""

    name: str
    members: tuple[str, ...]
    alternates: tuple[str, ...]
    attempts: int
    exhaustive: bool


@dataclass(frozen=True, slots=True)
class Short:
    """Why a panel cannot be drawn: the rule, how many it needs and how many the pool has for it."""

    panel: str
    rule: str
    needed: int
    available: int


class ImpossibleDrawError(Exception):
    """The rules cannot be kept; `shortages` says by what they fail."""

    def __init__(self, shortages: tuple[Short, ...]) -> None:
        super().__init__("the rules of the draw cannot be kept")
        self.shortages = shortages


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fixed before the ceremony: the pool, by id, and the panels in order."""

    pool: tuple[Expert, ...]
    panels: tuple[Rules, ...]


def read_plan(document: Any) -> Plan:
    """The pool and the rules of a draw's file. Raises DrawError with one sentence."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DrawError(f"the file is no draw: its format is not {FORMAT}")
    pool = tuple(sorted(map(_expert, _list(document, "pool")), key=lambda one: one.id))
    panels = tuple(map(read_rules, _list(document, "panels")))
    for what, names in (("expert", [one.id for one in pool]), ("panel", [one.name for one in panels])):
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise DrawError(f"{what} {twice[0]} stands twice")
    return Plan(pool, panels)


def commitment(plan: Plan, secret: str) -> str:
    """What is published before: hex of SHA-256 over the secret and the plan. A secret is long and random, or it can be guessed."""
    return _digest("commitment", secret, _canonical(plan)).hex()


def seed_of(plan: Plan, secret: str, witnesses: Sequence[str]) -> bytes:
    """The seed: SHA-256 over secret, plan and what the witnesses entered, in the order in which they did."""
    return _digest("seed", secret, _canonical(plan), *witnesses)


def draw(plan: Plan, seed: bytes) -> tuple[Panel, ...]:
    """Draw all panels, then their alternates. Raises ImpossibleDrawError with what is short."""
    seated: set[str] = set()
    drawn: list[tuple[Rules, list[Expert], int, bool]] = []
    for rules in plan.panels:
        free = [one for one in plan.pool if one.id not in seated]
        members, attempts, exhaustive = _panel(rules, free, seed)
        seated |= {one.id for one in members}
        drawn.append((rules, members, attempts, exhaustive))
    panels = []
    for rules, members, attempts, exhaustive in drawn:
        rest = [one for one in plan.pool if one.id not in seated]
        spare = _sample(rest, min(rules.alternates, len(rest)), seed, f"{rules.name}/alternates")
        seated |= {one.id for one in spare}
        ids, spares = (tuple(one.id for one in group) for group in (members, spare))
        panels.append(Panel(rules.name, ids, spares, attempts, exhaustive))
    return tuple(panels)


def replacement(plan: Plan, panel: Panel, gone: Iterable[str]) -> str | None:
    """Who takes the seat of somebody who refused: the first alternate, in the order drawn, with whom the panel keeps its rules.

    `gone` are all who have left or refused, the last first; alternates who sit already are members of `panel`. None where nobody fits.
    """
    rules = next(rules for rules in plan.panels if rules.name == panel.name)
    known = {one.id: one for one in plan.pool}
    left = set(gone)
    staying = [known[name] for name in panel.members if name not in left]
    for name in panel.alternates:
        if name not in left and name not in panel.members and rules.kept_by([*staying, known[name]]):
            return name
    return None


def _panel(rules: Rules, free: list[Expert], seed: bytes) -> tuple[list[Expert], int, bool]:
    found = tuple(_shortages(rules, free))
    if found:
        raise ImpossibleDrawError(found)
    for attempt in range(ATTEMPTS):
        members = _sample(free, rules.seats, seed, f"{rules.name}/{attempt}")
        if rules.kept_by(members):
            return members, attempt + 1, False
    members = _search(rules, _sample(free, len(free), seed, f"{rules.name}/order"))
    if not members and rules.seats:
        raise ImpossibleDrawError((Short(rules.name, "together", rules.seats, 0),))
    return members, ATTEMPTS, True


def _sample(pool: list[Expert], count: int, seed: bytes, label: str) -> list[Expert]:
    """The first `count` of a random order of the pool: Fisher and Yates, only as far as needed."""
    numbers = _numbers(seed, label)
    moved: dict[int, int] = {}
    taken = []
    for place in range(count):
        other = place + _below(len(pool) - place, numbers)
        taken.append(pool[moved.get(other, other)])
        moved[other] = moved.get(place, place)
    return taken


def _search(rules: Rules, order: list[Expert]) -> list[Expert]:
    """The first panel that keeps the rules: the scarcest open rule is filled first, by experts in this order, going back if needed."""
    tests = _by_scarcity(rules, order)
    members: list[Expert] = []
    choices = [iter(_next_choice(tests, members, order))]
    for _ in range(STEPS):
        one = next(choices[-1], None)
        if one is None:
            choices.pop()
            if not members:
                break
            members.pop()
        elif one not in members and _may_take(rules, members, one):
            members.append(one)
            if len(members) < rules.seats:
                choices.append(iter(_next_choice(tests, members, order)))
            elif rules.kept_by(members):
                return members
            else:
                members.pop()
    return []


def _by_scarcity(rules: Rules, order: list[Expert]) -> list[tuple[str | None, int]]:
    """The rules that ask for somebody, as (field, or None for outside; least), the one that fewest can fill first."""
    asked: list[tuple[str | None, int]] = [(None, rules.outside), *rules.fields]
    return sorted((test for test in asked if test[1]), key=lambda test: sum(_fills(test[0], one) for one in order))


def _next_choice(tests: list[tuple[str | None, int]], members: list[Expert], order: list[Expert]) -> list[Expert]:
    for field, least in tests:
        if sum(_fills(field, one) for one in members) < least:
            return [one for one in order if _fills(field, one)]
    return order


def _fills(field: str | None, one: Expert) -> bool:
    return one.outside if field is None else field in one.fields


def _may_take(rules: Rules, members: list[Expert], one: Expert) -> bool:
    """Whether one more still leaves seats enough for what the rules ask for."""
    colleagues = sum(other.employer == one.employer for other in members) if one.employer else 0
    if rules.most_per_employer is not None and one.employer and colleagues >= rules.most_per_employer:
        return False
    panel = [*members, one]
    left = rules.seats - len(panel)
    if rules.outside - sum(other.outside for other in panel) > left:
        return False
    return all(least - sum(field in other.fields for other in panel) <= left for field, least in rules.fields)


def _shortages(rules: Rules, free: list[Expert]) -> Iterator[Short]:
    """Each rule alone against the pool, the limit on employers counted in."""
    demands = [("seats", rules.seats, free), ("outside", rules.outside, [one for one in free if one.outside])]
    demands += [
        (f"field {field}", least, [one for one in free if field in one.fields]) for field, least in rules.fields
    ]
    for rule, needed, able in demands:
        available = _seatable(rules, able)
        if available < needed:
            yield Short(rules.name, rule, needed, available)
    for rule, needed, _ in demands[1:]:
        if needed > rules.seats:
            yield Short(rules.name, f"{rule} within the seats", needed, rules.seats)


def _seatable(rules: Rules, able: list[Expert]) -> int:
    if rules.most_per_employer is None:
        return len(able)
    employers = Counter(one.employer for one in able if one.employer)
    free = sum(not one.employer for one in able)
    return free + sum(min(count, rules.most_per_employer) for count in employers.values())


def _numbers(seed: bytes, label: str) -> Iterator[int]:
    """Words of 64 bits: the first eight bytes of SHA-256(seed, label, counter)."""
    start = hashlib.sha256(seed + label.encode() + b"\n")
    counter = 0
    while True:
        word = start.copy()
        word.update(counter.to_bytes(8, "big"))
        yield int.from_bytes(word.digest()[:8], "big")
        counter += 1


def _below(bound: int, numbers: Iterator[int]) -> int:
    """A number below the bound, all equally likely: words in the incomplete last round are thrown away."""
    limit = _WORD - _WORD % bound
    return next(word for word in numbers if word < limit) % bound


def _digest(purpose: str, *texts: str) -> bytes:
    """SHA-256 over a purpose and texts, each with its length, so that no two lists of texts read alike."""
    state = hashlib.sha256(f"{FORMAT} {purpose}\n".encode())
    for text in texts:
        data = text.encode()
        state.update(len(data).to_bytes(8, "big") + data)
    return state.digest()


def _canonical(plan: Plan) -> str:
    """Pool and rules as one line of JSON: keys in this order, pool by id, fields sorted, no spaces."""
    pool = [[one.id, sorted(one.fields), one.employer, one.outside] for one in plan.pool]
    panels = [
        [one.name, one.seats, one.alternates, [list(field) for field in one.fields], one.most_per_employer, one.outside]
        for one in plan.panels
    ]
    return json.dumps([pool, panels], ensure_ascii=False, separators=(",", ":"))


def _list(document: dict[str, Any], name: str) -> list[Any]:
    value = document.get(name)
    if not isinstance(value, list) or not value:
        raise DrawError(f"the file has no list {name}, or an empty one")
    return value


def _expert(row: Any) -> Expert:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"]:
        raise DrawError("somebody in the pool has no id")
    fields, employer, outside = row.get("fields", []), row.get("employer", ""), row.get("outside", False)
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise DrawError(f"the fields of {row['id']} are no list of names")
    if not isinstance(employer, str) or not isinstance(outside, bool):
        raise DrawError(f"employer or outside of {row['id']} is of the wrong kind")
    return Expert(row["id"], frozenset(fields), employer, outside)


def read_rules(row: Any) -> Rules:
    """One panel's rules from its table. Raises DrawError with one sentence."""
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"]:
        raise DrawError("a panel has no name")
    name, fields = row["name"], row.get("fields", {})
    if not isinstance(fields, dict):
        raise DrawError(f"the fields of panel {name} are no numbers by field")
    seats = _count(row.get("seats"), f"seats of panel {name}")
    most = row.get("most_per_employer")
    return Rules(
        name=name,
        seats=seats,
        alternates=_count(row.get("alternates", 0), f"alternates of panel {name}"),
        fields=tuple(
            sorted((field, _count(least, f"field {field} of panel {name}")) for field, least in fields.items())
        ),
        most_per_employer=None if most is None else _count(most, f"most_per_employer of panel {name}"),
        outside=_outside(row, seats, name),
    )


def _outside(row: dict[str, Any], seats: int, name: str) -> int:
    """A number (`outside`) or a share of the seats, rounded up (`outside_share`, such as "1/3")."""
    if "outside_share" not in row:
        return _count(row.get("outside", 0), f"outside of panel {name}")
    try:
        share = Fraction(str(row["outside_share"]))
    except (ValueError, ZeroDivisionError):
        raise DrawError(f"outside_share of panel {name} is no share") from None
    if not 0 <= share <= 1:
        raise DrawError(f"outside_share of panel {name} is no share")
    return ceil(share * seats)


def _count(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise DrawError(f"{what} is no count")
    return value
