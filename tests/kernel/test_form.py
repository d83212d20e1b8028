"""The form's declaration: sections hold every field once, and a wrong declaration names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from jiangbang.kernel.form import FormSpec

FIELD = {"key": "name", "label": "姓名", "label_en": "Name", "kind": "text", "personal_data": "open"}


def form(*fields: dict[str, Any], sections: tuple[str, ...] = ()) -> FormSpec:
    return FormSpec.from_document(
        {
            "title": "推荐表",
            "roster_title": "汇总表",
            "field": [{**FIELD, **one} for one in fields],
            "section": [{"key": key, "label": key, "label_en": key} for key in sections],
        }
    )


def test_fields_stand_in_their_sections_in_form_order() -> None:
    made = form({"key": "a", "section": "two"}, {"key": "b", "section": "one"}, {"key": "c"}, sections=("one", "two"))
    assert [(section.key, [field.key for field in fields]) for section, fields in made.section_fields()] == [
        ("one", ["b"]),
        ("two", ["a", "c"]),
    ]


def test_a_form_without_sections_is_one() -> None:
    ((section, fields),) = form({"key": "a"}, {"key": "b"}).section_fields()
    assert (section.label, [field.key for field in fields]) == ("推荐表", ["a", "b"])


def test_a_section_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no section nowhere"):
        form({"section": "nowhere"})


def test_options_are_frozen() -> None:
    assert form({"options": ["本科"]})["name"].options == ("本科",)
