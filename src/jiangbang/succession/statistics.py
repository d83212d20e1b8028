"""What is counted of each edition of a programme. Eight queries, however many editions and people there are; no form is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from django.db.models import Count

from jiangbang.conferral.award_models import Award
from jiangbang.nomination.models import Dossier
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition
from jiangbang.review.rank_models import Shortlisted
from jiangbang.screening.models import Screening
from jiangbang.screening.picture_models import Trait

# how far somebody came, in the order of the process; the last holds a title or prize today
Step = Literal["received", "accepted", "eligible", "listed", "noticed", "held"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
# a class of the programme has two digits; more say it in detail
_CLASS_DIGITS: Final = 2


@dataclass(slots=True)
class Figures:
    """One edition in figures. `people` and `titles`: recommended, and holding a title or prize, by unit and by class of two digits;
    `held` by title; `again`: accepted people who were accepted in an earlier edition of the same kind, practised or not."""

    edition: Edition
    practice: bool
    steps: Counter[Step] = field(default_factory=Counter)
    people_by_unit: Counter[str] = field(default_factory=Counter)
    titles_by_unit: Counter[str] = field(default_factory=Counter)
    people_by_class: Counter[str] = field(default_factory=Counter)
    titles_by_class: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    genders: Counter[str] = field(default_factory=Counter)
    ages: Counter[int | None] = field(default_factory=Counter)
    again: int = 0


def is_practice(edition: Edition) -> bool:
    """Whether the edition is rehearsed with people who do not exist."""
    return edition.spec.document.get("practice") is True


def conferred_editions(programme: str) -> list[Edition]:
    """The editions of a programme that gave titles. One query."""
    given = Award.objects.filter(edition__programme=programme).values("edition")
    return list(Edition.objects.defer("document").filter(pk__in=given))


def figures_of(editions: Iterable[Edition]) -> list[Figures]:
    """The figures of these editions of one programme, the earliest first."""
    found = [Figures(one, is_practice(one)) for one in sorted(editions, key=_opening)]
    by_edition = {one.edition.pk: one for one in found}
    _count_dossiers(by_edition)
    _count_steps(by_edition)
    _count_titles(by_edition)
    _count_traits(by_edition)
    _count_again(found)
    return found


def _opening(edition: Edition) -> tuple[str, int]:
    stages = edition.spec.stages
    return (stages[0].opens.isoformat() if stages else "", edition.pk)


def _count_dossiers(found: Mapping[int, Figures]) -> None:
    rows = _grouped(_live(found), "edition", "unit_code", "industry_class", "state")
    for edition, unit, said, state, count in rows:
        one = found[edition]
        one.steps["received"] += count
        one.steps["accepted"] += count if state == Dossier.State.ACCEPTED else 0
        one.people_by_unit[unit] += count
        one.people_by_class[_class_of(one, said)] += count


def _count_steps(found: Mapping[int, Figures]) -> None:
    """Eligible; on the shortlist, or taking a title directly; before the public. Four queries."""
    eligible = Screening.objects.filter(edition__in=found, state=Screening.State.ELIGIBLE)
    listed = Shortlisted.objects.filter(ranking__edition__in=found, ranking__taken_at__isnull=False, off=False)
    direct = _live(found).filter(state=Dossier.State.ACCEPTED, screening__state=Screening.State.ELIGIBLE)
    direct = direct.exclude(direct_title="").exclude(pk__in=listed.values("reviewed__dossier"))
    noticed = NoticeEntry.objects.filter(notice__edition__in=found, notice__published_at__isnull=False)
    asked: tuple[tuple[Step, Any, str, str], ...] = (
        ("eligible", eligible, "edition", "pk"),
        ("listed", listed, "ranking__edition", "pk"),
        ("listed", direct, "edition", "pk"),
        ("noticed", noticed, "notice__edition", "dossier"),
    )
    for step, rows, edition, counted in asked:
        for pk, count in rows.order_by().values_list(edition).annotate(count=Count(counted, distinct=True)):
            found[pk].steps[step] += count


def _count_titles(found: Mapping[int, Figures]) -> None:
    held = Award.objects.filter(edition__in=found, state=Award.State.HELD)
    rows = _grouped(held, "edition", "title", "dossier__unit_code", "dossier__industry_class")
    for edition, title, unit, said, count in rows:
        one = found[edition]
        one.steps["held"] += count
        one.held[title] += count
        one.titles_by_unit[unit] += count
        one.titles_by_class[_class_of(one, said)] += count


def _count_traits(found: Mapping[int, Figures]) -> None:
    for edition, gender, age, count in _grouped(Trait.objects.filter(edition__in=found), "edition", "gender", "age"):
        found[edition].genders[gender] += count
        found[edition].ages[age] += count


def _count_again(found: Sequence[Figures]) -> None:
    """By the person, whom the identity number tells; somebody without a number is never taken for somebody else."""
    accepted = Dossier.objects.filter(edition__in=[one.edition for one in found], state=Dossier.State.ACCEPTED)
    often = accepted.order_by().values("person").annotate(times=Count("edition", distinct=True)).filter(times__gt=1)
    people: dict[int, set[Any]] = {one.edition.pk: set() for one in found}
    for edition, person in accepted.filter(person__in=often.values("person")).values_list("edition_id", "person_id"):
        people[edition].add(person)
    before: dict[bool, set[Any]] = {True: set(), False: set()}
    for one in found:
        one.again = len(people[one.edition.pk] & before[one.practice])
        before[one.practice] |= people[one.edition.pk]


def _live(found: Mapping[int, Figures]) -> Any:
    return Dossier.objects.filter(edition__in=found).exclude(state=Dossier.State.SUPERSEDED)


def _grouped(rows: Any, *columns: str) -> Any:
    return rows.order_by().values_list(*columns).annotate(count=Count("pk"))


def _class_of(one: Figures, said: str) -> str:
    """The class of two digits that somebody named; empty for none of the edition's."""
    code = said[:_CLASS_DIGITS]
    return code if any(known.code == code for known in one.edition.spec.industry_classes) else ""
