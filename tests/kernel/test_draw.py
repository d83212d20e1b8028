"""The draw: rules kept, every set that keeps them equally likely, shortages, the verifier that shares no code."""

from __future__ import annotations

import importlib.util
import itertools
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from jiangbang.kernel.draw import (
    ATTEMPTS,
    FORMAT,
    DrawError,
    Expert,
    ImpossibleDrawError,
    Panel,
    commitment,
    draw,
    read_plan,
    replacement,
    seed_of,
)

SECRET = "a secret of the organiser"


def person(name: str, fields: str = "", employer: str = "", outside: bool = False) -> dict[str, Any]:
    return {"id": name, "fields": fields.split(), "employer": employer, "outside": outside}


POOL = [
    person("a", "ai", "x"), person("b", "ai", "x"), person("c", "ai iot", "y", True), person("d", "iot", "y"),
    person("e", "iot", "z", True), person("f", "chips", "z"), person("g", "chips ai", "w"),
]  # fmt: skip
RULES = {
    "name": "one",
    "seats": 3,
    "alternates": 2,
    "fields": {"ai": 1, "iot": 1},
    "most_per_employer": 1,
    "outside": 1,
}


def document(*panels: dict[str, Any], pool: list[dict[str, Any]] = POOL) -> dict[str, Any]:
    return {"format": FORMAT, "pool": pool, "panels": list(panels)}


def drawn(*panels: dict[str, Any], pool: list[dict[str, Any]] = POOL, witness: str = "7") -> tuple[Panel, ...]:
    plan = read_plan(document(*panels, pool=pool))
    return draw(plan, seed_of(plan, SECRET, [witness]))


def test_every_set_that_keeps_the_rules_is_equally_likely() -> None:
    """Chi-square over all feasible sets, 1,500 draws from fixed entries."""
    plan = read_plan(document({**RULES, "alternates": 0}))
    rules = plan.panels[0]
    feasible = [
        frozenset(one.id for one in members)
        for members in itertools.combinations(plan.pool, 3)
        if rules.kept_by(members)
    ]
    assert len(feasible) > 5
    seen = Counter(frozenset(draw(plan, seed_of(plan, SECRET, [str(turn)]))[0].members) for turn in range(1500))
    assert set(seen) <= set(feasible)
    assert float(chisquare([seen[members] for members in feasible]).pvalue) > 0.001


@settings(max_examples=60)
@given(
    st.integers(0, 4),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from([None, 1, 2]),
    st.integers(0, 2),
    st.text(max_size=5),
)
def test_a_panel_keeps_its_rules_or_there_is_none(
    seats: int, ai: int, iot: int, most: int | None, outside: int, witness: str
) -> None:
    wanted = {
        "name": "p",
        "seats": seats,
        "fields": {"ai": ai, "iot": iot},
        "most_per_employer": most,
        "outside": outside,
    }
    plan = read_plan(document(wanted))
    rules = plan.panels[0]
    possible = any(rules.kept_by(members) for members in itertools.combinations(plan.pool, seats))
    if not possible:
        with pytest.raises(ImpossibleDrawError):
            drawn(wanted, witness=witness)
        return
    members = [one for one in plan.pool if one.id in drawn(wanted, witness=witness)[0].members]
    assert rules.kept_by(members)


def test_panels_share_nobody_and_alternates_sit_nowhere() -> None:
    panels = drawn({"name": "one", "seats": 2, "alternates": 1}, {"name": "two", "seats": 2, "alternates": 9})
    names = [name for panel in panels for name in (*panel.members, *panel.alternates)]
    assert (len(names), set(names)) == (7, set("abcdefg"))


def test_the_order_of_the_pool_in_the_file_does_not_matter() -> None:
    assert drawn(RULES) == drawn(RULES, pool=POOL[::-1])


def test_another_entry_of_a_witness_gives_another_draw() -> None:
    assert len({drawn(RULES, witness=str(turn))[0].members for turn in range(20)}) > 5


def test_the_commitment_binds_secret_pool_and_rules() -> None:
    plan = read_plan(document(RULES))
    values = {
        commitment(plan, SECRET),
        commitment(plan, SECRET + "!"),
        commitment(read_plan(document({**RULES, "seats": 4})), SECRET),
        commitment(read_plan(document(RULES, pool=POOL[1:])), SECRET),
    }
    assert len(values) == 4


def test_rules_too_tight_for_luck_are_found_in_a_random_order() -> None:
    """One expert of the field among 2,000: no attempt need find him."""
    pool = [person(f"n{at:04d}") for at in range(20000)] + [person("rare", "rare"), person("thin", "thin")]
    (panel,) = drawn({"name": "p", "seats": 2, "fields": {"rare": 1, "thin": 1}}, pool=pool)
    assert (set(panel.members), panel.exhaustive, panel.attempts) == ({"rare", "thin"}, True, ATTEMPTS)


