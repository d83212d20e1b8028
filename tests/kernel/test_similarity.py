"""Texts that come from one another."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.line_search import LineSearch
from jiangbang.kernel.similarity import ALIKE, alike, common_passages, folded, line_of, similarity
from jiangbang.kernel.sketches import (
    NO_PHRASES,
    Pair,
    Phrases,
    candidates,
    near_duplicates,
    phrases_of,
    score,
    sketch_of,
)

DEEDS = (
    "他带领团队攻克国产芯片封装缺陷检测难题，历时三年研制出高速视觉检测系统，漏检率由千分之三降到十万分之二，"
    "产品用于国内十二条产线，并牵头起草行业标准一项。他坚持每周给新人上一堂课，先后带出技师七名。"
)
REWORKED = (
    "该同志带领团队攻克了国产芯片封装缺陷的检测难题，历时三年研发出高速视觉检测系统，漏检率由千分之三降至十万分之二，"
    "产品用于全国十二条产线，牵头起草行业标准一项。他每周坚持给新人上一课，先后带出技师七名。"
)
OTHER = (
    "她负责城市内涝监测平台的数据治理，建立了覆盖全市的雨量与管网模型，使预警时间提前四十分钟，"
    "连续两个汛期无一人伤亡。平台后来推广到省内五个城市，她为此写下三万行代码和两本手册。"
)


def texts(count: int, seed: int) -> list[str]:
    """Unrelated texts of 200 characters each."""
    source = random.Random(seed)
    return ["".join(chr(source.randrange(0x4E00, 0x5E00)) for _ in range(200)) for _ in range(count)]


def reworded(text: str, rate: float, seed: int) -> str:
    source = random.Random(seed)
    return "".join(chr(source.randrange(0x4E00, 0x5E00)) if source.random() < rate else letter for letter in text)


def test_a_text_is_the_same_as_itself_whatever_its_marks() -> None:
    marked = "，".join(DEEDS) + "。 \n\t"
    assert similarity(DEEDS, marked) == 1.0
    assert folded("Ａ１、 b") == "a1b"


def test_reworked_deeds_are_alike_and_others_are_not() -> None:
    assert similarity(DEEDS, REWORKED) > 0.8
    assert similarity(DEEDS, OTHER) < 0.3
    assert similarity(DEEDS, "") == similarity("", "") == similarity("，。", DEEDS) == 0.0


def test_passages_that_changed_places_still_count() -> None:
    half = len(DEEDS) // 2
    assert similarity(DEEDS, DEEDS[half:] + DEEDS[:half]) > 0.95


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_between_nothing_and_one(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0.0 <= similarity(one, other) <= 1.0


def test_common_passages_stand_where_they_stand_in_both_texts() -> None:
    first = "一、主持研发，高速视觉 检测系统；二、培养技师七名。"
    second = "先后培养技师七名，并研发高速视觉检测系统。"
    found = common_passages(first, second, shortest=5)
    assert [first[one.first :][: one.first_length] for one in found] == ["研发，高速视觉 检测系统", "培养技师七名"]
    assert [second[one.second :][: one.second_length] for one in found] == ["研发高速视觉检测系统", "培养技师七名"]


@given(st.text(alphabet="甲乙丙丁，𬱖ﬁ ", max_size=40), st.text(alphabet="甲乙丙丁，𬱖ﬁ ", max_size=40))
def test_common_passages_fold_to_the_same_letters(one: str, other: str) -> None:
    for found in common_passages(one, other, shortest=2):
        mine = folded(one[found.first :][: found.first_length])
        theirs = folded(other[found.second :][: found.second_length])
        # a ligature folds to two letters and may be cut inside; both then begin or end with the shared ones
        assert mine in theirs or theirs in mine


def test_the_same_text_twice_is_found_whatever_stands_between() -> None:
    crowd = texts(300, seed=1)
    found = near_duplicates([DEEDS, *crowd, DEEDS, "", "，", REWORKED])
    assert [(pair.first, pair.second) for pair in found] == [(0, 301), (0, 304), (301, 304)]
    assert found[0] == Pair(0, 301, 1.0)


def test_names_of_the_rarest_characters_are_letters_like_others() -> None:
    rare = "𬱖䶮𠅤" * 12
    assert near_duplicates([rare, OTHER, rare]) == (Pair(0, 2, 1.0),)


def test_what_was_screened_before_is_not_told_again() -> None:
    crowd = [DEEDS, REWORKED, OTHER, reworded(OTHER, 0.1, seed=2)]
    assert [(pair.first, pair.second) for pair in near_duplicates(crowd)] == [(0, 1), (2, 3)]
    assert [(pair.first, pair.second) for pair in near_duplicates(crowd, new_from=3)] == [(2, 3)]


def test_equal_texts_give_equal_pairs_every_time() -> None:
    crowd = texts(60, seed=3)
    crowd += [reworded(text, 0.15, seed=number) for number, text in enumerate(crowd)]
    assert near_duplicates(crowd) == near_duplicates(list(crowd))


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1, 0.15, 0.2])
def test_reworded_texts_are_found_as_brute_force_finds_them(rate: float) -> None:
    crowd = texts(30, seed=4)
    crowd += [reworded(text, rate, seed=number) for number, text in enumerate(crowd)]
    alike = {
        (one, other)
        for one, other in itertools.combinations(range(len(crowd)), 2)
        if similarity(crowd[one], crowd[other]) >= ALIKE
    }
    found = {(pair.first, pair.second) for pair in near_duplicates(crowd)}
    assert alike == {(number, number + 30) for number in range(30)}
    assert found <= alike
    assert len(found) >= 0.98 * len(alike)


def test_a_phrase_that_all_share_makes_no_pair() -> None:
    phrase = "带领团队攻克关键核心技术，取得显著的社会效益和经济效益。"
    crowd = [f"{text[:120]}{phrase}{text[120:]}" for text in texts(400, seed=5)]
    assert near_duplicates(crowd) == ()


def test_nothing_and_one_text_give_nothing() -> None:
    assert near_duplicates([]) == near_duplicates([DEEDS]) == near_duplicates(["", "", ""]) == ()


def test_phrases_do_not_count_unless_they_are_nearly_all() -> None:
    phrases = "针对行业痛点提出人工智能新方法坚持把经验写成规程编写操作要点培训职工三百余人次面对荣誉只是把该做的事做好"
    crowd = [folded(f"{phrases}{text[:60]}") for text in texts(40, seed=6)]
    common = phrases_of(crowd, len(crowd))
    assert common.without(crowd[0]) == crowd[0][len(phrases) :]
    assert score(crowd[0], crowd[1], NO_PHRASES) >= ALIKE
    assert score(crowd[0], crowd[1], common) == 0.0
    assert score(crowd[0], crowd[0], common) == 1.0
    assert score(phrases, phrases[:-3], common) > 0.9
    assert score(phrases, phrases[:-20], common) == 0.0


def test_phrases_are_kept_as_bytes() -> None:
    common = phrases_of([folded(DEEDS)] * 9, 9)
    again = Phrases.from_bytes(common.as_bytes())
    assert again.without(folded(DEEDS + OTHER)) == common.without(folded(DEEDS + OTHER)) == folded(OTHER)


def test_texts_of_phrases_alone_meet_only_their_like() -> None:
    source = random.Random(8)
    sentences = texts(12, seed=8)
    crowd = ["".join(sentence[:40] for sentence in source.sample(sentences, 4)) for _ in range(300)]
    crowd += [crowd[0][:-6], crowd[1]]
    common = phrases_of(crowd, len(crowd))
    assert common.without(crowd[0]) == ""
    sketches = np.array([sketch_of(text, common) for text in crowd])
    met = list(candidates(sketches, np.ones(len(crowd), dtype=np.bool_)))
    assert len(met) < 2_000  # of 45,451
    assert {(0, 300), (1, 301)} <= {(pair.first, pair.second) for pair in near_duplicates(crowd)}


def test_a_text_that_very_many_share_is_found_in_each() -> None:
    found = near_duplicates([DEEDS] * 450)
    assert {pair.second for pair in found} == set(range(1, 450))
    assert len(found) < 1_000


@given(st.text("甲乙丙", max_size=9), st.text("甲乙丙", max_size=9))
def test_folded_lines_are_alike_where_the_texts_are_at_the_bound_too(first: str, second: str) -> None:
    for bound in (0.45, 0.6, similarity(first, second) or 1.0):
        assert alike(line_of(first), line_of(second), bound) == (similarity(first, second) >= bound)


LINES = st.lists(st.text(alphabet="研发系统检测a ", max_size=14), max_size=12)


@given(LINES, st.text(alphabet="研发系统检测a ", max_size=14), st.sampled_from([0.3, 0.45, 0.6, 1.0]))
def test_a_search_finds_every_line_that_is_alike_and_no_other(texts: list[str], asked: str, at_least: float) -> None:
    lines = [line_of(text) for text in texts]
    one = line_of(asked)
    expected = [place for place, other in enumerate(lines) if alike(one, other, at_least)]
    assert LineSearch(lines).alike_to(one, at_least) == expected
