"""The screening in pictures: right counts, few queries, no small cells."""

from __future__ import annotations

import pytest
from nomination.readings import Cast, MakeReading
from pytest_django import DjangoAssertNumQueries

from jiangbang.programme.models import Edition
from jiangbang.screening import acts, pictures
from jiangbang.screening.picture_models import Trait
from jiangbang.screening.pictures import Picture, PictureRow

from screening.conftest import FITTING, Screeners, in_screening  # isort: skip

pytestmark = pytest.mark.django_db


def rows(edition: Edition, key: str) -> dict[str, tuple[int, ...]]:
    found = pictures.picture(edition, key)
    assert found is not None
    return {row.label: row.parts for row in found.rows}


@pytest.fixture
def screened(edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners) -> Edition:
    """Four people: two eligible, one not, one still open."""
    people = [
        in_screening(
            edition, cast, reading, {**FITTING, **({"earlier_titles": ["杭州工匠"]} if number == 2 else {})}, number
        )
        for number in range(4)
    ]
    for one in people[:3]:
        acts.conclude_screening(one, by=screeners.li)
    acts.conclude_screening(people[2], by=screeners.wang)
    return edition


def test_the_way_from_received_to_eligible(screened: Edition) -> None:
    assert rows(screened, "funnel") == {
        "已接收": (4,),
        "已受理": (4,),
        "进入初审": (4,),
        "已作结论": (3,),
        "符合条件": (2,),
    }


def test_by_unit_and_class_people_are_parted_by_what_became_of_them(screened: Edition) -> None:
    assert rows(screened, "unit") == {"滨江区总工会": (2, 1, 1)}
    assert rows(screened, "class")["03 数字技术应用业"] == (2, 1, 1)
    assert rows(screened, "class")["01 数字产品制造业"] == (0, 0, 0)


def test_by_traits(screened: Edition) -> None:
    assert rows(screened, "gender") == {"男": (1, 0, 1), "女": (1, 1, 0)}
    assert rows(screened, "age")["35–39"] == (2, 1, 1)
    assert rows(screened, "years")["10–14"] == (2, 1, 1)
    assert rows(screened, "focus")["云计算"] == (2, 1, 1)
    assert rows(screened, "focus")["区块链"] == (0, 0, 0)


def test_there_is_no_other_picture(edition: Edition) -> None:
    assert pictures.picture(edition, "wages") is None


def test_small_cells_are_neither_told_nor_drawn() -> None:
    row = PictureRow("男", (1, 3, 0))
    guarded = Picture("x", "x", "x", ("a", "b", "c"), ("met",) * 3, (row,), guarded=True)
    assert [guarded.told(count) for count in row.parts] == ["<3", 3, 0]
    assert guarded.drawn(row) == (0, 3, 0)
    assert Picture("x", "x", "x", ("a",), ("ink",), (row,)).told(1) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_all_pictures_take_seven_queries_however_many_people(
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    screeners: Screeners,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
    assert Trait.objects.count() == count
    with django_assert_num_queries(7):
        found = pictures.pictures(edition)
    assert [one.key for one in found] == ["funnel", "unit", "class", "focus", "gender", "age", "years"]


def test_who_was_never_counted_is_said(screened: Edition) -> None:
    assert pictures.uncounted(screened) == 0
    Trait.objects.all()[0].delete()
    assert pictures.uncounted(screened) == 1
