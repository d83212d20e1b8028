"""For how many working days a notice stands, what is on it, and what never is."""

from __future__ import annotations

import pytest

from jiangbang.kernel.notice import personal_in, read_notice_days, read_notice_fields

SEEN = {"name": ("public",), "employer_and_position": ("public",), "mobile": ()}


@pytest.mark.parametrize("days", [0, 61, True, "5", 2.5])
def test_a_wrong_length_is_named(days: object) -> None:
    with pytest.raises(ValueError, match=r"notice\.working_days"):
        read_notice_days({"notice": {"working_days": days}})


def test_a_silent_document_has_five_days_and_two_fields() -> None:
    assert read_notice_days({}) == 5
    assert read_notice_days({"notice": {"working_days": 7}}) == 7
    assert read_notice_fields({}, SEEN) == ("name", "employer_and_position")
    assert read_notice_fields({"notice": {"fields": ["name"]}}, SEEN) == ("name",)


@pytest.mark.parametrize(
    "fields", [[], "name", ["employer_and_position", "name"], ["name", "name"], ["name", "mobile"], ["name", "none"]]
)
def test_only_fields_that_the_public_may_see_are_allowed(fields: object) -> None:
    with pytest.raises(ValueError, match=r"notice\.fields"):
        read_notice_fields({"notice": {"fields": fields}}, SEEN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("杭州某某科技有限公司 高级工程师", ()),
        ("中国电子科技集团公司第52研究所 副主任", ()),
        ("3301061990", ("figures",)),
        ("工号 330106199003078888 工程师", ("identity",)),
        ("工程师33010619900307888x", ("identity",)),
        ("330106 19900307 8888", ("identity",)),
        ("工程师（13957123456）", ("mobile",)),
        ("１３９５７１２３４５６", ("mobile",)),
        ("139-5712-3456", ("mobile",)),
        ("工程师 li.si@example.cn", ("mail",)),
        ("联系0571-88888888", ("figures",)),
    ],
)
def test_numbers_that_lead_to_a_person_are_found(text: str, found: tuple[str, ...]) -> None:
    assert personal_in(text) == found
