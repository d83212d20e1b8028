"""A file of scores, read: `dossier,expert,score`, or one column per line of the rubric."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from jiangbang.kernel.ranking.scores import Scores, ScoresError, parse_score, table, weighted

KEYS: Final = ("dossier", "expert")
# Optional: whose employer is whose, for the hints alone.
SIDES: Final = ("dossier_employer", "expert_employer")


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The scores, the rubric's lines with their weights, and the employers where the file names them. `missing`: cards without a score."""

    scores: Scores
    weights: dict[str, Fraction]
    dossier_side: dict[str, str]
    expert_side: dict[str, str]
    missing: int


def read_sheet(
    lines: Iterable[str], weights: Mapping[str, Fraction] | None = None, *, zero_is_missing: bool = False
) -> Sheet:
    """Scores from the lines of a CSV file. A card with an empty line does not count; `weights` name lines of the rubric, all or none.

    Raises ScoresError with the number of the line.
    """
    reader = csv.reader(lines)
    header = [name.strip() for name in next(reader, [])]
    if missing := [name for name in KEYS if name not in header]:
        raise ScoresError(f"the file has no column {', '.join(missing)}")
    if len(set(header)) < len(header):
        raise ScoresError("two columns have the same name")
    rubric = [name for name in header if name not in KEYS and name not in SIDES]
    if not rubric:
        raise ScoresError("the file has no column of scores")
    chosen = _weights(rubric, weights or {})
    sheet = _Rows(reader, header, rubric, list(chosen.values()), zero_is_missing)
    rows = list(sheet.read())
    return Sheet(table(rows), chosen, sheet.dossier_side, sheet.expert_side, sheet.missing)


def _weights(rubric: list[str], weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    if unknown := [name for name in weights if name not in rubric]:
        raise ScoresError(f"there is no column {', '.join(unknown)} to weigh; there are {', '.join(rubric)}")
    if weights and (left := [name for name in rubric if name not in weights]):
        raise ScoresError(f"no weight is given for {', '.join(left)}")
    if any(weight <= 0 for weight in weights.values()):
        raise ScoresError("a weight is above 0")
    return {name: weights.get(name, Fraction(1)) for name in rubric}


class _Reader(Protocol):
    """What csv.reader gives: rows, and the number of the line."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class _Rows:
    """Rows of the file as (dossier, expert, score); what else they say is collected beside."""

    def __init__(
        self, reader: _Reader, header: list[str], rubric: list[str], weights: list[Fraction], zero_is_missing: bool
    ) -> None:
        self.reader = reader
        self.at = {name: header.index(name) for name in header}
        self.width, self.rubric, self.weights = len(header), rubric, weights
        self.zero_is_missing = zero_is_missing
        self.known: dict[str, Fraction | None] = {}
        self.dossier_side: dict[str, str] = {}
        self.expert_side: dict[str, str] = {}
        self.missing = 0

    def read(self) -> Iterator[tuple[str, str, Fraction]]:
        try:
            for row in self.reader:
                if not any(cell.strip() for cell in row):
                    continue
                if len(row) != self.width:
                    raise ScoresError(f"it has {len(row)} cells where the header has {self.width}")
                dossier, expert = (row[self.at[name]].strip() for name in KEYS)
                if not dossier or not expert:
                    raise ScoresError("it names no dossier or no expert")
                self._sides(row, dossier, expert)
                score = weighted([self._score(row[self.at[name]]) for name in self.rubric], self.weights)
                if score is None:
                    self.missing += 1
                else:
                    yield dossier, expert, score
        except (ScoresError, csv.Error) as error:
            raise ScoresError(f"line {self.reader.line_num}: {error}") from None

    def _score(self, text: str) -> Fraction | None:
        if text not in self.known:
            score = parse_score(text)
            self.known[text] = None if self.zero_is_missing and score == 0 else score
        return self.known[text]

    def _sides(self, row: list[str], dossier: str, expert: str) -> None:
        for name, who, known in zip(SIDES, (dossier, expert), (self.dossier_side, self.expert_side), strict=True):
            if name in self.at and row[self.at[name]].strip():
                known[who] = row[self.at[name]].strip()
