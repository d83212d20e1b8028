"""From what people write to values."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.papers import normalise


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2023.5", "2023-05"), ("2023.05", "2023-05"), ("2023年5月", "2023-05"), ("2023年05月12日", "2023-05"),
        ("202305", "2023-05"), ("2023-05", "2023-05"), ("2023/5", "2023-05"), ("１９８８．５", "1988-05"), ("1988年5", "1988-05"),
        ("1988 年 5 月", "1988-05"), ("1988.5.12", "1988-05"), ("19880512", "1988-05"), ("1988年5月（34岁）", "1988-05"),
        ("一九八八年五月", "1988-05"),
        ("1988年五月", "1988-05"), ("1988年5月生", "1988-05"), (32994, "1990-05"), (32994.5, "1990-05"), (1990.05, "1990-05"),
        (202305.0, "2023-05"), (date(1988, 5, 1), "1988-05"), (datetime(1988, 5, 1, 8), "1988-05"),
        ("06/1980", "1980-06"), ("6/1980", "1980-06"), ("1980-6", "1980-06"), ("13/1980", None), ("1980年", None),
        ("八五年六月", None), ("88.5", None), ("2023.13", None), ("1988", None), (1990.1, None), ("", None), (None, None), (True, None),
        (float("nan"), None), (float("inf"), None), ("19881301", None), ("不详", None),
    ],
)  # fmt: skip
def test_months(written: object, month: str | None) -> None:
    assert normalise.read_month(written) == month


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("11年", 11), ("十一年", 11), ("11", 11), ("11年3个月", 11), (11.0, 11), (11, 11), ("１１年", 11), ("二十", 20), ("两年", 2),
        ("10余年", 10), ("半年", 0), ("11.5年", 11), ("很多年", None), ("近十年", None), ("5-8年", None), ("2012年", None), (True, None),
        ("", None), (-1, None),
    ],
)  # fmt: skip
def test_years(written: object, years: int | None) -> None:
    assert normalise.read_years(written) == years


@pytest.mark.parametrize(
    ("written", "gender"),
    [
        ("男", "male"), (" 女 ", "female"), ("男性", "male"), ("Female", "female"), ("☑男 □女", "male"), ("男√ 女", "male"),
        ("√男 女", "male"), ("男□ 女☑", "female"), ("[√]男 [ ]女", "male"), ("（ ）男 （√）女", "female"), ("■男 □女", "male"),
        ("[x]男 [ ]女", "male"), ("男[ ] 女[X]", "female"), ("(√)男 ( )女", "male"), ("男（√） 女（ ）", "male"),
        ("(×)男 (√)女", "female"), ("[x]男 [x]女", None), ("[ ]男 [ ]女", None),
        ("□男 □女", None), ("男/女", None), ("☑男 ☑女", None), ("", None), ("其他", None),
    ],
)  # fmt: skip
def test_genders(written: str, gender: str | None) -> None:
    assert normalise.read_gender(written) == gender


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("990101 19900219339x", "99010119900219339X"), ("９９０１０１１９９００２１９３３９ｘ", "99010119900219339X"),
        ("99010119900219339×", "99010119900219339X"), ("990101-19900219-339X", "99010119900219339X"), ("护照 E12", "护照 E12"),
    ],
)  # fmt: skip
def test_identity_numbers(written: str, number: str) -> None:
    assert normalise.read_identity(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138 0013 8000", "13800138000"), ("+86 138-0013-8000", "13800138000"), ("0571－27458763", "0571-27458763"),
        ("（0571）50731151", "(0571)50731151"), ("1991234", "1991234"), ("0571-1 转 2", "0571-1 转 2"),
    ],
)  # fmt: skip
def test_telephones(written: str, number: str) -> None:
    assert normalise.read_phone(written) == number


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        (["1.主持研发", "2.参与"], ["主持研发", "参与"]),
        (["1.2012年奖", "2.2013年奖"], ["2012年奖", "2013年奖"]),
        (["1.5亿元项目"], ["1.5亿元项目"]),
        (["1.5G基站", "2.4项专利"], ["5G基站", "4项专利"]),
        (["2020年奖", "2021年奖"], ["2020年奖", "2021年奖"]),
        (["1.甲乙 2.丙丁"], ["甲乙", "丙丁"]),
        (["1、甲；2、乙；3、丙。"], ["甲", "乙", "丙。"]),
        (["①甲②乙"], ["甲", "乙"]),
        (["（1）甲", "续行", "（2）乙"], ["甲续行", "乙"]),
        (["一、甲", "二、乙"], ["甲", "乙"]),
        (["1、参与1、2号机组", "2、乙"], ["参与1、2号机组", "乙"]),
        (["1、获奖2项", "2、乙"], ["获奖2项", "乙"]),
        (["1。1.5亿元", "2。乙"], ["1.5亿元", "乙"]),
        (["1：甲", "2：乙"], ["甲", "乙"]),
        (["·甲", "- 乙"], ["甲", "乙"]),
        (["无"], ["无"]),
        (["3D打印", "一种方法"], ["3D打印", "一种方法"]),
        ([f"{normalise.AUTO_NUMBER}1.5亿元", f"{normalise.AUTO_NUMBER}2.甲 2.乙", "续"], ["1.5亿元", "2.甲 2.乙续"]),
        (["甲\n乙"], ["甲", "乙"]),
        ([], []),
        (["  ", ""], []),
    ],
)
def test_items(lines: list[str], items: list[str]) -> None:
    assert normalise.split_items(lines) == items


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("姓　名：", "姓名"), ("推荐单位（区县市工会等）\n意见", "推荐单位意见"),
        ("【学历】", "学历"), ("1.姓名", "姓名"), ("*手机号码", "手机号码"),
        ("工作单位    及职务", "工作单位及职务"),
    ],
)  # fmt: skip
def test_labels(written: str, label: str) -> None:
    assert normalise.fold_label(written) == label


def test_names_lose_the_spaces_between_han_only() -> None:
    assert normalise.clean_name("张　三") == "张三"
    assert normalise.clean_name(" John  Smith ") == "John Smith"
    assert normalise.clean_name("𠅤 𬱖") == "𠅤𬱖"


def test_hints_go_whatever_their_punctuation() -> None:
    hint = "(主要成果和曾获荣誉请选择最主要的填写,各不超过3项)"
    assert normalise.strip_hints("（主要成果和曾获荣誉\n请选择最主要的填写，各不超过3项）\n甲", hint) == "\n甲"
    assert normalise.strip_hints("(甲)(乙)", hint) == "(甲)(乙)"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_readers_never_raise(written: object) -> None:
    month, years = normalise.read_month(written), normalise.read_years(written)
    assert month is None or (len(month) == 7 and 1 <= int(month[5:]) <= 12)
    assert years is None or 0 <= years <= 99


@given(st.text())
def test_text_readers_never_raise_and_cleaning_is_idempotent(written: str) -> None:
    assert normalise.clean_text(normalise.clean_text(written)) == normalise.clean_text(written)
    assert normalise.read_identity(normalise.read_identity(written)) == normalise.read_identity(written)
    assert normalise.read_phone(normalise.read_phone(written)) == normalise.read_phone(written)
    assert normalise.clean_name(normalise.clean_name(written)) == normalise.clean_name(written)
    assert all(item == normalise.clean_text(item) for item in normalise.split_items([written]))
    assert normalise.read_choice(written) != ""
    assert normalise.read_gender(written) in ("male", "female", None)
    normalise.fold_label(written)
