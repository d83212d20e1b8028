"""Facts for the clauses."""

from __future__ import annotations

from papers.roster_cases import edition_spec, person

from jiangbang.papers.facts import facts_of


def test_record_and_declaration_give_the_known_facts_only() -> None:
    facts = facts_of(
        person(1), edition_spec(), {"union_member": True, "earlier_titles": ["杭州工匠"], "years_in_hangzhou": None}
    )
    assert facts == {"years_in_industry": 11, "union_member": True, "earlier_titles": ["杭州工匠"]}


def test_record_goes_before_declaration() -> None:
    assert facts_of(person(1), edition_spec(), {"years_in_industry": 3})["years_in_industry"] == 11
    assert (
        facts_of(person(1, years_in_industry=None), edition_spec(), {"years_in_industry": 3})["years_in_industry"] == 3
    )


def test_value_of_another_kind_is_no_fact() -> None:
    declared = {"union_member": "yes", "years_in_hangzhou": True, "earlier_titles": "无", "unheard_of": 1}
    assert facts_of(person(1, years_in_industry="很多年"), edition_spec(), declared) == {}
