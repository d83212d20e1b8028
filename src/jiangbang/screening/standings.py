"""How a dossier's clauses stand: its facts, the verdicts on them, and what people ruled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.eligibility import Eligibility, Ruled, Ruling, Standing, eligibility, standing
from jiangbang.nomination.dossiers import full_record, sealed_text
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import Dossier
from jiangbang.papers.clause_verdicts import decide
from jiangbang.papers.facts import facts_of
from jiangbang.screening.models import ClauseRuling


@dataclass(frozen=True, slots=True)
class Standings:
    """One dossier: the facts that are known, each clause in the edition's order, every ruling (oldest first), the answer."""

    facts: Mapping[str, object]
    clauses: tuple[Standing, ...]
    history: tuple[ClauseRuling, ...]
    eligibility: Eligibility

    @property
    def rulings(self) -> Mapping[str, ClauseRuling]:
        """The newest ruling on each clause that was ruled on."""
        return {ruling.clause: ruling for ruling in self.history}

    @property
    def open_count(self) -> int:
        return len(self.eligibility.because) if self.eligibility.answer == "open" else 0

    def clause(self, code: str) -> Standing:
        """The clause with this code. Raises KeyError."""
        for found in self.clauses:
            if found.clause == code:
                return found
        raise KeyError(code)


def standings_of(dossiers: Iterable[Dossier]) -> dict[Any, Standings]:
    """How the clauses of these dossiers stand, by the dossiers' keys. Two queries, however many.

    The dossiers' `edition`, `person` and `accepted_revision` should be at hand.
    """
    at_hand = list(dossiers)
    declared = declared_facts(at_hand)
    history: dict[Any, list[ClauseRuling]] = {dossier.pk: [] for dossier in at_hand}
    rulings = ClauseRuling.objects.filter(dossier__in=history).select_related("ruled_by", "confirmed_by")
    for ruling in rulings.order_by("ruled_at", "number"):
        history[ruling.dossier_id].append(ruling)
    return {
        dossier.pk: _standings(dossier, dossier.edition.spec, declared[dossier.pk], history[dossier.pk])
        for dossier in at_hand
    }


def _standings(
    dossier: Dossier, spec: EditionSpec, declared: Mapping[str, object], history: list[ClauseRuling]
) -> Standings:
    facts = known_facts(dossier, spec, declared)
    rulings = {ruling.clause: ruling for ruling in history}
    clauses = []
    for clause, judged in zip(spec.clauses, decide(spec, facts), strict=True):
        ruling = rulings.get(clause.code)
        counting = Ruling(clause.code, _value(ruling), ruling.rests_on) if ruling and ruling.counts else None
        clauses.append(standing(clause, judged.verdict, facts, counting))
    return Standings(facts, tuple(clauses), tuple(history), eligibility(spec.clauses, clauses))


def _value(ruling: ClauseRuling) -> Ruled:
    value: Ruled = ruling.value  # type: ignore[assignment]  # only `rule_on_clause` writes it, from this list
    return value


def known_facts(dossier: Dossier, spec: EditionSpec, declared: Mapping[str, object]) -> dict[str, object]:
    """The facts of the revision that counts, with what was declared beside it."""
    revision = dossier.accepted_revision or dossier.revision
    if revision is None:
        return facts_of(spec.form.empty_record(), spec, declared)
    # known already; else reading the sealed values would ask for both again
    revision.dossier = dossier
    if revision.person_id == dossier.person_id:
        revision.person = dossier.person
    return facts_of(full_record(revision), spec, declared)


def reason_of(ruling: ClauseRuling, dossier: Dossier) -> str:
    """The reason that was given, in clear. Empty where none was."""
    return sealed_text(dossier.person, ruling.sealed_reason, aad(dossier))


def aad(dossier: Dossier) -> bytes:
    """What binds sealed words of the screening to their dossier."""
    return b"screening:" + dossier.pk.bytes
