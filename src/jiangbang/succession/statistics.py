"""The editions of a programme beside each other: how many came, how far they got, from where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.models import Reviewed
from jiangbang.screening.models import Screening

COLUMNS = ("edition", "recommended", "eligible", "reviewed", "titled", "prizes", "again", "units")


@dataclass(frozen=True, slots=True)
class EditionFigures:
    """One edition in figures. `titled` hold a title, `prizes` a prize that may be won again; `again`: recommended in an earlier edition of
    the programme as well; `units`: how many recommended somebody; `by_class`: titles and prizes by industry class."""

    edition: Edition
    recommended: int
    eligible: int
    reviewed: int
    titled: int
    prizes: int
    again: int
    units: int
    by_class: Counter[str]

    @property
    def row(self) -> list[str | int]:
        """In the order of `COLUMNS`."""
        return [self.edition.label, *(getattr(self, column) for column in COLUMNS[1:])]


def figures_of(programme: str, *, only_conferred: bool) -> list[EditionFigures]:
    """Each edition of the programme, the oldest first; only those whose titles are conferred where `only_conferred`: before that a count
    of who came is nobody's business. Seven queries, however many editions and dossiers."""
    editions = list(Edition.objects.filter(programme=programme).order_by("pk"))
    dossiers = Dossier.objects.filter(edition__in=editions, state=Dossier.State.ACCEPTED).order_by()
    came = _counts(dossiers.values_list("edition_id").annotate(count=Count("pk")))
    units = _counts(dossiers.values_list("edition_id").annotate(count=Count("unit_code", distinct=True)))
    eligible = Screening.objects.filter(edition__in=editions, state=Screening.State.ELIGIBLE).order_by()
    screened = _counts(eligible.values_list("edition_id").annotate(count=Count("pk")))
    seen = Reviewed.objects.filter(edition__in=editions).order_by()
    reviewed = _counts(seen.values_list("edition_id").annotate(count=Count("pk")))
    held = Award.objects.filter(edition__in=editions, state=Award.State.HELD).order_by()
    titles: dict[int, Counter[str]] = defaultdict(Counter)
    classes: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, title, kind, count in held.values_list("edition_id", "title", "dossier__industry_class").annotate(
        count=Count("pk")
    ):
        titles[pk][title] += count
        classes[pk][kind] += count
    again = _again(editions)
    return [
        EditionFigures(
            one, came[one.pk], screened[one.pk], reviewed[one.pk], *_titled(one, titles[one.pk]), again[one.pk], units[one.pk],
            Counter({kind: count for kind, count in classes[one.pk].items() if kind}),
        )
        for one in editions
        if titles[one.pk] or not only_conferred
    ]  # fmt: skip


def _titled(edition: Edition, titles: Counter[str]) -> tuple[int, int]:
    prizes = sum(titles[title.key] for title in edition.spec.titles if title.may_stand_again)
    return titles.total() - prizes, prizes


def _again(editions: Iterable[Edition]) -> Counter[int]:
    """How many of each edition's people had a dossier in an earlier one that it names. One query, of those who stand twice."""
    twice = Dossier.objects.filter(edition__in=list(editions)).exclude(state=Dossier.State.SUPERSEDED).order_by()
    people = twice.values("person").annotate(editions=Count("edition", distinct=True)).filter(editions__gt=1)
    stood: dict[object, set[int]] = defaultdict(set)
    for person, edition in twice.filter(person__in=people.values("person")).values_list("person_id", "edition_id"):
        stood[person].add(edition)
    by_slug = {one.slug: one.pk for one in editions}
    found: Counter[int] = Counter()
    for one in editions:
        before = {by_slug[slug] for slug in one.document["edition"].get("previous", ()) if slug in by_slug}
        found[one.pk] = sum(one.pk in places and bool(before & places) for places in stood.values())
    return found


def _counts(rows: Iterable[tuple[int, int]]) -> Counter[int]:
    return Counter(dict(rows))
