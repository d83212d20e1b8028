"""Clauses over a person of the packet."""

from __future__ import annotations

from papers.judgement_cases import CANDIDATES, form, judged, roster


def test_clauses_are_open_until_declared_and_one_of_speaks_once() -> None:
    dossier = judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])]).dossiers[0]
    clauses = [(finding.code, finding.clause) for finding in dossier.findings]
    assert ("clause.open", "C1/C2/C3/C4") in clauses
    assert ("clause.open", "G4") not in clauses
    assert {code for code, _ in clauses} == {"clause.open", "id_number.region_unknown"}
    assert {one.clause: one.verdict.value for one in dossier.verdicts}["G4"] == "met"
    union = next(finding for finding in dossier.findings if finding.clause == "G2")
    assert "工会会员" in union.message()
    assert "union member" in union.message("en")


def test_declared_facts_decide_clauses() -> None:
    number = str(CANDIDATES[0]["id_number"])
    facts = {
        "employed_in_hangzhou": True, "union_member": False, "law_abiding": True, "years_in_hangzhou": 3,
        "in_technical_post": True, "innovation_with_benefit": True, "earlier_titles": [], "civil_service_staff": False,
        "institution_or_soe_leader": False,
    }  # fmt: skip
    dossier = judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])], declared={number: facts}).dossiers[0]
    assert [(finding.code, finding.clause) for finding in dossier.findings if finding.clause] == [
        ("clause.not_met", "G2")
    ]
    none = {**facts, "standards_or_key_technology": False, "innovation_with_benefit": False, "national_qualification": False,
            "science_award": False, "trains_talent": False, "coached_best_rank": 9}  # fmt: skip
    dossier = judged([form(CANDIDATES[0])], [roster(CANDIDATES[0])], declared={number: none}).dossiers[0]
    assert [finding.clause for finding in dossier.findings if finding.code == "clause.not_met"] == ["G2", "C1/C2/C3/C4"]
