"""How everybody stands with the departments: what the later stages ask of the consultation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from jiangbang.consultation.access import rules_of
from jiangbang.consultation.models import Consulted, Question
from jiangbang.kernel.consultation import Category, ConsultationSpec
from jiangbang.programme.models import Edition
from jiangbang.review.dossiers import eligible
from jiangbang.review.shortlist import Nominee, shortlist_of

# of one department about one person; `stale`: it answered, but the answer does not hold any more
Mark = Literal["unasked", "open", "stale", "none", "concern", "cleared", "withheld"]
OUTSTANDING: frozenset[Mark] = frozenset(("unasked", "open", "stale"))


@dataclass(frozen=True, slots=True)
class Standing:
    """One nominee and what the departments of his category say. `marks`: by department, in the edition's order."""

    nominee: Nominee
    category: Category
    marks: Mapping[str, Mark]
    # the newest question of each department that was asked
    questions: Mapping[str, Question]

    @property
    def open(self) -> int:
        """Departments whose answer is not in, or does not hold any more."""
        return sum(mark in OUTSTANDING for mark in self.marks.values())

    @property
    def concern(self) -> bool:
        """Whether a concern waits for the office's decision."""
        return "concern" in self.marks.values()

    @property
    def withheld(self) -> bool:
        """Whether the office decided that a concern holds this person back."""
        return "withheld" in self.marks.values()

    @property
    def cleared(self) -> bool:
        """Whether nothing stands in the way: every department answered, every concern was decided for the person."""
        return not (self.open or self.concern or self.withheld)


def nominees_of(edition: Edition) -> list[Nominee]:
    """Who is asked about: the shortlist by rank; then those who take a title directly and stand on no shortlist, by name, with rank 0."""
    listed = shortlist_of(edition)
    if not any(title.direct for title in edition.spec.titles):
        return listed
    known = {one.dossier.pk for one in listed}
    direct = eligible(edition).exclude(direct_title="").order_by("name", "pk")
    return listed + [Nominee(one, 0, "") for one in direct if one.pk not in known]


def standing_of(edition: Edition) -> list[Standing]:
    """How each nominee stands now. Three queries, however many people (four where a title is given directly).

    An edition that asks nobody has everybody cleared.
    """
    rules, nominees = rules_of(edition), nominees_of(edition)
    if not rules.categories:
        nobody = Category("", "", "", ())
        return [Standing(one, nobody, {}, {}) for one in nominees]
    people = [one.dossier.pk for one in nominees]
    given = dict(Consulted.objects.filter(dossier__in=people).values_list("dossier_id", "category"))
    newest: dict[UUID, dict[str, Question]] = {pk: {} for pk in people}
    asked = Question.objects.filter(dossier__in=people, inquiry__edition=edition).select_related("inquiry")
    for question in asked.order_by("inquiry__sequence"):
        newest[question.dossier_id][question.inquiry.department] = question
    today = edition.now().astimezone(edition.zone).date()
    return [
        _standing(one, rules, given.get(one.dossier.pk), newest[one.dossier.pk], edition, today) for one in nominees
    ]


def _standing(
    nominee: Nominee,
    rules: ConsultationSpec,
    given: str | None,
    questions: Mapping[str, Question],
    edition: Edition,
    today: date,
) -> Standing:
    category = rules.category(given) if given is not None else rules.proposed(nominee.dossier.employer)
    marks = {name: mark_of(questions.get(name), nominee, rules, edition, today) for name in category.departments}
    return Standing(nominee, category, marks, questions)


def mark_of(
    question: Question | None, nominee: Nominee, rules: ConsultationSpec, edition: Edition, today: date
) -> Mark:
    """What one department's newest question comes to today. An answer does not hold when it is too old, or was given about an
    earlier revision of the dossier; nor does a question that is open, if it shows an earlier revision."""
    if question is None:
        return "unasked"
    if question.revision_id != nominee.dossier.accepted_revision_id:
        return "stale"
    if question.answered_at is None:
        return "open"
    if not rules.holds_on(question.answered_at.astimezone(edition.zone).date(), today):
        return "stale"
    if question.answer == Question.Answer.NONE:
        return "none"
    decided: dict[str, Mark] = {"cleared": "cleared", "withheld": "withheld"}
    return decided.get(question.decision, "concern")


def to_be_asked(standings: Sequence[Standing], department: str) -> list[Nominee]:
    """The people about whom a department has to be asked, for the first time or anew."""
    return [one.nominee for one in standings if one.marks.get(department) in ("unasked", "stale")]
