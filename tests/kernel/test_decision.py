"""An edition's rules for its leading group: read exactly, refused in one sentence, and bound shares held to the last person."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.decision import Body, read_decision


def document(**table: Any) -> dict[str, Any]:
    return {"decision": table, "fact": [{"key": "front_line"}, {"key": "leader"}]}


def test_the_rules_are_read_as_they_stand() -> None:
    found = read_decision(
        document(
            bodies=["甲会", "乙局"], members=2, substitutes=1, members_of={"甲会": 3}, quorum="2/3", majority="1/2",
            base="members", ties="runoff", most_rounds=2, mode="open", recused="counted", reserve=4, number="审〔{year}〕{n}号",
            majority_at_least=True,
        )
    )  # fmt: skip
    assert found.bodies == (Body("甲会", 3, 1), Body("乙局", 2, 1))
    assert found.body("乙局").members == 2
    assert (found.rules.quorum, found.rules.majority, found.rules.at_least) == (Fraction(2, 3), Fraction(1, 2), True)
    assert (found.rules.base, found.rules.ties, found.rules.most_rounds) == ("members", "runoff", 2)
    assert (found.mode, found.recused, found.reserve, found.shares) == ("open", "counted", 4, ())
    with pytest.raises(KeyError):
        found.body("丙局")


def test_an_edition_without_the_table_has_usual_rules_and_nobody() -> None:
    found = read_decision({})
    assert (found.bodies, found.mode, found.rules.quorum, found.rules.ties) == ((), "secret", Fraction(2, 3), "order")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"quorum": 0.66}, "decision.quorum must be a fraction"),
        ({"quorum": "3/2"}, "decision.quorum must be a fraction"),
        ({"majority": "1/0"}, "decision.majority must be a fraction"),
        ({"majority_at_least": "yes"}, "decision.majority_at_least must be true or false"),
        ({"base": "all"}, "decision.base: 'all' is none of present, members"),
        ({"mode": "loud"}, "decision.mode"),
        ({"members": -1}, "decision.members must be a whole number"),
        ({"members_of": {"丁局": 1}}, "丁局 is not among decision.bodies"),
        ({"number": "{day}"}, "decision.number may hold"),
        ({"share": [{"label": "x", "expression": "front_line"}]}, "neither at_least nor at_most"),
        ({"share": [{"label": "x", "at_least": "1/2"}]}, "lacks 'expression'"),
        ({"share": [{"label": "x", "expression": "nobody_says", "at_least": "1/2"}]}, "nobody_says"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_decision(document(**table))


FRONT = {"label": "一线职工", "label_en": "front-line workers", "expression": "front_line", "at_least": "35/100"}
LEADERS = {"label": "企业负责人", "expression": "leader", "at_most": "10/100"}


def test_whoever_is_not_known_counts_against_the_bound() -> None:
    """Of 60: 20 at the front and 3 unknown are one short of 35 %; 5 leaders and 2 unknown are one too many for 10 %."""
    front, leaders = read_decision(document(share=[FRONT, LEADERS])).shares
    people: list[dict[str, object]] = [{"front_line": number < 20, "leader": number < 5} for number in range(58)]
    people += [{}, {}]
    one, other = front.held(people), leaders.held(people)
    assert (one.met, one.unknown, one.total, one.short, one.holds) == (20, 2, 60, 1, False)
    assert (other.met, other.unknown, other.above, other.holds) == (5, 2, 1, False)


@given(st.lists(st.booleans(), max_size=80))
def test_a_share_is_exact(people: list[bool]) -> None:
    front, leaders = read_decision(document(share=[FRONT, LEADERS])).shares
    met, total = sum(people), len(people)
    assert front.held([{"front_line": one} for one in people]).holds is (100 * met >= 35 * total)
    assert leaders.held([{"leader": one} for one in people]).holds is (10 * met <= total)
