"""What the screening pages show, made ready for templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from jiangbang.kernel.edition import ClauseSpec, EditionSpec, FactSpec
from jiangbang.kernel.eligibility import Standing
from jiangbang.nomination.code_labels import CODE_LABELS
from jiangbang.nomination.dossiers import sealed_text
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of, unit_names
from jiangbang.screening.bulk import Bulk
from jiangbang.screening.models import ClauseRuling, Note, Screening
from jiangbang.screening.queries import Wanted
from jiangbang.screening.standings import Standings, aad, reason_of

# In the queue, how many clauses are named before they are only counted.
MOST_CODES = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One dossier in the queue."""

    pk: str
    href: str
    name: str
    employer: str
    unit: str
    state: str
    answer: str
    because: str
    screener: str


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact that a clause read: its name and its value in words; `known` is False where nothing is said of it."""

    label: str
    value: str
    known: bool


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One ruling in words."""

    pk: int
    clause: str
    value: str
    who: str
    at: datetime
    reason: str
    waits: bool
    second: str


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause as it stands, with what it read and what was ruled."""

    code: str
    label: str
    text: str
    source: str
    state: str
    automatic: str
    facts: tuple[ReadFact, ...]
    waivable: bool
    ruled: bool
    stale: bool
    rulings: tuple[RulingLine, ...]
    waiting: RulingLine | None


@dataclass(frozen=True, slots=True)
class ClauseGroup:
    """The clauses of one kind, with what the kind asks for."""

    label: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class NoteLine:
    text: str
    who: str
    at: datetime


def queue_rows(rows: Iterable[Screening], spec: EditionSpec, wanted: Wanted) -> list[QueueRow]:
    """The queue's rows; their links keep the filter, so that "next" walks the same queue."""
    names, narrowed = unit_names(spec), urlencode(wanted.as_query())
    return [
        QueueRow(
            str(row.pk),
            reverse("screening_dossier", args=[row.pk]) + (f"?{narrowed}" if narrowed else ""),
            row.dossier.name or "—",
            row.dossier.employer,
            names.get(row.unit_code, row.unit_code),
            row.state,
            row.answer,
            _rests_on(row.because.split()),
            str(row.screener or ""),
        )
        for row in rows
    ]


def _rests_on(codes: Sequence[str]) -> str:
    """The clauses by code; where they are many, their number says more."""
    if len(codes) <= MOST_CODES:
        return " ".join(codes)
    return gettext("%(n)d clauses") % {"n": len(codes)}


def state_choices(counts: Mapping[str, int]) -> list[Choice]:
    return [Choice(state.value, str(state.label), counts[state.value]) for state in Screening.State]


def answer_choices() -> list[Choice]:
    return [
        Choice("open", gettext("still open")),
        Choice("eligible", gettext("would be eligible")),
        Choice("not_eligible", gettext("would not be eligible")),
    ]


def clause_choices(spec: EditionSpec) -> list[Choice]:
    return [Choice(clause.code, f"{clause.code} {label_of(clause)}") for clause in spec.clauses]


def clause_groups(dossier: Dossier, found: Standings, spec: EditionSpec) -> list[ClauseGroup]:
    """The clauses by kind, in the letter's order; the rulings on each, newest first."""
    of_clause: dict[str, list[RulingLine]] = {}
    for ruling in reversed(found.history):
        of_clause.setdefault(ruling.clause, []).append(ruling_line(ruling, dossier))
    facts = {fact.key: fact for fact in spec.facts}
    kinds = (
        ("general", gettext("All of these must be met")),
        ("one_of", gettext("At least one of these must be met")),
        ("exclusion", gettext("Not excluded")),
    )
    groups = []
    for kind, label in kinds:
        clauses = tuple(
            _clause_line(clause, found.clause(clause.code), found, of_clause.get(clause.code, []), facts)
            for clause in spec.clauses
            if clause.kind == kind
        )
        if clauses:
            groups.append(ClauseGroup(label, clauses))
    return groups


