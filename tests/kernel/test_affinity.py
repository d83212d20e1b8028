"""How well an expert fits a dossier."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from jiangbang.kernel.affinity import Demand, Offer, affinities, class_match, word_match, words
from jiangbang.rehearsal.words import TRADES


@pytest.mark.parametrize(
    ("own", "codes", "value"),
    [
        ("0301 软件开发", ("0301",), 1.0),
        ("0301 软件开发", ("03",), 0.6),
        ("0301 软件开发", ("0302", "05"), 0.6),
        ("0301 软件开发", ("01",), 0.0),
        ("", ("01",), 0.0),
    ],
)
def test_classes_match_by_group_then_by_class(own: str, codes: tuple[str, ...], value: float) -> None:
    assert class_match(own, codes) == value


def test_words_leave_out_what_says_nothing() -> None:
    assert words("主持ＡＰＩ网关的研发，2023年") == ["主持", "api", "网关", "研发"]


def test_the_best_text_of_a_query_counts_as_one_and_a_strange_query_as_nothing() -> None:
    found = word_match(["芯片封装缺陷检测", "云计算平台调度"], ["芯片封装", "水产养殖"])
    assert found.tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert word_match([], ["芯片"]).shape == (0, 1)


def test_the_same_input_gives_the_same_thousandths() -> None:
    dossiers, experts = (
        [Demand("0301", "芯片封装 缺陷检测 系统"), Demand("05", "云计算")],
        [Offer(("03",), "芯片"), Offer(("05",), "云")],
    )
    first = affinities(dossiers, experts)
    assert (first == affinities(dossiers, experts)).all()
    assert first.tolist() == [[0.8, 0.0], [0.0, 0.3]]


@pytest.mark.parametrize(("share", "least"), [(2, 0.97), (3, 0.85)])
def test_on_made_up_profiles_the_right_experts_come_first_by_words_alone(share: int, least: float) -> None:
    """Five trades of seven to eleven words; eight experts and twenty dossiers each, every text a half (a third) of its trade's words.

    Of the first five experts so many are of the dossier's trade, mean of ten seeds; chance would give a fifth.
    """
    pools = [[word for group in trade[2:] for word in group] for trade in TRADES.values()]
    shares = []
    for seed in range(10):
        dice = Random(seed)
        experts = [(home, _said(pool, share, dice)) for home, pool in enumerate(pools) for _ in range(8)]
        texts = [(home, _said(pool, share, dice)) for home, pool in enumerate(pools) for _ in range(20)]
        found = word_match([text for _home, text in texts], [text for _home, text in experts])
        homes = np.array([home for home, _text in experts])
        for (home, _text), row in zip(texts, found, strict=True):
            shares.append((homes[np.argsort(-row, kind="stable")[:5]] == home).mean())
    assert np.mean(shares) > least


def _said(pool: list[str], share: int, dice: Random) -> str:
    return "，".join(dice.sample(pool, max(2, len(pool) // share)))
