"""Who sends what and when in a rehearsed recommendation stage: pure, drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, Literal

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.papers.roster_writer import RosterKind
from jiangbang.rehearsal.archives import NameEncoding
from jiangbang.rehearsal.faults import SPOILERS

Kind = Literal["first", "corrected", "again"]

# Shares of the units: not begun when the stage is looked at, sending faulty papers, writing the roster in Word, zipping in GBK.
IDLE_SHARE: Final = 0.2
FAULTY_SHARE: Final = 0.35
WORD_SHARE: Final = 0.25
GBK_SHARE: Final = 0.3
FAULT_RATE: Final = 0.08
# From so many people on every kind of fault is met, and a unit with a hard quota asks for too much at first.
ENOUGH_FOR_ALL: Final = 120
_SIGNED_BEFORE: Final = timedelta(days=12)
# A soft quota is overstepped by so many, a hard one by so many before the unit thinks better of it.
OVER_SOFT, OVER_HARD = 2, 2


@dataclass(frozen=True, slots=True)
class Visit:
    """One packet on its way: the people `start` to `start + count`, the faults by place, and how it is made up.

    `signed` dates the opinions on the forms. `borrowed` is a person whom another unit has recommended already; the last place of
    the packet is given to that one.
    """

    unit: UnitSpec
    kind: Kind
    at: datetime
    signed: date
    start: int
    count: int
    faults: dict[int, str] = field(default_factory=dict)
    borrowed: int | None = None
    roster: RosterKind | None = "xlsx"
    names: NameEncoding = "utf-8"
    file_name: str = ""


def plan_stage(spec: EditionSpec, people: int, *, seed: int, fault_rate: float = FAULT_RATE) -> list[Visit]:
    """Every packet of the stage in the order of arrival. The same arguments give the same plan.

    Raises ValueError when the edition has no recommending unit or no time in which to recommend.
    """
    if not spec.units:
        raise ValueError("the edition has no recommending unit")
    dice = Random(f"jiangbang plan {seed} {people}")  # noqa: S311 — a rehearsal
    shares = allot(spec.units, people, dice)
    firsts = _first_visits(spec, shares, dice)
    faulty = _faulty(firsts, dice)
    firsts = _seed_faults(firsts, faulty, people, fault_rate, dice)
    return sorted([*firsts, *_later_visits(spec, firsts, faulty, dice)], key=lambda visit: (visit.at, visit.unit.code))


def allot(units: Sequence[UnitSpec], people: int, dice: Random) -> dict[str, int]:
    """People by unit in proportion to the quotas: some units get none yet, one goes over its soft quota, hard ones keep theirs."""
    open_units = list(units)
    for idle in dice.sample(list(units), k=int(len(units) * IDLE_SHARE)):
        if len(open_units) > 1:
            open_units.remove(idle)
    shares = dict.fromkeys((unit.code for unit in units), 0)
    left = people
    over = [unit for unit in open_units if not unit.hard]
    eager = min(over, key=lambda unit: (unit.quota_max, unit.code), default=None)
    if eager is not None and people >= 8 * (eager.quota_max + OVER_SOFT):
        shares[eager.code] = eager.quota_max + OVER_SOFT
        left -= shares[eager.code]
        open_units.remove(eager)
    greedy = next((unit for unit in open_units if unit.hard), None)
    if greedy is not None and people >= ENOUGH_FOR_ALL and left > 2 * greedy.quota_max:
        shares[greedy.code] = greedy.quota_max + OVER_HARD
        left -= shares[greedy.code]
        open_units.remove(greedy)
    _spread(open_units, left, shares)
    return shares


def _spread(units: Sequence[UnitSpec], people: int, shares: dict[str, int]) -> None:
    """Largest remainders; what exceeds the hard quotas goes to the units with soft ones (to all where none has)."""
    takers = list(units)
    while people > 0 and takers:
        weights = [max(1, unit.quota_max) for unit in takers]
        exact = [people * weight / sum(weights) for weight in weights]
        parts = [int(part) for part in exact]
        rest = sorted(range(len(takers)), key=lambda at: (parts[at] - exact[at], at))
        for at in rest[: people - sum(parts)]:
            parts[at] += 1
        for unit, part in zip(takers, parts, strict=True):
            room = unit.quota_max - shares[unit.code] if unit.hard else part
            taken = max(0, min(part, room))
            shares[unit.code] += taken
            people -= taken
        soft = [unit for unit in takers if not unit.hard]
        if people and not soft:
            shares[takers[0].code] += people
            return
        takers = soft


def _first_visits(spec: EditionSpec, shares: dict[str, int], dice: Random) -> list[Visit]:
    visits, start = [], 0
    opens, closes = window(spec)
    for unit in spec.units:
        count = shares[unit.code]
        if not count:
            continue
        # few come early, most in the last third
        share = dice.random() ** 0.45 * 0.86
        at = _in_office_hours(opens + (closes - opens) * share, closes, dice)
        visits.append(
            Visit(
                unit,
                "first",
                at,
                _signed(at, opens),
                start,
                count,
                roster="docx" if dice.random() < WORD_SHARE else "xlsx",
                names="gb18030" if dice.random() < GBK_SHARE else "utf-8",
                file_name=spec.packet_name.replace("{unit}", unit.short_name) + ".zip",
            )
        )
        start += count
    return visits


def window(spec: EditionSpec) -> tuple[datetime, datetime]:
    """From the opening of the recommendation to its deadline, or to the moment at which the edition stands.

    Raises ValueError when nothing lies between them.
    """
    zone = spec.deadline.tzinfo
    stage = next((stage for stage in spec.stages if stage.key == "nomination"), spec.stages[0] if spec.stages else None)
    first_day = stage.opens if stage else spec.deadline.date() - timedelta(days=60)
    opens = datetime.combine(first_day, time(9), zone)
    closes = min(spec.deadline, spec.clock) if spec.clock else spec.deadline
    if closes <= opens:
        raise ValueError("the edition stands before the opening of its recommendation: nobody can have sent anything")
    return opens, closes


def _signed(at: datetime, opens: datetime) -> date:
    """Employer and unit signed some days before the packet went out."""
    return max(opens, at - _SIGNED_BEFORE).date()


def _in_office_hours(at: datetime, latest: datetime, dice: Random) -> datetime:
    """The same day between nine and half past five, but never after `latest`."""
    day = at.replace(hour=9, minute=0, second=0, microsecond=0)
    return min(day + timedelta(minutes=dice.randrange(510), seconds=dice.randrange(60)), latest)


def _faulty(visits: Sequence[Visit], dice: Random) -> list[str]:
    """The units whose first packets have faults; whoever oversteps a quota has trouble enough."""
    wanted = max(2, round(len(visits) * FAULTY_SHARE))
    meek = [visit for visit in visits if visit.count <= visit.unit.quota_max]
    if len(meek) < wanted:
        # more people than quotas: nearly everybody is over
        meek = [visit for visit in visits if not visit.unit.hard] or list(visits)
    roomy = sorted(meek, key=lambda visit: (-visit.count, visit.unit.code))
    likely = roomy[: wanted * 2]
    return [visit.unit.code for visit in dice.sample(likely, k=min(wanted, len(likely)))]


def _seed_faults(visits: Sequence[Visit], faulty: Sequence[str], people: int, rate: float, dice: Random) -> list[Visit]:
    """Faults spread evenly over the faulty units, each code once before any twice; then what concerns whole packets."""
    count = round(people * rate)
    if people >= ENOUGH_FOR_ALL and rate > 0:
        count = max(count, len(SPOILERS))
    # the last place is kept for a borrowed person
    free = {
        visit.unit.code: dice.sample(range(max(1, visit.count - 1)), k=max(1, visit.count - 1))
        for visit in visits
        if visit.unit.code in faulty
    }
    by_unit: dict[str, dict[int, str]] = {unit: {} for unit in free}
    for code in _codes(count):
        unit = max(free, key=lambda unit: (len(free[unit]) - 2 * len(by_unit[unit]), unit), default=None)
        if unit is None or not free[unit]:
            break
        by_unit[unit][free[unit].pop()] = code
    seeded = [replace(visit, faults=by_unit.get(visit.unit.code, {})) for visit in visits]
    return _seed_packet_faults(seeded, faulty, people, rate)


def _codes(count: int) -> Iterable[str]:
    codes = list(SPOILERS)
    return (codes[number % len(codes)] for number in range(count))


def _seed_packet_faults(visits: list[Visit], faulty: Sequence[str], people: int, rate: float) -> list[Visit]:
    """One packet without a roster, one with a person whom an earlier packet recommends, one with a name of its own."""
    if people < ENOUGH_FOR_ALL or rate <= 0:
        return visits
    made = list(visits)
    spoilt = sorted((at for at, visit in enumerate(made) if visit.unit.code in faulty), key=lambda at: made[at].at)
    clean = sorted((at for at, visit in enumerate(made) if visit.unit.code not in faulty), key=lambda at: made[at].at)
    if len(spoilt) >= 2 and clean:
        last, lender = spoilt[-1], clean[0]
        made[last] = replace(made[last], borrowed=made[lender].start)
        made[spoilt[0]] = replace(made[spoilt[0]], roster=None)
        made[clean[-1]] = replace(made[clean[-1]], file_name=f"{made[clean[-1]].unit.short_name}推荐材料.zip")
    return made


def _later_visits(spec: EditionSpec, firsts: Sequence[Visit], faulty: Sequence[str], dice: Random) -> Iterable[Visit]:
    """Corrected packets of a third of the faulty units and of whoever was over a hard quota; one packet sent a second time."""
    opens, closes = window(spec)
    correcting = set(faulty[: max(1, len(faulty) // 3)])
    correcting |= {visit.unit.code for visit in firsts if visit.roster is None}
    for visit in firsts:
        over = visit.unit.hard and visit.count > visit.unit.quota_max
        needs = bool(visit.faults) or visit.borrowed is not None or visit.roster is None
        if over or (needs and visit.unit.code in correcting):
            at = _later(visit.at, closes, dice)
            yield replace(
                visit,
                kind="corrected",
                at=at,
                signed=_signed(at, opens),
                count=min(visit.count, visit.unit.quota_max) if visit.unit.hard else visit.count,
                faults={},
                borrowed=None,
                roster=visit.roster or "xlsx",
                file_name=visit.file_name.replace(".zip", "（修改版）.zip") if dice.random() < 0.3 else visit.file_name,
            )
    clean = [visit for visit in firsts if visit.unit.code not in faulty]
    if clean:
        visit = dice.choice(clean)
        yield replace(visit, kind="again", at=_later(visit.at, closes, dice))


def _later(at: datetime, closes: datetime, dice: Random) -> datetime:
    return _in_office_hours(min(at + timedelta(days=dice.randrange(2, 6)), closes), closes, dice)
