"""What the pages of the ranking show: the order with its uncertainty, the spread of scores, what the chief should look at."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _

from jiangbang.kernel.ranking import Agreement, Hint, concordance, hints
from jiangbang.kernel.ranking.sheet import Sheet
from jiangbang.kernel.review import ReviewSpec
from jiangbang.review.models import Ranking
from jiangbang.review.ranking import RankedLine, lines_of, sheet_of

# Around the cut so many places are drawn; the rest is clear, or nobody looks at it.
AROUND: Final = 15
# Points in one bar of the spread.
STEP: Final = 5


def method_label(method: str) -> str:
    """The method in a word."""
    return {"calibrated": _("calibrated"), "trimmed": _("trimmed mean")}.get(method, _("mean"))


@dataclass(frozen=True, slots=True)
class Interval:
    """One dossier's rank with its interval, as drawn: places from 0 to 100 across, in tenths down."""

    label: str
    rank: int
    low: int
    high: int
    inside: bool
    y: int
    x: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Figure:
    """The intervals around the cut: `cut_x` is where the line stands, `height` of the drawing."""

    rows: tuple[Interval, ...]
    cut: int
    cut_x: float
    height: int
    total: int


def intervals(lines: Sequence[RankedLine], cut: int) -> Figure | None:
    """The dossiers around the cut with the 95 % intervals of their ranks; None where the cut lies outside the list."""
    if not 0 < cut < len(lines):
        return None
    first = max(0, cut - AROUND)
    shown = lines[first : cut + AROUND]
    lowest, highest = min(line.low for line in shown), max(line.high for line in shown)
    span = max(1, highest - lowest)

    def across(place: float) -> float:
        return round(100 * (place - lowest) / span, 2)

    rows = [
        Interval(
            line.dossier,
            line.rank,
            line.low,
            line.high,
            line.rank <= cut,
            24 * row + 18,
            across(line.rank),
            across(line.low),
            max(0.6, across(line.high) - across(line.low)),
        )
        for row, line in enumerate(shown)
    ]
    return Figure(tuple(rows), cut, across(cut + 0.5), 24 * len(rows) + 12, len(lines))


def spread(sheet: Sheet) -> list[list[Any]]:
    """How many cards gave how many points, in steps of five."""
    points = sheet.scores.floats
    counts = Counter(int(value // STEP) for value in points.tolist())
    if not counts:
        return []
    return [[f"{STEP * at}–{STEP * at + STEP - 1}", counts[at]] for at in range(min(counts), max(counts) + 1)]


def gaps(sheet: Sheet) -> dict[str, float]:
    """Between the highest and the lowest card of each dossier, in points."""
    values = sheet.scores.floats
    found = {}
    for row, code in enumerate(sheet.scores.dossiers):
        mine = values[sheet.scores.dossier == row]
        found[code] = float(mine.max() - mine.min()) if len(mine) else 0.0
    return found


def agreement_rows(sheet: Sheet) -> list[list[Any]]:
    """How many dossiers have how wide a gap, in steps of five points."""
    counts = Counter(int(gap // STEP) for gap in gaps(sheet).values())
    if not counts:
        return []
    return [[f"{STEP * at}–{STEP * at + STEP - 1}", counts[at]] for at in range(max(counts) + 1)]


def cross_check(sheet: Sheet, lines: Sequence[RankedLine], cut: int) -> Agreement:
    """The order against the experts' own orders, whatever the size of their points."""
    return concordance(sheet.scores, {line.dossier: line.rank for line in lines}, cut)


def talked_over(ranking: Ranking) -> int:
    """How many dossiers were talked over before this ranking."""
    return len({row["dossier"] for row in csv.DictReader(io.StringIO(ranking.first_csv))})


def hint_sentences(sheet: Sheet, names: Mapping[str, str]) -> list[dict[str, str]]:
    """What the chief should look at, in words; experts by the office's names."""
    return [{"kind": one.kind, "sentence": _hint(one, names)} for one in hints(sheet.scores)]


def _hint(one: Hint, names: Mapping[str, str]) -> str:
    who = "、".join(names.get(mark, mark) for mark in one.experts)
    values = {
        "who": who,
        "effect": f"{one.effect:+.1f}",
        "times": f"{one.effect:.1f}",
        "n": one.cases,
        "z": f"{one.z:.1f}",
    }
    if one.kind == "bias":
        return _("%(who)s: on average %(effect)s points from the panel (%(n)d cards, z %(z)s)") % values
    if one.kind == "spread":
        return _("%(who)s: distances from the panel %(times)s times as wide as usual (%(n)d cards, z %(z)s)") % values
    if one.kind == "pair":
        return _("%(who)s: their distances from the panel move together (%(n)d shared dossiers, z %(z)s)") % values
    return _("%(who)s: marks for the own side (%(n)d cards, z %(z)s)") % values


def explained(ranking: Ranking, rules: ReviewSpec) -> dict[str, Any]:
    """All that the public page shows of a published ranking."""
    sheet, lines = sheet_of(ranking.scores_csv, rules), lines_of(ranking)
    per_dossier = sheet.scores.counts()
    doubtful = [line for line in lines if 0.05 < line.p_title < 0.95]
    return {
        "lines": lines,
        "figure": intervals(lines, ranking.titles),
        "spread": spread(sheet),
        "spread_columns": [_("Points"), _("Cards")],
        "agreement_columns": [_("Points apart"), _("Dossiers")],
        "agreement": agreement_rows(sheet),
        "cards": len(sheet.scores.value),
        "experts": len(sheet.scores.experts),
        "fewest": int(per_dossier.min()) if len(per_dossier) else 0,
        "doubtful": len(doubtful),
        "mean_gap": mean_gap(sheet),
        "talked": talked_over(ranking),
        "check": cross_check(sheet, lines, ranking.titles),
    }


def mean_gap(sheet: Sheet) -> str:
    """The mean gap, one decimal."""
    found = list(gaps(sheet).values())
    return f"{np.mean(found):.1f}" if found else "0"


def scores_by_dossier(sheet: Sheet) -> dict[str, list[str]]:
    """Each dossier's totals, best first, for the chief."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row, value in zip(sheet.scores.dossier.tolist(), sheet.scores.value.tolist(), strict=True):
        found[sheet.scores.dossiers[row]].append(value)
    unit = sheet.scores.unit
    return {code: [f"{value / unit:.1f}" for value in sorted(values, reverse=True)] for code, values in found.items()}
