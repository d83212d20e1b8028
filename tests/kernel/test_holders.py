"""Who on a list of people is meant."""

from __future__ import annotations

import pytest

from jiangbang.kernel.holders import Holder, HolderIndex, Likely

PLACES = ("杭州市", "杭州")
FIRM = "杭州澜图软件有限公司"


def found(
    row: Holder[int], name: str = "张三丰", employer: str = f"{FIRM} 工程师", identity: str = "a"
) -> list[Likely[int]]:
    return HolderIndex([row], PLACES).find(name, employer, identity)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (Holder(1, "别人", "别处", "a"), [Likely(1, "identity", 100)]),
        (Holder(1, "张三丰", FIRM, "b"), []),
        (Holder(1, "张三丰", FIRM), [Likely(1, "name", 99)]),
        (Holder(1, "张 三 丰", "澜图软件股份有限公司"), [Likely(1, "name", 98)]),
        (Holder(1, "张三丰", "宁波恒瑞科技有限公司"), [Likely(1, "name", 60)]),
        (Holder(1, "张三丰"), [Likely(1, "name", 55)]),
        (Holder(1, "张三峰", FIRM), [Likely(1, "name", 70)]),
        (Holder(1, "张三峰", "宁波恒瑞科技有限公司"), []),
        (Holder(1, "张三峰"), []),
        (Holder(1, "李三峰", FIRM), []),
    ],
)
def test_number_name_and_employer_say_how_sure_it_is(row: Holder[int], answer: list[Likely[int]]) -> None:
    assert found(row) == answer


def test_without_a_number_of_ones_own_a_row_with_one_may_be_meant() -> None:
    assert found(Holder(1, "张三丰", FIRM, "b"), identity="") == [Likely(1, "name", 99)]


def test_names_of_two_characters_bear_no_slip() -> None:
    assert found(Holder(1, "张四", FIRM), name="张三") == []


@pytest.mark.parametrize("name", ["欧阳𬱖", "吉克·阿依", "䶮𠅤丰"])
def test_rare_and_long_names_are_found(name: str) -> None:
    assert found(Holder(1, name.replace("·", "•"), FIRM), name=name) == [Likely(1, "name", 99)]


def test_the_surest_comes_first_and_the_unlikely_is_left_out() -> None:
    rows = [Holder(1, "张三丰", "宁波恒瑞科技有限公司"), Holder(2, "张三丰", FIRM), Holder(3, "张三丰", "x", "a")]
    index = HolderIndex(rows, PLACES)
    assert [one.key for one in index.find("张三丰", FIRM, "a")] == [3, 2, 1]
    assert [one.key for one in index.find("张三丰", FIRM, "a", least=70)] == [3, 2]
    assert index.find("", FIRM) == []
