"""The clauses' verdicts on one person, and the findings that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jiangbang.kernel.clauses import Clause, Verdict, compile_clause
from jiangbang.kernel.edition import ClauseSpec, EditionSpec
from jiangbang.kernel.eligibility import evaluate
from jiangbang.papers.findings import Finding


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """A clause's verdict on one person."""

    clause: str
    verdict: Verdict


def decide(edition: EditionSpec, facts: Mapping[str, object]) -> tuple[ClauseVerdict, ...]:
    """Every clause of the edition over these facts, in the edition's order."""
    return tuple(ClauseVerdict(clause.code, evaluate(compiled(clause.expression), facts)) for clause in edition.clauses)


def clause_findings(
    edition: EditionSpec, verdicts: Sequence[ClauseVerdict], *, where: str | None
) -> tuple[Finding, ...]:
    """`clause.not_met` and `clause.open`, one per clause; the one-of clauses speak as one."""
    outcomes = {one.clause: one.verdict for one in verdicts}
    one_of = [clause for clause in edition.clauses if clause.kind == "one_of"]
    findings: list[Finding] = []
    for clause in edition.clauses:
        if clause.kind != "one_of":
            findings += _findings_of([clause], outcomes, edition, where)
        elif clause is one_of[0]:
            findings += _findings_of(one_of, outcomes, edition, where)
    return tuple(findings)


@lru_cache(maxsize=1024)
def compiled(expression: str) -> Clause:
    """The clause of an edition, compiled once."""
    return compile_clause(expression)


def _findings_of(
    clauses: Sequence[ClauseSpec], outcomes: Mapping[str, Verdict], edition: EditionSpec, where: str | None
) -> Iterator[Finding]:
    """The finding of one clause, or of several of which one must be met."""
    values = {outcomes[clause.code].value for clause in clauses}
    if "met" in values:
        return
    params: dict[str, str | int] = {
        "clause": "/".join(clause.code for clause in clauses),
        "label": "；".join(clause.label for clause in clauses),
        "label_en": "; ".join(clause.label_en for clause in clauses),
    }
    code = "/".join(clause.code for clause in clauses)
    if "open" not in values:
        yield Finding("clause.not_met", clause=code, where=where, params=params)
        return
    missing = dict.fromkeys(key for clause in clauses for key in outcomes[clause.code].missing)
    params |= _named(edition, missing)
    yield Finding("clause.open", clause=code, where=where, params=params)


def _named(edition: EditionSpec, keys: Iterable[str]) -> dict[str, str]:
    """The facts' names, as the sentence lists them."""
    facts = {fact.key: fact for fact in edition.facts}
    known = [facts[key] for key in keys if key in facts]
    return {
        "facts": "；".join(fact.label for fact in known) or "—",
        "facts_en": "; ".join(fact.label_en for fact in known) or "—",
    }


def _inner_quotes(label: str) -> str:
    """The sentence sets the label in “ ”, so the label's own become ‘ ’ (GB/T 15834)."""
    return label.replace("“", "‘").replace("”", "’")
