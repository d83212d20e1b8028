"""How an edition has its dossiers reviewed: panels, rubric, numbers and method, as frozen values of its `[review]` table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, cast

from jiangbang.kernel.draw import DrawError, Rules, read_rules
from jiangbang.kernel.methods import METHODS, Method

# What a panel's table says beyond the rules of the draw.
_OWN_KEYS: Final = ("classes", "label_en")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a score from `at` on means."""

    at: int
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric: whole points between `lowest` and `highest`, anchors from the best down.

    A score at or below `comment_to`, or at or above `comment_from`, needs a comment.
    """

    key: str
    label: str
    label_en: str
    weight: int
    lowest: int
    highest: int
    comment_to: int
    comment_from: int
    anchors: tuple[Anchor, ...]

    def needs_comment(self, score: int) -> bool:
        """Whether this score must be given a reason."""
        return score <= self.comment_to or score >= self.comment_from


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """A panel: its rules in the draw, and the industry classes (prefixes; none: all) whose dossiers it judges."""

    rules: Rules
    label_en: str
    classes: tuple[str, ...]

    def judges(self, industry_class: str) -> bool:
        """Whether a dossier of this class comes before the panel."""
        return not self.classes or industry_class.startswith(self.classes)


@dataclass(frozen=True, slots=True)
class ReviewSpec:
    """All that the review stage needs to know of an edition."""

    recommenders: tuple[str, ...]
    # regions that begin so are not "from outside"
    home: tuple[str, ...]
    per_dossier: int
    least_per_expert: int
    most_per_expert: int
    method: Method
    # points between the highest and the lowest card from which a dossier is talked over
    discuss_from: int
    # places of the shortlist beyond the seats, so that there is somebody to put in another's place
    shortlist_more: int
    panels: tuple[PanelSpec, ...]
    rubric: tuple[Criterion, ...]

    def from_outside(self, region: str) -> bool:
        """Whether an expert of this region counts as from outside; one whose region is not known does not."""
        return bool(region.strip()) and not region.strip().startswith(self.home)

    def criterion(self, key: str) -> Criterion:
        """The line of the rubric with this key. Raises KeyError."""
        for one in self.rubric:
            if one.key == key:
                return one
        raise KeyError(key)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.rubric)

    def total(self, scores: Mapping[str, int]) -> Fraction:
        """The weighted mean of a whole card, exact."""
        weights = sum(one.weight for one in self.rubric)
        return Fraction(sum(one.weight * scores[one.key] for one in self.rubric), weights)


def read_review(document: Mapping[str, Any]) -> ReviewSpec:
    """The `[review]` table of an edition's document. Raises ValueError with one sentence that names the key at fault."""
    table = document.get("review", {})
    method = table.get("method", "calibrated")
    if method not in METHODS:
        raise ValueError(f"review.method: there is no method {method!r}; there are {', '.join(METHODS)}")
    spec = ReviewSpec(
        recommenders=tuple(table.get("pool_recommenders", ())),
        home=tuple(table.get("home", ())),
        per_dossier=_count(table, "per_dossier", 5),
        least_per_expert=_count(table, "least_per_expert", 0),
        most_per_expert=_count(table, "most_per_expert", 60),
        method=cast(Method, method),
        discuss_from=_count(table, "discuss_from", 30),
        shortlist_more=_count(table, "shortlist_more", 0),
        panels=tuple(_panel(raw) for raw in table.get("panel", ())),
        rubric=tuple(_criterion(raw) for raw in table.get("criterion", ())),
    )
    for what, names in (("panel", [one.rules.name for one in spec.panels]), ("criterion", list(spec.keys))):
        if len(set(names)) < len(names):
            raise ValueError(f"[[review.{what}]]: two have the same name")
    if method == "trimmed" and spec.per_dossier < 5:
        raise ValueError("review.method: trimmed needs per_dossier of at least 5")
    return spec


def _count(table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if type(value) is not int or value < 0:
        raise ValueError(f"review.{key} must be a whole number, 0 or more")
    return value


def _panel(raw: Mapping[str, Any]) -> PanelSpec:
    try:
        rules = read_rules({key: value for key, value in raw.items() if key not in _OWN_KEYS})
    except DrawError as error:
        raise ValueError(f"[[review.panel]]: {error}") from None
    return PanelSpec(rules, str(raw.get("label_en", rules.name)), tuple(raw.get("classes", ())))


def _criterion(raw: Mapping[str, Any]) -> Criterion:
    key = raw.get("key", "?")
    try:
        anchors = tuple(Anchor(one["at"], one["label"], one["label_en"]) for one in raw.get("anchor", ()))
        made = Criterion(
            key=raw["key"],
            label=raw["label"],
            label_en=raw["label_en"],
            weight=raw["weight"],
            lowest=raw.get("lowest", 0),
            highest=raw.get("highest", 100),
            comment_to=raw.get("comment_to", raw.get("lowest", 0) - 1),
            comment_from=raw.get("comment_from", raw.get("highest", 100) + 1),
            anchors=tuple(sorted(anchors, key=lambda one: -one.at)),
        )
    except KeyError as error:
        raise ValueError(f"[[review.criterion]] {key} lacks {error}") from None
    numbers = (made.weight, made.lowest, made.highest, made.comment_to, made.comment_from)
    if any(type(number) is not int for number in numbers) or made.weight <= 0 or made.lowest >= made.highest:
        raise ValueError(f"[[review.criterion]] {key}: weight above 0 and lowest below highest, all whole numbers")
    return made
