"""The letter's conditions (L-2, P-2) on cases that a lawyer would think of, one line a case.

A case says what differs from somebody who fits in every respect, what the office ruled, the answer, and the clauses that it rests on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from jiangbang.kernel.clauses import compile_clause
from jiangbang.kernel.edition import EditionSpec, load_edition
from jiangbang.kernel.eligibility import (
    Eligibility,
    NotWaivable,
    Ruled,
    Ruling,
    Standing,
    eligibility,
    evaluate,
    fingerprint,
    standing,
)
from jiangbang.kernel.form import FormSpec
from jiangbang.programme.bundles import read_bundle

FOLDER = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"

# Somebody who fits: employed, member, seven years, three of them in Hangzhou, met (2); holds nothing and leads nothing.
FITS: dict[str, object] = {
    "years_in_industry": 7,
    "employed_in_hangzhou": True,
    "union_member": True,
    "law_abiding": True,
    "years_in_hangzhou": 3,
    "in_technical_post": True,
    "standards_or_key_technology": False,
    "innovation_with_benefit": True,
    "national_qualification": False,
    "science_award": False,
    "trains_talent": False,
    "coached_best_rank": 0,
    "earlier_titles": [],
    "civil_service_staff": False,
    "institution_or_soe_leader": False,
}
UNKNOWN = None


class Case(NamedTuple):
    """`facts` over FITS (None: unknown); `rulings` by clause; the answer and the clauses that it names."""

    what: str
    facts: dict[str, object]
    rulings: dict[str, Ruled]
    answer: str
    because: str


YES, NO, OPEN = "eligible", "not_eligible", "open"
ONE_OF = "C1 C2 C3 C4"
NONE_OF = {"innovation_with_benefit": False}
FAKE = {"years_in_industry": 4, "national_qualification": True}
BOTH = {"civil_service_staff": True, "institution_or_soe_leader": True}
NOTHING = dict.fromkeys(FITS, UNKNOWN)

CASES = [
    Case("fits in every respect", {}, {}, YES, ""),
    # G4: five years, and what lifts them
    Case("exactly five years", {"years_in_industry": 5}, {}, YES, ""),
    Case("four years", {"years_in_industry": 4}, {}, NO, "G4"),
    Case("4.9 years are not five", {"years_in_industry": 4.9}, {}, NO, "G4"),
    Case("4.9 years, lifted by a national qualification (3)", {"years_in_industry": 4.9, "national_qualification": True}, {}, YES, ""),
    Case("one year, lifted by a science award (3)", {"years_in_industry": 1, "science_award": True}, {}, YES, ""),
    Case("no year at all, lifted by (3)", {"years_in_industry": 0, "science_award": True}, {}, YES, ""),
    Case("four years, (1) lifts nothing", {"years_in_industry": 4, "standards_or_key_technology": True}, {}, NO, "G4"),
    Case("four years, (2) lifts nothing", {"years_in_industry": 4}, {}, NO, "G4"),
    Case("four years, (4) lifts nothing", {"years_in_industry": 4, "trains_talent": True}, {}, NO, "G4"),
    Case("four years, waived: the letter says generally", {"years_in_industry": 4}, {"G4": "waived"}, YES, ""),
    Case("years unknown", {"years_in_industry": UNKNOWN}, {}, OPEN, "G4"),
    Case("years unknown, lifted by (3) all the same", {"years_in_industry": UNKNOWN, "national_qualification": True}, {}, YES, ""),
    Case("four years, qualification not yet shown", {"years_in_industry": 4, "national_qualification": UNKNOWN}, {}, OPEN, "G4"),
    Case("four years, neither qualification nor award", {"years_in_industry": 4, "science_award": False}, {}, NO, "G4"),
    Case("years written as words cannot be compared", {"years_in_industry": "五年多"}, {}, OPEN, "G4"),
    # G5: two years in Hangzhou; (3) lifts the years of service, not these
    Case("exactly two years in Hangzhou", {"years_in_hangzhou": 2}, {}, YES, ""),
    Case("one year in Hangzhou", {"years_in_hangzhou": 1}, {}, NO, "G5"),
    Case("one year in Hangzhou, (3) does not lift it", {"years_in_hangzhou": 1, "national_qualification": True}, {}, NO, "G5"),
    Case("one year in Hangzhou, waived", {"years_in_hangzhou": 1}, {"G5": "waived"}, YES, ""),
    Case("years in Hangzhou not declared", {"years_in_hangzhou": UNKNOWN}, {}, OPEN, "G5"),
    Case("half a year short on both counts", {"years_in_industry": 4, "years_in_hangzhou": 1}, {}, NO, "G4 G5"),
    Case("short on both, only one waived", {"years_in_industry": 4, "years_in_hangzhou": 1}, {"G4": "waived"}, NO, "G5"),
    Case("short on both, both waived", {"years_in_industry": 4, "years_in_hangzhou": 1}, {"G4": "waived", "G5": "waived"}, YES, ""),
    # G1, G2: in post and member, in principle
    Case("retired: no longer in post", {"employed_in_hangzhou": False}, {}, NO, "G1"),
    Case("retired and engaged again, waived in principle", {"employed_in_hangzhou": False}, {"G1": "waived"}, YES, ""),
    Case("works in Shanghai", {"employed_in_hangzhou": False, "years_in_hangzhou": 0}, {}, NO, "G1 G5"),
    Case("employment not declared", {"employed_in_hangzhou": UNKNOWN}, {}, OPEN, "G1"),
    Case("no union member", {"union_member": False}, {}, NO, "G2"),
    Case("no union member, waived in principle", {"union_member": False}, {"G2": "waived"}, YES, ""),
    Case("membership not declared", {"union_member": UNKNOWN}, {}, OPEN, "G2"),
    Case("membership not shown, evidence asked for", {}, {"G2": "open"}, OPEN, "G2"),
    # G3: conduct; nothing is said of principle
    Case("punished last year", {"law_abiding": False}, {}, NO, "G3"),
    Case("conduct not confirmed by the unit", {"law_abiding": UNKNOWN}, {}, OPEN, "G3"),
    Case("a complaint that proved empty, ruled met with a reason", {"law_abiding": False}, {"G3": "met"}, YES, ""),
    Case("credit record bad, ruled not met", {}, {"G3": "not_met"}, NO, "G3"),
    # G6: still in a technical post
    Case("moved into management", {"in_technical_post": False}, {}, NO, "G6"),
    Case("a chief engineer who still develops, ruled met", {"in_technical_post": False}, {"G6": "met"}, YES, ""),
    Case("post not declared", {"in_technical_post": UNKNOWN}, {}, OPEN, "G6"),
    Case("retired and out of the post", {"employed_in_hangzhou": False, "in_technical_post": False}, {"G1": "waived"}, NO, "G6"),
    # (1) to (4): one of them
    Case("none of the four", NONE_OF, {}, NO, ONE_OF),
    Case("(1) alone", {**NONE_OF, "standards_or_key_technology": True}, {}, YES, ""),
    Case("(3) by qualification alone", {**NONE_OF, "national_qualification": True}, {}, YES, ""),
    Case("(3) by award alone", {**NONE_OF, "science_award": True}, {}, YES, ""),
    Case("(4) by training alone", {**NONE_OF, "trains_talent": True}, {}, YES, ""),
    Case("(4) coached a winner", {**NONE_OF, "coached_best_rank": 1}, {}, YES, ""),
    Case("(4) coached a fifth", {**NONE_OF, "coached_best_rank": 5}, {}, YES, ""),
    Case("(4) coached a sixth", {**NONE_OF, "coached_best_rank": 6}, {}, NO, ONE_OF),
    Case("(4) coached nobody who was placed", {**NONE_OF, "coached_best_rank": 0}, {}, NO, ONE_OF),
    Case("all four at once", {"standards_or_key_technology": True, "science_award": True, "trains_talent": True}, {}, YES, ""),
    Case("(2) claimed, evidence missing", {"innovation_with_benefit": UNKNOWN}, {}, OPEN, "C2"),
    Case("(1) and (2) without evidence", {"standards_or_key_technology": UNKNOWN, "innovation_with_benefit": UNKNOWN}, {}, OPEN, "C1 C2"),
    Case("(2) without evidence, (4) shown", {"innovation_with_benefit": UNKNOWN, "trains_talent": True}, {}, YES, ""),
    Case("a district award is no municipal one, ruled not met", {**NONE_OF, "science_award": True}, {"C3": "not_met"}, NO, ONE_OF),
    Case("(1) ruled met against the declaration", NONE_OF, {"C1": "met"}, YES, ""),
    Case("a fake certificate lifts nothing", {**NONE_OF, **FAKE}, {"C3": "not_met", "G4": "not_met"}, NO, f"G4 {ONE_OF}"),
    # X1: earlier titles; no principle about it
    Case("holds 杭州工匠", {"earlier_titles": ["杭州工匠"]}, {}, NO, "X1"),
    Case("holds 浙江工匠", {"earlier_titles": ["浙江工匠"]}, {}, NO, "X1"),
    Case("holds both", {"earlier_titles": ["浙江工匠", "杭州工匠"]}, {}, NO, "X1"),
    Case("holds a district title only", {"earlier_titles": ["滨江工匠"]}, {}, YES, ""),
    Case("holds a nominee prize of 杭州数字工匠 only: may stand again", {"earlier_titles": ["杭州数字工匠提名奖"]}, {}, YES, ""),
    Case("titles not looked up yet", {"earlier_titles": UNKNOWN}, {}, OPEN, "X1"),
    Case("a namesake holds 杭州工匠, ruled another person", {"earlier_titles": ["杭州工匠"]}, {"X1": "met"}, YES, ""),
    # X2: party, government, mass organisations, institutions run like the civil service; in principle
    Case("a civil servant", {"civil_service_staff": True}, {}, NO, "X2"),
    Case("staff of an institution run like the civil service", {"civil_service_staff": True, "in_technical_post": True}, {}, NO, "X2"),
    Case("seconded to an office, waived in principle", {"civil_service_staff": True}, {"X2": "waived"}, YES, ""),
    Case("status of the institution unknown", {"civil_service_staff": UNKNOWN}, {}, OPEN, "X2"),
    # X3: leaders of public institutions and state-owned enterprises; in principle
    Case("head of a public institution", {"institution_or_soe_leader": True}, {}, NO, "X3"),
    Case("head of a public institution with a waiver", {"institution_or_soe_leader": True}, {"X3": "waived"}, YES, ""),
    Case("deputy head of a state-owned enterprise", {"institution_or_soe_leader": True, "science_award": True}, {}, NO, "X3"),
    Case("leader of a private firm is no such leader", {"institution_or_soe_leader": False}, {}, YES, ""),
    Case("civil servant and leader, one waiver is not enough", BOTH, {"X2": "waived"}, NO, "X3"),
    # several things at once
    Case("one clause fails, another is open: the failure decides", {"in_technical_post": False, "union_member": UNKNOWN}, {}, NO, "G6"),
    Case("nothing is known", NOTHING, {}, OPEN, f"G1 G2 G3 G4 G5 G6 X1 X2 X3 {ONE_OF}"),
    Case("only the form has come", {**NOTHING, "years_in_industry": 12}, {}, OPEN, f"G1 G2 G3 G5 G6 X1 X2 X3 {ONE_OF}"),
]  # fmt: skip


@cache
def spec() -> EditionSpec:
    document = next(one for one in read_bundle(FOLDER).documents if one["edition"]["slug"] == "2023")
    return load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])


def decided(case: Case) -> Eligibility:
    facts = {**FITS, **case.facts}
    standings: list[Standing] = []
    for clause in spec().clauses:
        verdict = evaluate(compile_clause(clause.expression), facts)
        value = case.rulings.get(clause.code)
        ruling = Ruling(clause.code, value, fingerprint(verdict, facts)) if value else None
        standings.append(standing(clause, verdict, facts, ruling))
    return eligibility(spec().clauses, standings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_letter_decides(case: Case) -> None:
    found = decided(case)
    assert (found.answer, set(found.because)) == (case.answer, set(case.because.split()))


def test_no_two_cases_are_the_same_and_every_clause_is_tried() -> None:
    assert len({case.what for case in CASES}) == len(CASES) >= 60
    named = {code for case in CASES for code in case.because.split()}
    assert named == {clause.code for clause in spec().clauses}


@pytest.mark.parametrize("code", ["G3", "G6", "C1", "C2", "C3", "C4", "X1"])
def test_what_the_letter_does_not_say_in_principle_of_cannot_be_waived(code: str) -> None:
    with pytest.raises(NotWaivable):
        decided(Case("", {}, {code: "waived"}, "", ""))


def test_the_waivable_clauses_are_those_of_the_letter() -> None:
    assert [clause.code for clause in spec().clauses if clause.waivable] == ["G1", "G2", "G4", "G5", "X2", "X3"]
