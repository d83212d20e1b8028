"""What the pages of likenesses show, made ready for templates. Passages are found when somebody looks; nothing of them is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from jiangbang.accounts.models import User
from jiangbang.kernel.form import FieldSpec, Record
from jiangbang.kernel.names import mask
from jiangbang.kernel.similarity import Passage, common_passages, similarity
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import GENDERS, label_of, language, unit_names
from jiangbang.screening import policy
from jiangbang.screening.duplicates_acts import reason_of
from jiangbang.screening.duplicates_models import PERSON_DECISIONS, TEXT_DECISIONS, DuplicatePair
from jiangbang.screening.duplicates_queries import WantedPairs
from jiangbang.screening.duplicates_texts import text_of
from jiangbang.screening.pages import Choice

# Shorter stretches are shared by chance: two words and a half.
SHORTEST_PASSAGE = 5
HIDDEN = "•"
# Two slips, or two pairs that changed places: more would give away a number.
MOST_SHOWN = 4
# Fields beside the name that tell people apart, as far as the form has them; the kinds are the form's.
TELLING_KINDS = ("gender", "month", "identity", "mobile")


@dataclass(frozen=True, slots=True)
class PairRow:
    """One likeness in the list."""

    href: str
    score: str
    kind: str
    first: str
    first_from: str
    second: str
    second_from: str
    decision: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text, and the number of the passage that it is; 0: it stands in this text alone."""

    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two dossiers: where it comes from, and its text in parts. `readable` is False where the reader has no role in its
    edition, or the person's data was erased."""

    pk: str
    href: str
    name: str
    origin: str
    readable: bool
    parts: tuple[Part, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of both, each in parts of which those with a passage differ; masked where the form says so."""

    label: str
    first: tuple[Part, ...]
    second: tuple[Part, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class PairSheet:
    """A pair's page. `share` is how much of the shorter text the common passages are, in per cent."""

    first: Side
    second: Side
    values: tuple[Compared, ...]
    passages: int
    share: int
    likeness: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """A likeness on a dossier's page."""

    href: str
    kind: str
    score: str
    name: str
    decision: str


def pair_rows(rows: Iterable[DuplicatePair], wanted: WantedPairs) -> list[PairRow]:
    """The list's rows; their links keep the filter, so that "next" walks the same list."""
    return [
        PairRow(
            pair_href(pair, wanted),
            per_cent(pair.score),
            str(pair.get_kind_display()),
            pair.first.name or "—",
            _origin(pair.first, pair),
            pair.second.name or "—",
            _origin(pair.second, pair),
            str(pair.get_decision_display()),
            str(pair.decided_by or ""),
        )
        for pair in rows
    ]


def pair_href(pair: DuplicatePair, wanted: WantedPairs) -> str:
    narrowed = as_query(wanted)
    return reverse("screening_duplicate", args=[pair.pk]) + (f"?{narrowed}" if narrowed else "")


def as_query(wanted: WantedPairs) -> str:
    """The filter as it stands in an address."""
    said = {"kind": wanted.kind, "decided": wanted.decided, "unit": wanted.unit}
    return urlencode({key: value for key, value in said.items() if value})


def per_cent(score: int) -> str:
    """A likeness as people say it; never rounded up to the whole."""
    return f"{score // 10}%"


def kind_choices(counts: Mapping[tuple[str, bool], int]) -> list[Choice]:
    return [
        Choice(kind.value, str(kind.label), counts.get((kind.value, False), 0) + counts.get((kind.value, True), 0))
        for kind in DuplicatePair.Kind
    ]


def decided_choices(counts: Mapping[tuple[str, bool], int]) -> list[Choice]:
    totals = {done: sum(number for (_, one), number in counts.items() if one is done) for done in (False, True)}
    return [Choice("no", gettext("to be decided"), totals[False]), Choice("yes", gettext("decided"), totals[True])]


def decision_choices(pair: DuplicatePair) -> list[Choice]:
    """What may be said of this pair."""
    choices = PERSON_DECISIONS if pair.of_person else TEXT_DECISIONS
    return [Choice(choice.value, str(choice.label)) for choice in choices]


def hints(pairs: Iterable[DuplicatePair], dossier: Dossier) -> list[Hint]:
    """The likenesses of one dossier, seen from it."""
    return [
        Hint(
            reverse("screening_duplicate", args=[pair.pk]),
            str(pair.get_kind_display()),
            per_cent(pair.score),
            (pair.second if pair.first_id == dossier.pk else pair.first).name or "—",
            str(pair.get_decision_display()),
        )
        for pair in pairs
    ]


def pair_sheet(pair: DuplicatePair, reader: User) -> PairSheet:
    """Both dossiers side by side: values that tell people apart, texts with their common passages."""
    one, other = _record(pair.first, reader), _record(pair.second, reader)
    texts = [
        text_of(record, dossier.edition.spec.form) if record else ""
        for record, dossier in ((one, pair.first), (other, pair.second))
    ]
    passages = common_passages(texts[0], texts[1], SHORTEST_PASSAGE)
    shorter = min(map(len, texts))
    return PairSheet(
        _side(pair.first, pair, one, parts_of(texts[0], [(each.first, each.first_length) for each in passages])),
        _side(pair.second, pair, other, parts_of(texts[1], [(each.second, each.second_length) for each in passages])),
        _values(pair, one, other) if one and other else (),
        len(passages),
        _share(passages, shorter),
        int(100 * similarity(texts[0], texts[1])),
        (pair.first_revision_id, pair.second_revision_id) != (_counting(pair.first).pk, _counting(pair.second).pk),
    )


def _share(passages: Iterable[Passage], shorter: int) -> int:
    kept = sum(min(each.first_length, each.second_length) for each in passages)
    return min(100, 100 * kept // shorter) if shorter else 0


def _counting(dossier: Dossier) -> Any:
    revision = dossier.accepted_revision or dossier.revision
    assert revision is not None
    return revision


def _record(dossier: Dossier, reader: User) -> Record | None:
    """The revision that counts, in clear; None where the reader may not, or nobody can."""
    if not policy.may_see_screening(reader, dossier.edition):
        return None
    revision = _counting(dossier)
    revision.dossier = dossier
    try:
        return full_record(revision) if revision.person.wrapped_key else None
    except VaultError:
        return None


def _side(dossier: Dossier, pair: DuplicatePair, record: Record | None, parts: tuple[Part, ...]) -> Side:
    return Side(
        str(dossier.pk),
        reverse("dossier_detail", args=[dossier.pk]),
        dossier.name or "—",
        _origin(dossier, pair),
        record is not None,
        parts,
        sum(len(part.text) for part in parts),
    )


def _origin(dossier: Dossier, pair: DuplicatePair) -> str:
    """The unit; before it the edition where it is not the pair's."""
    names = unit_names(dossier.edition.spec)
    unit = names.get(dossier.unit_code, dossier.unit_code)
    return unit if dossier.edition_id == pair.edition_id else f"{dossier.edition.label} · {unit}"


def parts_of(text: str, stretches: Iterable[tuple[int, int]]) -> tuple[Part, ...]:
    """The text cut at its passages; passages are numbered in the order given, which is the first text's."""
    parts, place = [], 0
    for start, length, number in sorted((start, length, number) for number, (start, length) in enumerate(stretches, 1)):
        if place < start:
            parts.append(Part(text[place:start], 0))
        parts.append(Part(text[start : start + length], number))
        place = start + length
    if place < len(text):
        parts.append(Part(text[place:], 0))
    return tuple(parts)


def _values(pair: DuplicatePair, one: Record, other: Record) -> tuple[Compared, ...]:
    theirs = {spec.key: spec for spec in pair.first.edition.spec.form}
    return tuple(
        compared(spec, str(one.get(spec.key) or ""), str(other.get(spec.key) or ""))
        for spec in pair.second.edition.spec.form
        if spec.key in theirs and (spec.kind in TELLING_KINDS or spec.key in ("name", "employer_and_position"))
    )


def compared(spec: FieldSpec, one: str, other: str) -> Compared:
    """Two values of a field. Of a sensitive one only what differs is shown, character by character; where they are the same, the mask."""
    if spec.kind == "gender":
        words = GENDERS[language()]
        one, other = words.get(one, one), words.get(other, other)
    same = one.strip().upper() == other.strip().upper()
    if spec.personal_data != "sensitive":
        return Compared(label_of(spec), (Part(one or "—", 0),), (Part(other or "—", 0),), same)
    if same or len(one) != len(other) or _differences(one, other) > MOST_SHOWN:
        shown = [(Part(mask(value, spec.kind) or "—", 0),) for value in (one, other)]
        return Compared(label_of(spec), shown[0], shown[1], same)
    return Compared(label_of(spec), _only_differences(one, other), _only_differences(other, one), same)


def _differences(one: str, other: str) -> int:
    return sum(mine != theirs for mine, theirs in zip(one, other, strict=True))


def _only_differences(value: str, other: str) -> tuple[Part, ...]:
    return tuple(
        Part(mine, 1) if mine != theirs else Part(HIDDEN, 0) for mine, theirs in zip(value, other, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in words."""

    decision: str
    who: str
    at: datetime | None
    reason: str


def decided(pair: DuplicatePair) -> Decided | None:
    """What was decided, with its reason in clear; None where nothing was."""
    if not pair.decision:
        return None
    return Decided(str(pair.get_decision_display()), str(pair.decided_by), pair.decided_at, reason_of(pair))
