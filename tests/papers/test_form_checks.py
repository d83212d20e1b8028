"""One record against the form's own rules."""

from __future__ import annotations

from typing import Any

import pytest
from papers.test_nomination_form import expected, official_form

from jiangbang.kernel.edition import Choice
from jiangbang.papers.form_checks import check_record


def codes(**changes: Any) -> list[tuple[str, str | None]]:
    """Codes and fields; 990101 is nobody's region, so its note is left out."""
    findings = check_record(expected(**changes), official_form(), source="表.docx")
    return [(finding.code, finding.field) for finding in findings if finding.code != "id_number.region_unknown"]


GOOD_ID = "99010119800610479X"  # 10 June 1980, a man


def test_complete_record_has_no_finding() -> None:
    assert codes(gender="male") == []


def test_unknown_region_is_a_note() -> None:
    (finding,) = check_record(expected(gender="male"), official_form(), source="表.docx")
    assert (finding.code, finding.severity) == ("id_number.region_unknown", "note")


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"gender": "female"}, ("id_number.gender_mismatch", "id_number")),
        ({"birth_month": "1981-06"}, ("id_number.birth_mismatch", "id_number")),
        ({"id_number": "990101198006104790"}, ("id_number.checksum", "id_number")),
        ({"id_number": "990101800610479"}, ("field.format", "id_number")),
        ({"id_number": "99010119801310479X"}, ("field.format", "id_number")),
        ({"name": None}, ("field.missing", "name")),
        ({"achievements": []}, ("field.missing", "achievements")),
        ({"photo": None}, ("photo.missing", "photo")),
        (
            {"photo": {"media_type": "image/png", "width": 200, "height": 280, "sha256": ""}},
            ("photo.too_small", "photo"),
        ),
        ({"achievements": ["甲"] * 4}, ("field.too_many", "achievements")),
        ({"deeds": "字" * 401}, ("field.too_long", "deeds")),
        ({"mobile": "1991234"}, ("field.format", "mobile")),
        ({"years_in_industry": "很多年"}, ("field.format", "years_in_industry")),
        ({"birth_month": "88.5"}, ("field.format", "birth_month")),
        ({"gender": "男/女"}, ("field.format", "gender")),
    ],
)
def test_one_fault_gives_one_finding(changes: dict[str, Any], finding: tuple[str, str]) -> None:
    assert codes(**{"gender": "male", **changes}) == [finding]


def test_wrong_check_digit_is_reported_alone() -> None:
    assert codes(gender="female", birth_month="1999-01", id_number="990101198006104790") == [
        ("id_number.checksum", "id_number")
    ]


def test_line_breaks_do_not_count() -> None:
    assert codes(gender="male", deeds="\n".join(["字" * 100] * 4)) == []


def test_optional_fields_may_be_empty() -> None:
    assert codes(gender="male", telephone=None, skill_level=None, talent_class=None, honours=[]) == []


def test_findings_name_paper_and_field_but_no_value() -> None:
    (finding,) = [
        finding
        for finding in check_record(expected(gender="male", mobile="1991234"), official_form(), source="表.docx")
        if finding.severity == "block"
    ]
    assert finding.where == "表.docx · 手机号码"
    assert "1991234" not in finding.message()


def test_industry_code_must_be_one_of_the_edition() -> None:
    classes = (Choice("0301", "软件开发", "Software"),)
    form = official_form()
    for value, expected_codes in (("0301 软件开发", []), ("0999 其他", ["field.format"]), ("软件开发", [])):
        record = expected(gender="male", industry_class=value)
        found = check_record(record, form, source="x", industry_classes=classes)
        assert [finding.code for finding in found if finding.severity == "block"] == expected_codes
