"""Whom an edition asks about whom."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from jiangbang.kernel.consultation import read_consultation

DOCUMENT: dict[str, Any] = {
    "consultation": [
        {"category": "lead", "label": "负责人", "departments": ["公安", "税务"], "posts": ["总工程师", "CTO"]},
        {"category": "other", "label": "其他", "departments": ["公安"]},
    ],
    "consulted": [
        {"name": "公安", "to": "市公安局", "asked": "有无违法", "fields": ["name", "id_number"]},
        {"name": "税务", "fields": ["name", "employer"], "facts": ["employer_code"]},
    ],
    "consultation_terms": {"days": 7, "holds": 30, "number": "征〔{year}〕{n}号"},
    "fact": [{"key": "employer_code"}],
}
FIELDS = {"name": ("department",), "id_number": ("department",), "employer": ("department", "member"), "mobile": ()}


def changed(table: str, row: int | None, **values: Any) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    (document[table] if row is None else document[table][row]).update(values)
    return document


def test_each_category_names_its_departments_and_each_department_its_fields() -> None:
    spec = read_consultation(DOCUMENT, FIELDS)
    assert [(one.key, one.departments) for one in spec.categories] == [("lead", ("公安", "税务")), ("other", ("公安",))]
    assert spec.department("公安").fields == ("name", "id_number")
    assert spec.department("税务").facts == ("employer_code",)
    assert (spec.days, spec.holds, spec.number.format(year=2023, n=4)) == (7, 30, "征〔2023〕4号")


@pytest.mark.parametrize(
    ("post", "key"),
    [("某公司总工程师", "lead"), ("某公司 cto", "lead"), ("某公司工程师", "other"), ("", "other")],
)
def test_the_category_is_proposed_by_words_of_the_post(post: str, key: str) -> None:
    assert read_consultation(DOCUMENT).proposed(post).key == key


def test_a_category_that_the_edition_took_back_counts_as_the_last() -> None:
    assert read_consultation(DOCUMENT).category("gone").key == "other"


def test_a_department_without_a_row_is_shown_names_only() -> None:
    document = deepcopy(DOCUMENT)
    del document["consulted"][1]
    assert read_consultation(document).department("税务").fields == ("name",)


def test_an_edition_without_consultation_asks_nobody() -> None:
    spec = read_consultation({})
    assert (spec.categories, spec.departments) == ((), ())


@pytest.mark.parametrize(("today", "holds"), [(date(2026, 1, 31), True), (date(2026, 2, 1), False)])
def test_an_answer_holds_on_its_last_day_and_no_longer(today: date, holds: bool) -> None:
    assert read_consultation(DOCUMENT).holds_on(date(2026, 1, 1), today) is holds


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed("consulted", 0, fields=["mobile"]), "lets no department see 'mobile'"),
        (changed("consulted", 0, fields=["shoe"]), "has no field 'shoe'"),
        (changed("consulted", 1, facts=["shoe"]), "has no fact shoe"),
        (changed("consulted", 1, name="海关"), "asks 海关"),
        (changed("consulted", 1, name="税" * 41), "40 characters"),
        (changed("consultation_terms", None, days=0), "consultation_terms.days"),
        (changed("consultation_terms", None, holds=True), "consultation_terms.holds"),
        (changed("consultation_terms", None, number="{no}"), "consultation_terms.number"),
        ({"consultation": [{"category": "x", "label": "x"}]}, "lacks 'departments'"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(document: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="consult") as refusal:
        read_consultation(document, FIELDS)
    assert said in str(refusal.value)
