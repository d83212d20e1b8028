"""What the pages of the consultation show, made ready for templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiangbang.consultation.models import Inquiry, Question
from jiangbang.consultation.queries import Mark, Standing, to_be_asked
from jiangbang.consultation.sealing import text_of
from jiangbang.kernel.consultation import Category, ConsultationSpec
from jiangbang.programme.models import Edition

# how a department's word about a person looks: the verdict's state, and a word
MARKS: Final[dict[Mark, tuple[str, str | Promise]]] = {
    "unasked": ("open", _("not asked yet")),
    "open": ("open", _("no answer yet")),
    "stale": ("open", _("to be asked anew")),
    "none": ("met", _("no objection")),
    "concern": ("not_met", _("concern, to be decided")),
    "cleared": ("met", _("concern, goes on")),
    "withheld": ("not_met", _("concern, goes no further")),
}


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department over all its letters. `to_ask`: people it has to be asked about now, for the first time or anew."""

    name: str
    asked: str
    people: int
    answered: int
    concerns: int
    to_ask: int
    letters: tuple[Inquiry, ...]
    due: date | None
    overdue: bool
    contacts: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A nominee with a cell for each department of the edition: (state, word, key of the letter), None where it is not asked about him."""

    standing: Standing
    category: str
    cells: tuple[tuple[str, Any, Any] | None, ...]
    state: str
    word: Any


def category_label(category: Category) -> str:
    """The category in the reader's language."""
    return category.label_en if (get_language() or "").startswith("en") else category.label


def department_rows(
    edition: Edition, rules: ConsultationSpec, standings: Sequence[Standing], contacts: dict[str, int]
) -> list[DepartmentRow]:
    """One row for each department in the edition's order. One query."""
    today = edition.now().astimezone(edition.zone).date()
    left = Count("questions", filter=Q(questions__answer="open"))
    letters = list(Inquiry.objects.filter(edition=edition).annotate(left=left).order_by("sequence"))
    english, found = (get_language() or "").startswith("en"), []
    for department in rules.departments:
        marks = [mark for one in standings if (mark := one.marks.get(department.name)) is not None]
        own = tuple(one for one in letters if one.department == department.name)
        waiting = [one.due for one in own if one.left]
        due = min(waiting, default=None)
        found.append(
            DepartmentRow(
                department.name,
                department.asked_en if english else department.asked,
                len(marks),
                sum(mark in ("none", "concern", "cleared", "withheld") for mark in marks),
                sum(mark == "concern" for mark in marks),
                len(to_be_asked(standings, department.name)),
                own,
                due,
                due is not None and due < today,
                contacts.get(department.name, 0),
            )
        )
    return found


def person_rows(rules: ConsultationSpec, standings: Sequence[Standing]) -> list[PersonRow]:
    """One row for each nominee. No query."""
    return [
        PersonRow(
            one,
            category_label(one.category),
            tuple(_cell(one, department.name) for department in rules.departments),
            *_overall(one),
        )
        for one in standings
    ]


def _cell(one: Standing, department: str) -> tuple[str, Any, Any] | None:
    mark = one.marks.get(department)
    if mark is None:
        return None
    state, word = MARKS[mark]
    question = one.questions.get(department)
    return state, word, question.inquiry_id if question else None


def _overall(one: Standing) -> tuple[str, Any]:
    if one.withheld:
        return "not_met", _("goes no further")
    if one.concern:
        return "not_met", _("concern, to be decided")
    return ("met", _("cleared")) if one.cleared else ("open", _("waits for answers"))


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One person in a letter as the office reads it: the answer with its reason, the decision with its grounds."""

    question: Question
    shown: tuple[str, ...]
    reason: str
    grounds: str


def question_rows(pairs: Sequence[tuple[Question, tuple[str, ...]]], *, masked: bool) -> list[QuestionRow]:
    """The people of a letter. `masked`: only the name of what the department is shown; the rest is its business."""
    return [
        QuestionRow(
            question,
            shown[:1] if masked else shown,
            text_of(question, bytes(question.sealed_reason)),
            text_of(question, bytes(question.sealed_grounds)),
        )
        for question, shown in pairs
    ]
