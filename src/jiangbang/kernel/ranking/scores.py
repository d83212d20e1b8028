"""Scores as exact numbers: who gave which dossier what, on one scale.

Decimals stay decimals: every score is an integer number of `1 / unit`, so that means and ties are exact on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# A score of more digits than this is not a score.
MOST_DIGITS: Final = 12
# Integers stay well inside 64 bits, also when thousands of them are added.
LARGEST: Final = 2**50


class ScoresError(ValueError):
    """The input is not a table of scores; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One score per pair of dossier and expert.

    `dossiers` and `experts` are their names in sorted order (so the order of the input does not matter); row r says that expert
    `expert[r]` gave dossier `dossier[r]` the score `value[r] / unit`. Rows are ordered by dossier, then expert.
    """

    dossiers: tuple[str, ...]
    experts: tuple[str, ...]
    dossier: Ints
    expert: Ints
    value: Ints
    unit: int

    @property
    def floats(self) -> Floats:
        """The scores as floats, for what is estimated."""
        return self.value / float(self.unit)

    def without_experts(self, left_out: set[int]) -> Scores:
        """The same table without the rows of these experts; names and numbers stay."""
        kept = ~np.isin(self.expert, list(left_out))
        return Scores(self.dossiers, self.experts, self.dossier[kept], self.expert[kept], self.value[kept], self.unit)

    def counts(self) -> Ints:
        """How many scores each dossier has."""
        return np.bincount(self.dossier, minlength=len(self.dossiers)).astype(np.int64)


def parse_score(text: str) -> Fraction | None:
    """A score as written; None for an empty cell. Raises ScoresError for anything that is no plain number."""
    stripped = text.strip()
    if not stripped:
        return None
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        raise ScoresError(f"“{stripped[:20]}” is no score") from None
    if (
        not number.is_finite()
        or len(number.as_tuple().digits) > MOST_DIGITS
        or not -MOST_DIGITS <= number.adjusted() <= MOST_DIGITS
    ):
        raise ScoresError(f"“{stripped[:20]}” is no score")
    return Fraction(number)


def weighted(lines: Sequence[Fraction | None], weights: Sequence[Fraction]) -> Fraction | None:
    """The weighted mean of one scorecard's lines, exact; None where a line is missing: half a scorecard is no score."""
    if len(lines) == 1:
        return lines[0]
    whole = [line for line in lines if line is not None]
    if len(whole) < len(lines):
        return None
    return sum((line * weight for line, weight in zip(whole, weights, strict=True)), Fraction(0)) / sum(
        weights, Fraction(0)
    )


def table(rows: Iterable[tuple[str, str, Fraction]]) -> Scores:
    """Scores from (dossier, expert, score). Raises ScoresError where a pair stands twice or a number does not fit."""
    given: Mapping[tuple[str, str], Fraction]
    listed = list(rows)
    given = {(dossier, expert): score for dossier, expert, score in listed}
    if not listed:
        raise ScoresError("there is no score")
    if len(given) < len(listed):
        seen: set[tuple[str, str]] = set()
        twice = next(row for row in listed if row[:2] in seen or seen.add(row[:2]))  # type: ignore[func-returns-value]
        raise ScoresError(f"expert {twice[1]} scored dossier {twice[0]} twice")
    unit = lcm(*{score.denominator for score in given.values()})
    largest = max(abs(score.numerator) * (unit // score.denominator) for score in given.values())
    if unit > LARGEST or largest > LARGEST:
        raise ScoresError("the scores and weights have too many digits")
    dossiers, experts = sorted({pair[0] for pair in given}), sorted({pair[1] for pair in given})
    dossier_at = {name: at for at, name in enumerate(dossiers)}
    expert_at = {name: at for at, name in enumerate(experts)}
    dossier = np.fromiter((dossier_at[pair[0]] for pair in given), np.int64, len(given))
    expert = np.fromiter((expert_at[pair[1]] for pair in given), np.int64, len(given))
    value = np.fromiter(
        (score.numerator * (unit // score.denominator) for score in given.values()), np.int64, len(given)
    )
    order = np.lexsort((expert, dossier))
    return Scores(tuple(dossiers), tuple(experts), dossier[order], expert[order], value[order], unit)


def parts(scores: Scores) -> int:
    """Into how many parts the graph of experts and dossiers falls: between two parts no expert compares."""
    size = len(scores.dossiers) + len(scores.experts)
    ones = np.ones(len(scores.value))
    graph = coo_matrix((ones, (scores.dossier, len(scores.dossiers) + scores.expert)), shape=(size, size))
    count, _ = connected_components(graph, directed=False)
    return int(count)
