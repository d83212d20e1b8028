"""What is asked of likenesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.screening.duplicates_models import DuplicatePair

DECIDED = ("no", "yes")


@dataclass(frozen=True, slots=True)
class WantedPairs:
    """What the address narrows the list to; empty: all."""

    kind: str = ""
    decided: str = ""
    unit: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> WantedPairs:
        """Read the address; what it says wrongly counts as unsaid."""
        kind, decided = query.get("kind", ""), query.get("decided", "")
        return cls(
            kind if kind in DuplicatePair.Kind.values else "",
            decided if decided in DECIDED else "",
            query.get("unit", "").replace("\0", "")[:20],
        )


def pairs(edition: Edition, wanted: WantedPairs) -> QuerySet[DuplicatePair]:
    """The edition's likenesses that fit, with both dossiers. Unordered."""
    found = DuplicatePair.objects.filter(edition=edition).select_related(
        "first__edition", "second__edition", "decided_by", "edition"
    )
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.decided:
        found = found.filter(decision="") if wanted.decided == "no" else found.exclude(decision="")
    if wanted.unit:
        found = found.filter(Q(first__unit_code=wanted.unit) | Q(second__unit_code=wanted.unit))
    return found.defer("first__edition__document", "second__edition__document", "edition__document")


def counts(edition: Edition) -> dict[tuple[str, bool], int]:
    """How many likenesses there are, by kind and by whether they are decided. One query."""
    rows = DuplicatePair.objects.filter(edition=edition).values_list("kind", "decision").annotate(Count("pk"))
    found: dict[tuple[str, bool], int] = {}
    for kind, decision, number in rows:
        key = (kind, bool(decision))
        found[key] = found.get(key, 0) + number
    return found


def undecided(edition: Edition) -> int:
    """How many likenesses nobody has decided on."""
    return DuplicatePair.objects.filter(edition=edition, decision="").count()


def pair_with_all(pk: int) -> DuplicatePair | None:
    """A pair with what its page shows, or None; permission is the caller's to check."""
    return (
        DuplicatePair.objects.select_related(
            "edition",
            "decided_by",
            "first__edition",
            "first__person",
            "second__edition",
            "second__person",
            "first__accepted_revision__person",
            "first__revision__person",
            "second__accepted_revision__person",
            "second__revision__person",
        )
        .filter(pk=pk)
        .first()
    )


def pairs_of(dossier: Dossier) -> list[DuplicatePair]:
    """The likenesses in which the dossier stands, the undecided first. One query."""
    found = DuplicatePair.objects.filter(Q(first=dossier) | Q(second=dossier)).select_related("first", "second")
    return list(found.order_by("decision", "-score", "pk"))


def following(pair: DuplicatePair, wanted: WantedPairs) -> int | None:
    """The next undecided likeness of the list, None at its end."""
    rest = pairs(pair.edition, wanted).filter(decision="").exclude(pk=pair.pk)
    later = rest.filter(Q(score__lt=pair.score) | Q(score=pair.score, pk__lt=pair.pk))
    return later.order_by("-score", "-pk").values_list("pk", flat=True).first()
