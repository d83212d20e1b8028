"""What the pages of the conferral show, shaped for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from jiangbang.conferral.award_models import Award, HandedOver
from jiangbang.kernel.edition import TitleSpec
from jiangbang.nomination.desk_figures import DISTRICTS
from jiangbang.nomination.pages import label_of, unit_names
from jiangbang.programme.models import Edition

# Bars beyond these are too many to read.
_SHOWN_CLASSES: Final = 12


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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader narrows the roll to: a recommending unit by its code, an industry class; empty is all."""

    unit: str = ""
    industry_class: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart that is a list as well: who is counted, how many, the length in hundredths of the longest."""

    key: str
    label: str
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class Roll:
    """An edition's roll as it stands in the list of all: how many hold each title."""

    edition: Edition
    counts: list[tuple[str, int]]


def narrowed(awards: Sequence[Award], choice: Choice) -> list[Award]:
    """The awards of those whom the reader chose."""
    return [
        one
        for one in awards
        if choice.unit in ("", one.dossier.unit_code) and choice.industry_class in ("", one.dossier.industry_class)
    ]


def roll_figures(edition: Edition, awards: Sequence[Award], choice: Choice) -> dict[str, Any]:
    """What the roll says beside its names: the units to choose from, districts apart; bars by district and by industry class."""
    counts = Counter(one.dossier.unit_code for one in awards)
    names, kinds = unit_names(edition.spec), {unit.code: unit.kind for unit in edition.spec.units}
    units = [(code, names.get(code, code), count) for code, count in counts.most_common()]
    districts = [one for one in units if kinds.get(one[0]) == DISTRICTS]
    classes = Counter(one.dossier.industry_class for one in awards if one.dossier.industry_class)
    return {
        "districts": districts,
        "others": [one for one in units if one not in districts],
        "by_district": _bars(districts),
        "by_class": _bars([(name, name, count) for name, count in classes.most_common(_SHOWN_CLASSES)]),
        "classes": sorted(classes),
        "of": choice.unit if choice.unit in counts else "",
        "class": choice.industry_class if choice.industry_class in classes else "",
    }


def rolls_of(programme: str) -> list[Roll]:
    """The rolls of a programme, the newest edition first; editions without a title are left out. Two queries."""
    rows = Award.objects.filter(edition__programme=programme, state=Award.State.HELD).order_by()
    counts: dict[int, Counter[str]] = {}
    for edition, title, count in rows.values_list("edition_id", "title").annotate(count=Count("pk")):
        counts.setdefault(edition, Counter())[title] = count
    editions = Edition.objects.filter(pk__in=counts).order_by("-pk")
    return [
        Roll(one, [(label_of(t), counts[one.pk][t.key]) for t in one.spec.titles if counts[one.pk][t.key]])
        for one in editions
    ]


def _bars(rows: Sequence[tuple[str, str, int]]) -> list[Bar]:
    most = max((count for _key, _label, count in rows), default=1)
    return [Bar(key, label, count, round(100 * count / most)) for key, label, count in rows]


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
