"""What the pages of the conferral show, shaped for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jiangbang.conferral.award_models import Award, HandedOver
from jiangbang.kernel.edition import TitleSpec
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Listed:
    """A title with its holders, in the order of their numbers."""

    title: TitleSpec
    awards: list[Award]

    @property
    def label(self) -> str:
        """What it is called in the reader's language."""
        return label_of(self.title)

    @property
    def held(self) -> list[Award]:
        """Those that count."""
        return [one for one in self.awards if one.held]


def listed_of(edition: Edition, awards: Sequence[Award]) -> list[Listed]:
    """The awards by title, in the edition's order; titles that nobody holds are left out."""
    found = [Listed(title, [one for one in awards if one.title == title.key]) for title in edition.spec.titles]
    return [one for one in found if one.awards]


def handed_of(awards: Sequence[Award]) -> dict[int, set[str]]:
    """What each has in hand, by award. One query."""
    found: dict[int, set[str]] = {one.pk: set() for one in awards}
    for award, item in HandedOver.objects.filter(award__in=list(found)).values_list("award_id", "item"):
        found[award].add(item)
    return found


def handed_counts(handed: dict[int, set[str]], items: Sequence[str], held: int) -> list[tuple[str, int, int]]:
    """Of each thing: how many were given, of how many."""
    given = Counter(item for things in handed.values() for item in things)
    return [(item, given[item], held) for item in items]


def roll_document(edition: Edition, lists: Sequence[Listed], address: str) -> dict[str, Any]:
    """The roll as linked data (schema.org, JSON-LD): who holds what, with number and employer; revoked titles are left out."""
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": edition.name,
        "url": address,
        "itemListElement": [
            {
                "@type": "Person",
                "name": award.name,
                "jobTitle": award.employer,
                "award": one.title.label,
                "identifier": award.number,
            }
            for one in lists
            for award in one.held
        ],
    }
