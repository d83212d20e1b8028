"""Names of firms: their parts, how alike they are, and that the index finds what comparing with every row finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.firms import SAME, FirmIndex, Likeness, employer_of, fold_firm, likeness, parse

PLACES = ("浙江省", "杭州市", "浙江", "杭州", "滨江区", "宁波")
BRANDS = st.text("澜图启岫星屿砺行芯泽", min_size=1, max_size=5)
NAMES = st.builds(
    lambda place, brand, trade, form: place + brand + trade + form,
    st.sampled_from(("", "杭州", "浙江", "宁波")),
    BRANDS,
    st.sampled_from(("", "科技", "软件", "信息技术", "智能装备")),
    st.sampled_from(("", "有限公司", "股份有限公司", "（集团）有限公司")),
)


@pytest.mark.parametrize(
    ("name", "core", "brand"),
    [
        ("杭州澜图软件股份有限公司", "澜图软件", "澜图"),
        ("澜图软件（杭州）有限公司", "澜图软件", "澜图"),
        ("澜图 软件", "澜图软件", "澜图"),
        ("中国电信股份有限公司杭州分公司", "中国电信", "中国电信"),
        ("浙江澜图控股集团有限公司", "澜图", "澜图"),
        ("杭州数据科技有限公司", "数据科技", "数据"),
        ("杭州有限公司", "杭州", "杭州"),
        ("", "", ""),
    ],
)
def test_a_name_falls_into_its_parts(name: str, core: str, brand: str) -> None:
    firm = parse(name, PLACES)
    assert (firm.core, firm.brand) == (core, brand)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州澜图软件（集团）股份有限公司", "杭州澜图软件(集团)股份有限公司"),
        ("杭州澜图软件有限公司（原澜图网络）", "杭州澜图软件有限公司"),
        ("ＡＢＣ软件有限公司", "abc软件有限公司"),
        ("杭州 澜图·软件 有限公司", "杭州澜图软件有限公司"),
    ],
)
def test_width_brackets_signs_and_remarks_make_no_other_name(one: str, other: str) -> None:
    assert fold_firm(one) == fold_firm(other)
    assert likeness(parse(one, PLACES), parse(other, PLACES)) == SAME


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("杭州澜图软件有限公司", "澜图软件股份有限公司", 96),
        ("杭州澜图软件有限公司", "浙江澜图软件有限公司", 92),
        ("海康威视", "杭州海康威视数字技术股份有限公司", 90),
        ("杭州海康威士数字技术有限公司", "杭州海康威视数字技术股份有限公司", 79),
        ("杭州澜图软件有限公司", "杭州澜图智能装备有限公司", 67),
        ("杭州澜图软件有限公司", "杭州启图软件有限公司", 0),
        ("杭州澜图软件有限公司", "", 0),
    ],
)
def test_the_brand_weighs_most_and_place_and_form_least(one: str, other: str, score: int) -> None:
    assert likeness(parse(one, PLACES), parse(other, PLACES)) == score


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways_and_whole_only_for_one_name(one: str, other: str) -> None:
    first, second = parse(one, PLACES), parse(other, PLACES)
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= SAME
    assert (likeness(first, second) == SAME) == (first.folded == second.folded)


@given(st.lists(NAMES, max_size=30), NAMES, st.integers(1, 100))
def test_the_index_finds_what_comparing_with_every_row_finds(names: list[str], asked: str, least: int) -> None:
    index = FirmIndex(enumerate(names), PLACES)
    places = index.places
    every = {(at, likeness(parse(asked, places), parse(name, places))) for at, name in enumerate(names)}
    found = index.find(asked, least=least)
    assert {(one.key, one.score) for one in found} == {pair for pair in every if pair[1] >= least}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_rows_of_one_name_are_found_together() -> None:
    index = FirmIndex([(1, "杭州澜图软件有限公司"), (2, "杭州澜图软件 有限公司"), (3, "")], PLACES)
    assert (len(index), index.find("杭州澜图软件有限公司", least=90)) == (1, [Likeness(1, 100), Likeness(2, 100)])


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("杭州澜图软件股份有限公司 算法工程师", "杭州澜图软件股份有限公司"),
        ("杭州澜图软件股份有限公司、总监", "杭州澜图软件股份有限公司"),
        ("杭州澜图软件股份有限公司算法工程师", "杭州澜图软件股份有限公司"),
        ("中国电信股份有限公司杭州分公司网络部经理", "中国电信股份有限公司杭州分公司"),
        ("杭州某某科技有限公司（滨江）研发", "杭州某某科技有限公司"),
        ("杭州启岫创业投资合伙企业（有限合伙） 经理", "杭州启岫创业投资合伙企业(有限合伙)"),
        ("某某大学计算机学院教授", "某某大学"),
        ("澜图软件 主管", "澜图软件"),
        ("", ""),
    ],
)
def test_the_employer_is_told_from_the_position(text: str, employer: str) -> None:
    assert employer_of(text) == employer
