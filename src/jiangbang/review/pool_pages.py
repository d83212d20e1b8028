"""What the pages of the pool show, made ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.review import ReviewSpec
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition
from jiangbang.review.importing import ExpertRow
from jiangbang.review.models import PoolEntry
from jiangbang.review.profiles import Profile, profile_of

State = PoolEntry.State
TONES = {State.LISTED: "open", State.CONSENTED: "met", State.DECLINED: "not_met", State.REMOVED: "not_met"}


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One expert in the list."""

    entry: PoolEntry
    profile: Profile
    classes: str
    outside: bool

    @property
    def href(self) -> str:
        return reverse("review_expert", args=[self.entry.pk])

    @property
    def tone(self) -> str:
        return TONES[State(self.entry.state)]


def leaves(here: str) -> list[dict[str, Any]]:
    """The tabs of the review."""
    steps = [
        ("review_desk", _("Overview")),
        ("review_pool", _("Experts")),
        ("review_draw", _("Draw")),
        ("review_recusals", _("Recusal")),
        ("review_assignment", _("Assignment")),
        ("review_progress", _("Progress")),
        ("review_discussions", _("Discussion")),
        ("review_ranking", _("Ranking")),
    ]
    return [{"label": label, "href": reverse(name), "current": name == here, "count": None} for name, label in steps]


def narrowed(edition: Edition, query: Mapping[str, str]) -> QuerySet[PoolEntry]:
    """The pool as the address narrows it, by number."""
    found = PoolEntry.objects.filter(edition=edition).select_related("expert").annotate(number=F("expert__number"))
    if query.get("state") in State.values:
        found = found.filter(state=query["state"])
    return found


def state_counts(edition: Edition) -> dict[str, int]:
    counts = PoolEntry.objects.filter(edition=edition).values_list("state").annotate(Count("pk"))
    return {**dict.fromkeys(State.values, 0), **dict(counts)}


def state_choices(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"value": state.value, "label": state.label, "count": counts[state.value]} for state in State]


def rows_of(entries: Iterable[PoolEntry], spec: EditionSpec, rules: ReviewSpec) -> list[PoolRow]:
    names = class_names(spec)
    return [
        PoolRow(
            entry,
            profile_of(entry.expert),
            "、".join(names.get(code, code) for code in entry.expert.classes),
            rules.from_outside(entry.expert.region),
        )
        for entry in entries
    ]


def class_names(spec: EditionSpec) -> dict[str, str]:
    return {choice.code: label_of(choice) for choice in spec.industry_classes}


def class_choices(spec: EditionSpec, chosen: Iterable[str]) -> list[dict[str, Any]]:
    """The groups of classes with their boxes, in the order of the edition."""
    held = set(chosen)
    groups: list[dict[str, Any]] = []
    for choice in spec.industry_classes:
        box = {"code": choice.code, "label": label_of(choice), "chosen": choice.code in held}
        if len(choice.code) <= 2 or not groups:
            groups.append({**box, "choices": []})
        else:
            groups[-1]["choices"].append(box)
    return groups


PROBLEMS = {
    "no_name": lambda: _("The name is missing."),
    "no_contact": lambda: _("Mobile and e-mail are both missing."),
    "mobile": lambda: _("The mobile number has not eleven digits."),
    "email": lambda: _("The e-mail address is none."),
    "no_class": lambda: _("The class is missing."),
    "classes": lambda: _("A class is not one of the edition's: write its code or its whole name."),
    "capacity": lambda: _("The number of dossiers is no number."),
    "recommender": lambda: _("It is not said who recommends."),
    "twice": lambda: _("The same number or address stands twice in this list."),
}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of a list with its problems in words."""

    row: ExpertRow
    classes: str
    sentences: tuple[str, ...]


def lines_of(rows: Iterable[ExpertRow], spec: EditionSpec) -> list[ReadLine]:
    names = class_names(spec)
    return [
        ReadLine(
            row,
            "、".join(names.get(code, code) for code in row.classes),
            tuple(PROBLEMS[problem]() for problem in row.problems),
        )
        for row in rows
    ]