@pytest.mark.parametrize(
    ("wanted", "rule", "needed", "available"),
    [
        ({"seats": 9}, "seats", 9, 7),
        ({"seats": 5, "most_per_employer": 1}, "seats", 5, 4),
        ({"seats": 3, "outside": 3}, "outside", 3, 2),
        ({"seats": 3, "fields": {"chips": 3}}, "field chips", 3, 2),
        ({"seats": 1, "fields": {"ai": 2}}, "field ai within the seats", 2, 1),
        ({"seats": 2, "fields": {"chips": 1, "iot": 1}, "most_per_employer": 1, "outside": 2}, "together", 2, 0),
    ],
)
def test_what_is_short_is_said(wanted: dict[str, Any], rule: str, needed: int, available: int) -> None:
    with pytest.raises(ImpossibleDrawError) as error:
        drawn({"name": "p", **wanted})
    assert [(one.rule, one.needed, one.available) for one in error.value.shortages] == [(rule, needed, available)]


def test_a_share_of_outsiders_is_rounded_up() -> None:
    assert read_plan(document({"name": "p", "seats": 5, "outside_share": "1/3"})).panels[0].outside == 2


def test_a_refusal_is_filled_by_the_first_alternate_who_keeps_the_rules() -> None:
    plan = read_plan(document(RULES))
    panel = Panel("one", ("a", "c", "f"), ("d", "g", "e"), 1, False)
    assert replacement(plan, panel, ["a"]) == "g"
    assert replacement(plan, panel, ["c"]) is None
    assert replacement(plan, panel, ["f"]) == "g"
    assert replacement(plan, panel, ["g", "f"]) == "e"
    assert replacement(plan, panel, ["e", "g", "f"]) is None


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("format", {"format": "other"}),
        ("no list pool", {"pool": []}),
        ("no list panels", {"panels": None}),
        ("stands twice", {"pool": [person("a"), person("a")]}),
        ("has no id", {"pool": [{}]}),
        ("fields of a", {"pool": [{"id": "a", "fields": "ai"}]}),
        ("wrong kind", {"pool": [{"id": "a", "outside": 1}]}),
        ("panel has no name", {"panels": [{"seats": 1}]}),
        ("seats of panel p", {"panels": [{"name": "p", "seats": -1}]}),
        ("seats of panel p", {"panels": [{"name": "p", "seats": True}]}),
        ("numbers by field", {"panels": [{"name": "p", "seats": 1, "fields": ["ai"]}]}),
        ("share", {"panels": [{"name": "p", "seats": 1, "outside_share": "x"}]}),
        ("share", {"panels": [{"name": "p", "seats": 1, "outside_share": "3/2"}]}),
    ],
)
def test_a_file_that_is_no_draw_is_one_sentence(words: str, change: dict[str, Any]) -> None:
    with pytest.raises(DrawError, match=words):
        read_plan({**document(RULES), **change})


def verifier() -> ModuleType:
    """The program for outsiders."""
    path = Path(__file__).resolve().parents[2] / "docs" / "verify_draw.py"
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def published(
    *panels: dict[str, Any], pool: list[dict[str, Any]] = POOL, witnesses: tuple[str, ...] = ("7", "匠")
) -> dict[str, Any]:
    plan = read_plan(document(*panels, pool=pool))
    found = draw(plan, seed_of(plan, SECRET, witnesses))
    result = [{"name": one.name, "members": list(one.members), "alternates": list(one.alternates)} for one in found]
    whole = {"secret": SECRET, "witnesses": list(witnesses), "commitment": commitment(plan, SECRET), "result": result}
    return {**document(*panels, pool=pool), **whole}


RARE = [person(f"n{at:04d}", employer="e" * (at % 3)) for at in range(3000)] + [
    person("rare", "rare"),
    person("thin", "thin"),
]


@pytest.mark.parametrize(
    "file",
    [
        published(RULES, {"name": "two", "seats": 2, "alternates": 3, "outside_share": "1/4"}),
        published({"name": "p", "seats": 3, "fields": {"rare": 1, "thin": 1}, "most_per_employer": 1}, pool=RARE),
    ],
    ids=["by trying", "in a random order"],
)
def test_an_independent_program_draws_the_same(file: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(file), "utf-8")
    check = verifier().verify
    assert check(path) == ""
    path.write_text(json.dumps({**file, "witnesses": ["other"]}), "utf-8")
    assert "not those that the seed gives" in check(path)
    path.write_text(json.dumps({**file, "pool": file["pool"][1:]}), "utf-8")
    assert "commitment" in check(path)


def test_members_who_break_a_rule_are_no_panel() -> None:
    rules = read_plan(document(RULES)).panels[0]
    assert not rules.kept_by([Expert("a", frozenset({"ai", "iot"}), "x", True)] * 3)
