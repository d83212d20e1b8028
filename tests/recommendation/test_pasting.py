"""Pasted people: columns in any order, with a header or without, and what is said of each line."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.recommendation.pasting import MAX_CHARACTERS, MAX_LINES, as_text, read_pasted

PEOPLE = (
    {"name": "赵一鸣", "employer": "杭州云栖数据有限公司", "mobile": "19900000001", "email": "zhao@example.org"},
    {"name": "阿依古丽·买买提", "employer": "浙江智造研究院", "mobile": "19900000002", "email": "ayi@example.org"},
    {"name": "钱多多", "employer": "云栖智联科技", "mobile": "19900000003", "email": "qian@example.org"},
)
HEADINGS = {"name": "姓 名", "employer": "工作单位及职务", "mobile": "手机号码", "email": "电子邮箱"}
ORDERS = list(itertools.permutations(("name", "employer", "mobile", "email")))


def read(text: str) -> list[dict[str, str]]:
    return [
        {"name": one.name, "employer": one.employer, "mobile": one.mobile, "email": one.email}
        for one in read_pasted(text).people
    ]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("headed", [True, False], ids=["header", "no header"])
@pytest.mark.parametrize("sign", ["\t", ",", "；"], ids=["tab", "comma", "semicolon"])
def test_columns_are_found_in_any_order(order: tuple[str, ...], headed: bool, sign: str) -> None:
    rows = [HEADINGS, *PEOPLE] if headed else list(PEOPLE)
    sign = "; " if sign == "；" else sign
    assert read("\n".join(sign.join(row[key] for key in order) for row in rows)) == list(PEOPLE)


def test_numbering_and_other_columns_are_passed_over() -> None:
    text = "序号\t姓名\t性别\t单位\t手机\n1\t赵一鸣\t男\t云栖数据\t19900000001\n2\t钱多多\t女\t智联\t19900000003\n"
    assert [(one["name"], one["employer"], one["mobile"]) for one in read(text)] == [
        ("赵一鸣", "云栖数据", "19900000001"),
        ("钱多多", "智联", "19900000003"),
    ]
    without = "1\t赵一鸣\t云栖数据\t19900000001\n2\t钱多多\t智联科技\t19900000003"
    assert [(one["name"], one["employer"]) for one in read(without)] == [("赵一鸣", "云栖数据"), ("钱多多", "智联科技")]


def test_names_alone_are_enough() -> None:
    assert [one["name"] for one in read("赵一鸣\n\n  钱多多  \n")] == ["赵一鸣", "钱多多"]
    assert [one["name"] for one in read("张 三\t云栖数据\n李四\t智联科技公司")] == ["张三", "李四"]


def test_one_line_typed_by_hand() -> None:
    assert read("赵一鸣 云栖数据有限公司 19900000001") == [
        {"name": "赵一鸣", "employer": "云栖数据有限公司", "mobile": "19900000001", "email": ""}
    ]


def test_a_cell_with_a_line_break_stays_one_cell() -> None:
    (one,) = read('赵一鸣\t"云栖数据\n有限公司"\t19900000001')
    assert one["name"] == "赵一鸣"
    assert one["mobile"] == "19900000001"
    assert "云栖数据" in one["employer"]


def test_full_width_and_grouped_numbers_are_read() -> None:
    (one,) = read("赵一鸣\t云栖数据有限公司\t＋８６ １９９-0000-0001\tzhao＠example.org")
    assert (one["mobile"], one["email"]) == ("19900000001", "zhao@example.org")


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("\t云栖数据\t19900000009\t", ("no_name",)),
        ("孙3\t云栖数据\t19900000009\t", ("name_odd",)),
        ("孙" * 60 + "\t云栖数据\t19900000009\t", ("name_long",)),
        ("孙小\t云栖数据\t1990000009\t", ("mobile",)),
        ("孙小\t云栖数据\t0571-88880000\t", ("mobile",)),
        ("孙小\t云栖数据\t\tsun.example@", ("email",)),
        ("孙小\t云栖数据\t199\tsun@@example.org", ("mobile", "email")),
        ("孙小\t云栖数据\t\t", ()),
    ],
)
def test_each_line_says_what_to_mend(line: str, problems: tuple[str, ...]) -> None:
    text = f"姓名\t单位\t手机\t邮箱\n赵一鸣\t云栖\t19900000001\tzhao@example.org\n{line}"
    found = read_pasted(text)
    assert [one.problems for one in found.people] == [(), problems]
    assert [one.line for one in found.people] == [2, 3]
    assert found.wrong == bool(problems)


def test_who_stands_here_twice_is_told_apart_by_address() -> None:
    same = read_pasted("赵一鸣\t云栖\t19900000001\n赵一鸣\t云栖\t19900000001")
    assert [one.problems for one in same.people] == [("twice",), ("twice",)]
    namesakes = read_pasted("赵一鸣\t云栖\t19900000001\n赵一鸣\t智联\t19900000002")
    assert [one.problems for one in namesakes.people] == [(), ()]


def test_who_was_invited_before_is_marked() -> None:
    found = read_pasted(
        "赵一鸣\t云栖\t19900000001", is_known=lambda name, address: (name, address) == ("赵一鸣", "19900000001")
    )
    assert found.people[0].problems == ("known",)


def test_what_was_read_reads_the_same_again() -> None:
    first = read_pasted("\n".join("\t".join(row.values()) for row in PEOPLE)).people
    assert [one.name for one in read_pasted(as_text(first)).people] == [row["name"] for row in PEOPLE]


def test_a_list_without_end_is_cut() -> None:
    found = read_pasted("\n".join(f"赵一鸣\t云栖\t199{number:08d}" for number in range(MAX_LINES + 5)))
    assert (len(found.people), found.cut) == (MAX_LINES, True)
    assert read_pasted("赵" * (MAX_CHARACTERS + 1)).cut


@pytest.mark.parametrize("text", ["", "\n\n\t\t\n", " ", "\0", '"', '\t"\t"'])
def test_nothing_is_nobody(text: str) -> None:
    assert [one.name for one in read_pasted(text).people if not one.problems] == []


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert all(one.line >= 1 for one in read_pasted(text).people)
