"""Marks and titles as the edition declares them, found in words that people write."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jiangbang.kernel.marks import EarlierTitle, ListRules, claims_in, earlier_titles, list_rules, named_in, priorities

DOCUMENT = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman" / "2023.toml").read_text("utf-8")
)
MARKS, TITLES = priorities(DOCUMENT), earlier_titles(DOCUMENT)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("国家级专精特新“小巨人”企业、制造业单项冠军", ["single_champion", "little_giant"]),
        ("省级未来工厂", ["future_factory_province"]),
        ("杭州市未来工厂", ["future_factory_city"]),
        ("“尖兵”“领雁”研发攻关计划", ["jianbing", "lingyan"]),
        ("独角兽（２０２２）", ["unicorn"]),
        ("规上企业", []),
        ("", []),
    ],
)
def test_marks_are_read_from_a_cell(text: str, keys: list[str]) -> None:
    assert [mark.key for mark in named_in(text, MARKS)] == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("杭州工匠", ["hangzhou_craftsman"]),
        ("“杭州工匠”提名奖", ["hangzhou_craftsman_nominee"]),
        ("浙江工匠、杭州工匠", ["zhejiang_craftsman", "hangzhou_craftsman"]),
        ("杭州数字工匠", []),
    ],
)
def test_of_titles_that_contain_each_other_the_longer_is_meant(text: str, keys: list[str]) -> None:
    assert [title.key for title in named_in(text, TITLES)] == keys


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("公司为国家级专精特新“小巨人”企业", ["little_giant"]),
        ("公司正争创专精特新小巨人", []),
        ("主要服务小巨人企业和独角兽企业", []),
        ("主要服务中小企业。公司是独角兽企业", ["unicorn"]),
        ("他是数字化改革的尖兵", []),
        ("主持省尖兵计划项目", ["jianbing"]),
    ],
)
def test_a_claim_is_told_from_a_wish_and_from_others(text: str, claimed: list[str]) -> None:
    assert [claim.mark for claim in claims_in({"deeds": text}, MARKS)] == claimed


def test_the_first_field_that_claims_is_named() -> None:
    (claim,) = claims_in({"remarks": "鲲鹏企业", "deeds": "鲲鹏企业"}, MARKS)
    assert (claim.mark, claim.field) == ("kunpeng", "remarks")


def test_only_the_nominee_prize_lets_its_holder_stand_again() -> None:
    assert [title.key for title in TITLES if title.may_stand_again] == ["hangzhou_craftsman_nominee"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"earlier_title": [{"key": "x"}]}, r"\[\[earlier_title\]\] number 1"),
        ({"earlier_title": [{"key": "x", "label": "x", "label_en": "x"}] * 2}, "same key"),
    ],
)
def test_faults_in_the_declaration_are_named(document: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        earlier_titles(document)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"code_fact": "x"}, "no fact 'x'"),
        ({"near": 0}, "from 1 to 100"),
        ({"near_title": True}, "from 1 to 100"),
        ({"strange": 1}, "strange"),
    ],
)
def test_faults_in_the_rules_are_named(raw: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        list_rules({"lists": raw}, ["y"])


def test_an_edition_without_lists_has_rules_that_look_for_nothing() -> None:
    assert (list_rules({}, []), earlier_titles({})) == (ListRules(), ())
    assert EarlierTitle("k", "标签", "label", ("别名",)).words == ("标签", "别名")
