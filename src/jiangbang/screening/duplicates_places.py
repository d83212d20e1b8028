"""The dossiers that are compared, and pairs of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.utils import timezone

from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.duplicates_texts import Texts

Item = TypeVar("Item")
Kind = DuplicatePair.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A dossier among those that are compared."""

    dossier: Any
    revision: Any
    person: Any
    edition: int


def portions(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def pair_of(one: Place, other: Place, texts: Texts, *, score: int, kind: str = "") -> DuplicatePair:
    """The pair, not yet kept: the dossier of the earlier edition first. Without a kind it is one of texts."""
    editions = texts.editions
    first, second = sorted(
        (one, other), key=lambda place: (editions[place.edition].spec.deadline, place.edition, place.dossier)
    )
    return DuplicatePair(
        edition=editions[second.edition],
        kind=kind or (Kind.TEXT if first.edition == second.edition else Kind.TEXT_BEFORE),
        first_id=first.dossier,
        second_id=second.dossier,
        first_revision_id=first.revision,
        second_revision_id=second.revision,
        score=score,
        found_at=timezone.now(),
    )
