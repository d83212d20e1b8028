"""Lists of experts as they are read."""

from __future__ import annotations

import pytest
from review.experts import HEAD, line

from jiangbang.programme.models import Edition
from jiangbang.review.access import rules_of
from jiangbang.review.importing import ExpertList, as_text, read_experts

pytestmark = pytest.mark.django_db


def read(edition: Edition, *lines: str, known: set[str] | None = None) -> ExpertList:
    return read_experts("\n".join(lines), edition.spec, rules_of(edition), is_known=(known or set()).__contains__)


def test_a_line_is_read_with_its_columns_in_any_order(edition: Edition) -> None:
    found = read(
        edition, "手机,推荐单位,姓名,工作单位,评审领域", "138 0000 0001,滨江区总工会,𬱖䶮,第一研究院,0301 软件开发、05"
    )
    (row,) = found.rows
    assert (row.profile.name, row.profile.mobile, row.unit_code) == ("𬱖䶮", "13800000001", "330108")
    assert (row.classes, row.capacity, row.agreed, row.problems) == (("0301", "05"), 60, False, ())
    assert found.ready


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, "no_name"),
        ({"mobile": "", "email": ""}, "no_contact"),
        ({"mobile": "12345"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"classes": ""}, "no_class"),
        ({"classes": "炼金术"}, "classes"),
        ({"capacity": "很多"}, "capacity"),
        ({"capacity": "0"}, "capacity"),
        ({"recommender": ""}, "recommender"),
    ],
)
def test_what_is_wrong_is_said_by_line(edition: Edition, changes: dict[str, str], problem: str) -> None:
    found = read(edition, HEAD, line(1), line(2, **changes))
    assert [row.problems for row in found.rows] == [(), (problem,)]
    assert (found.wrong, found.ready) == (1, False)


def test_the_same_contact_twice_is_marked_on_both_lines(edition: Edition) -> None:
    assert [row.problems for row in read(edition, HEAD, line(1), line(1)).rows] == [("twice",), ("twice",)]


def test_a_list_without_its_headings_names_them(edition: Edition) -> None:
    assert read(edition, "甲\t乙", line(1)).missing == ("姓名", "工作单位", "评审领域", "推荐单位", "手机")
    assert read(edition, "").rows == ()


def test_rows_of_a_workbook_read_the_same_as_text(edition: Edition) -> None:
    rows = [HEAD.split("\t"), line(1).split("\t")]
    assert read(edition, as_text(rows)).rows == read(edition, HEAD, line(1)).rows
