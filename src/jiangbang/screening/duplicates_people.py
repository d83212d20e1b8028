"""One person in two dossiers: the same number, or numbers that differ by a slip of the hand.

Equal numbers are found by the person (their blind index), without opening anything. For slips only the dossiers of one name, or of one
birth date and nearly one name, are opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from django.db.models import QuerySet
from rapidfuzz.distance import OSA

from jiangbang.kernel.names import fold_name
from jiangbang.screening.duplicates_models import DuplicatePair, Sketch
from jiangbang.screening.duplicates_places import Place, pair_of, portions
from jiangbang.screening.duplicates_texts import LIVE, PORTION, Texts

# Names or birth dates whose dossiers are looked at together.
BLOCKS_AT_A_TIME: Final = 200
# Characters of an identity number that a hurried hand gets wrong; two that changed places count once (optimal string alignment).
MOST_SLIPS: Final = 2
NUMBER_LENGTH: Final = 18
SHORTEST_NUMBER: Final = 15
Kind = DuplicatePair.Kind


@dataclass(frozen=True, slots=True)
class _Known:
    place: Place
    unit: str
    name: str


def pairs_of(programme: str, fresh: list[Any], texts: Texts) -> list[DuplicatePair]:
    """The pairs of one person in which one of the fresh dossiers (their keys) stands."""
    live = Sketch.objects.filter(programme=programme, dossier__state__in=LIVE)
    new = set(fresh)
    found = {(pair.first_id, pair.second_id, pair.kind): pair for pair in _same_number(live, fresh, new, texts)}
    for by in ("dossier__name", "birth"):
        for pair in _slips(live, fresh, new, by, texts):
            found.setdefault((pair.first_id, pair.second_id, pair.kind), pair)
    return list(found.values())


def _same_number(live: QuerySet[Sketch], fresh: list[Any], new: set[Any], texts: Texts) -> Iterator[DuplicatePair]:
    for block in _blocks(live, fresh, "dossier__person"):
        for one, other in _with_news(block, new):
            if one.place.edition != other.place.edition:
                yield pair_of(one.place, other.place, texts, score=1000, kind=Kind.TWO_EDITIONS)
            elif one.unit != other.unit:
                yield pair_of(one.place, other.place, texts, score=1000, kind=Kind.TWO_UNITS)


def _slips(live: QuerySet[Sketch], fresh: list[Any], new: set[Any], by: str, texts: Texts) -> Iterator[DuplicatePair]:
    for block in _blocks(live, fresh, by):
        likely = [
            (one, other)
            for one, other in _with_news(block, new)
            if one.place.person != other.place.person and _near_names(one.name, other.name)
        ]
        revisions = {known.place.revision for both in likely for known in both}
        numbers = {pk: opened.number if opened else "" for pk, opened in texts.opened(revisions)}
        for one, other in likely:
            slips = slips_between(numbers.get(one.place.revision, ""), numbers.get(other.place.revision, ""))
            if slips is not None:
                likeness = round(1000 * (1 - slips / NUMBER_LENGTH))
                yield pair_of(one.place, other.place, texts, score=likeness, kind=Kind.MISTYPED)


def slips_between(one: str, other: str) -> int | None:
    """How many slips of the hand lie between two numbers; None where they are more than a hand makes, or none at all."""
    if min(len(one), len(other)) < SHORTEST_NUMBER or one == other:
        return None
    slips = OSA.distance(one, other, score_cutoff=MOST_SLIPS)
    return slips if slips <= MOST_SLIPS else None


def _near_names(one: str, other: str) -> bool:
    """The same name, or one that differs by a character."""
    mine, theirs = fold_name(one), fold_name(other)
    return bool(mine and theirs) and (mine == theirs or OSA.distance(mine, theirs, score_cutoff=1) <= 1)


def _blocks(live: QuerySet[Sketch], fresh: list[Any], by: str) -> Iterator[list[_Known]]:
    """The live dossiers that agree with a fresh one in this column, by its values: only where they are at least two."""
    values: set[Any] = set()
    for portion in portions(fresh, PORTION):
        values.update(live.filter(pk__in=portion).values_list(by, flat=True))
    for some in portions(sorted(values - {""}), BLOCKS_AT_A_TIME):
        blocks: dict[Any, list[_Known]] = defaultdict(list)
        for value, known in _known(live.filter(**{f"{by}__in": some}), by):
            blocks[value].append(known)
        yield from (block for block in blocks.values() if len(block) > 1)


def _known(sketches: QuerySet[Sketch], by: str) -> Iterator[tuple[Any, _Known]]:
    columns = ("pk", "revision", "dossier__person", "dossier__edition", "dossier__unit_code", "dossier__name")
    for value, *place, unit, name in sketches.order_by("pk").values_list(by, *columns).iterator(PORTION):
        yield value, _Known(Place(*place), unit, name)


def _with_news(block: list[_Known], new: set[Any]) -> Iterator[tuple[_Known, _Known]]:
    """The pairs of a block in which something new stands."""
    for one, other in combinations(block, 2):
        if one.place.dossier in new or other.place.dossier in new:
            yield one, other
