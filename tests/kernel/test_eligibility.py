"""From verdicts and rulings to one answer."""

from __future__ import annotations

from itertools import product

import pytest

from jiangbang.kernel.clauses import Verdict, compile_clause
from jiangbang.kernel.edition import ClauseKind, ClauseSpec
from jiangbang.kernel.eligibility import (
    Eligibility,
    NotWaivable,
    Ruling,
    Standing,
    eligibility,
    evaluate,
    fingerprint,
    standing,
)


def clause(code: str, kind: ClauseKind = "general", expression: str = "a", waivable: bool = False) -> ClauseSpec:
    return ClauseSpec(code, kind, code, code, code, expression, "L-2", waivable)


def stands(spec: ClauseSpec, facts: dict[str, object], ruling: Ruling | None = None) -> Standing:
    return standing(spec, evaluate(compile_clause(spec.expression), facts), facts, ruling)


def ruled(spec: ClauseSpec, facts: dict[str, object], value: str) -> Ruling:
    return Ruling(spec.code, value, fingerprint(evaluate(compile_clause(spec.expression), facts), facts))  # type: ignore[arg-type]


def test_without_a_ruling_the_facts_decide() -> None:
    spec = clause("G1")
    assert stands(spec, {"a": True}) == Standing("G1", Verdict("met", ("a",), ()), "met", ruled=False, stale=False)
    assert stands(spec, {"a": False}).value == "not_met"
    assert stands(spec, {}).value == "open"


@pytest.mark.parametrize("value", ["met", "not_met", "open"])
@pytest.mark.parametrize("fact", [True, False, None])
def test_a_ruling_goes_before_the_facts(value: str, fact: bool | None) -> None:
    spec, facts = clause("G1"), {"a": fact}
    found = stands(spec, facts, ruled(spec, facts, value))
    assert (found.value, found.ruled, found.stale) == (value, True, False)


def test_only_what_is_in_principle_can_be_waived() -> None:
    facts: dict[str, object] = {"a": False}
    waivable = clause("G1", waivable=True)
    assert stands(waivable, facts, ruled(waivable, facts, "waived")).holds
    strict = clause("G3")
    with pytest.raises(NotWaivable):
        stands(strict, facts, ruled(strict, facts, "waived"))


def test_a_changed_fact_opens_what_read_it_and_nothing_else() -> None:
    first, second = clause("G1", expression="a"), clause("G2", expression="b")
    before: dict[str, object] = {"a": False, "b": False}
    rulings = [ruled(first, before, "met"), ruled(second, before, "met")]
    after: dict[str, object] = {"a": True, "b": False}
    found = [stands(first, after, rulings[0]), stands(second, after, rulings[1])]
    assert [(one.value, one.stale) for one in found] == [("open", True), ("met", False)]


def test_evidence_that_was_asked_for_and_came_is_judged_anew() -> None:
    spec = clause("G1")
    asked = ruled(spec, {}, "open")
    assert stands(spec, {"a": True}, asked) == Standing("G1", Verdict("met", ("a",), ()), "met", ruled=True, stale=True)


def test_a_fact_that_is_not_read_changes_no_fingerprint() -> None:
    either = compile_clause("a || b")
    facts: dict[str, object] = {"a": True}
    assert fingerprint(either.evaluate(facts), facts) == fingerprint(
        either.evaluate({**facts, "b": False}), {**facts, "b": False}
    )


def test_a_clause_that_cannot_be_evaluated_is_open() -> None:
    assert evaluate(compile_clause("a >= 5"), {"a": "many"}) == Verdict("open", ("a",), ())


VALUES = ("met", "not_met", "open", "waived")


@pytest.mark.parametrize(("general", "first", "second", "exclusion"), list(product(VALUES, repeat=4)))
def test_every_combination_follows_the_letter(general: str, first: str, second: str, exclusion: str) -> None:
    """L-2 as a truth table: each general clause and exclusion, and one of the one-of clauses."""
    specs = [clause("G"), clause("C1", "one_of"), clause("C2", "one_of"), clause("X", "exclusion")]
    values = (general, first, second, exclusion)
    standings = [
        Standing(spec.code, Verdict("open", (), ()), value, ruled=False, stale=False)  # type: ignore[arg-type]
        for spec, value in zip(specs, values, strict=True)
    ]
    truth = {"met": True, "waived": True, "not_met": False, "open": None}

    def conjunction(*terms: bool | None) -> bool | None:
        return False if False in terms else None if None in terms else True

    def disjunction(*terms: bool | None) -> bool | None:
        return True if True in terms else None if None in terms else False

    whole = conjunction(truth[general], disjunction(truth[first], truth[second]), truth[exclusion])
    found = eligibility(specs, standings)
    assert found.answer == {True: "eligible", False: "not_eligible", None: "open"}[whole]
    wanted = {"eligible": (), "not_eligible": ("not_met",), "open": ("open",)}[found.answer]
    assert all(dict(zip(["G", "C1", "C2", "X"], values, strict=True))[code] in wanted for code in found.because)


def test_the_reasons_are_the_clauses_that_fail() -> None:
    specs = [clause("G"), clause("C1", "one_of"), clause("C2", "one_of")]
    verdict = Verdict("not_met", (), ())
    failing = [Standing(spec.code, verdict, "not_met", ruled=False, stale=False) for spec in specs]
    assert eligibility(specs, failing) == Eligibility("not_eligible", ("G", "C1", "C2"))