def _clause_line(
    clause: ClauseSpec, stands: Standing, found: Standings, rulings: list[RulingLine], facts: Mapping[str, FactSpec]
) -> ClauseLine:
    waiting = rulings[0] if rulings and rulings[0].waits else None
    return ClauseLine(
        code=clause.code,
        label=label_of(clause),
        text=clause.text,
        source=clause.source,
        state=stands.value,
        automatic=stands.automatic.value,
        facts=tuple(read_fact(facts[key], found.facts.get(key)) for key in stands.automatic.read if key in facts),
        waivable=clause.waivable,
        ruled=stands.ruled,
        stale=stands.stale,
        rulings=tuple(rulings),
        waiting=waiting,
    )


def read_fact(fact: FactSpec, value: object) -> ReadFact:
    """A fact in words."""
    if value is None:
        return ReadFact(label_of(fact), gettext("not known"), known=False)
    if isinstance(value, bool):
        return ReadFact(label_of(fact), gettext("yes") if value else gettext("no"), known=True)
    if isinstance(value, list | tuple):
        return ReadFact(label_of(fact), "、".join(map(str, value)) or gettext("none"), known=True)
    return ReadFact(label_of(fact), str(value), known=True)


def ruling_line(ruling: ClauseRuling, dossier: Dossier) -> RulingLine:
    """A ruling with its reason in clear."""
    return RulingLine(
        ruling.pk,
        ruling.clause,
        ruling.value,
        str(ruling.ruled_by),
        ruling.ruled_at,
        reason_of(ruling, dossier),
        not ruling.counts,
        str(ruling.confirmed_by or ""),
    )


def note_lines(notes: Iterable[Note], dossier: Dossier) -> list[NoteLine]:
    """The notes in clear."""
    return [
        NoteLine(sealed_text(dossier.person, note.sealed, aad(dossier)), str(note.written_by), note.written_at)
        for note in notes
    ]


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact that the office may establish: what stands there now, and how it is asked for."""

    key: str
    label: str
    kind: str
    value: Any
    shown: str


def fact_lines(spec: EditionSpec, facts: Mapping[str, object]) -> list[FactLine]:
    """The facts that the form does not carry."""
    return [
        FactLine(
            fact.key,
            label_of(fact),
            fact.kind,
            _as_typed(facts.get(fact.key)),
            read_fact(fact, facts.get(fact.key)).value,
        )
        for fact in spec.facts
        if fact.from_field is None
    ]


def _as_typed(value: object) -> object:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else value


NOTHING = ("-", "无", "none")


def typed_fact(fact: FactSpec, said: str) -> object:
    """What was typed or chosen for a fact; None where nothing was. Raises ValueError for a number that is none."""
    said = said.strip()
    if not said:
        return None
    if fact.kind == "bool":
        return said == "yes"
    if fact.kind == "int":
        return int(said)
    if fact.kind == "list":
        return [] if said in NOTHING else [one for one in re.split("[、，,;；]", said) if one]
    return said


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side of the form in the split view."""

    label: str
    href: str
    current: bool
    count: int | None = None


def leaves(wanted: Wanted, leaf: Mapping[str, str]) -> list[Leaf]:
    """The form as fields with their evidence, and as the paper shows it."""
    narrowed = wanted.as_query()
    return [
        Leaf(gettext("Fields and evidence"), f"?{urlencode(narrowed)}", not leaf),
        Leaf(gettext("The paper as received"), f"?{urlencode({**narrowed, 'leaf': 'paper'})}", bool(leaf)),
    ]


def finding_choices(counts: Mapping[str, int]) -> list[Choice]:
    """The findings that the edition's dossiers carry, the most frequent first."""
    return [Choice(code, str(CODE_LABELS.get(code, code)), count) for code, count in counts.items()]


def bulk_sentence(done: Bulk) -> str:
    """What became of the chosen, in one sentence."""
    sentence = ngettext("%(n)d dossier was concluded.", "%(n)d dossiers were concluded.", done.concluded)
    said = sentence % {"n": done.concluded}
    if not done.left:
        return said
    rest = ngettext(
        "%(n)d is to be looked at by itself: something in it is open, was found, or is alike.",
        "%(n)d are to be looked at one by one: something in them is open, was found, or is alike.",
        done.left,
    )
    return f"{said} {rest % {'n': done.left}}"
