"""The register of processing knows everything sealed, and the periods that the edition gives."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from django.utils import translation

from jiangbang.kernel.retention import DEFAULTS
from jiangbang.privacy.assessing import assessment
from jiangbang.privacy.processing import ACTIVITIES, field_classes, sealed_columns, table
from jiangbang.programme.models import Edition


def test_every_sealed_column_stands_in_one_activity() -> None:
    listed = Counter(field for one in ACTIVITIES for field in one.fields)
    assert sealed_columns() - set(listed) == set(), (
        "say in privacy.processing what it is kept for, how long and who sees it"
    )
    assert set(listed) - sealed_columns() == set(), "no such column any more"
    assert [field for field, times in listed.items() if times > 1] == []
    assert {one.period for one in ACTIVITIES} <= set(DEFAULTS)


@pytest.mark.django_db
def test_the_table_has_a_line_for_each_activity_and_the_form_a_class_for_each_field(edition: Edition) -> None:
    rows = list(csv.DictReader(io.StringIO(table(edition).removeprefix("﻿"))))
    assert [row["months"] for row in rows] == [str(DEFAULTS[one.period]) for one in ACTIVITIES]
    assert all(all(row[key] for key in ("activity", "purpose", "ground", "seen_by", "place")) for row in rows)
    assert sum(len(one.labels) for one in field_classes(edition)) == len(list(edition.spec.form))
    assert "身份证号" in field_classes(edition)[2].labels


@pytest.mark.django_db
def test_the_assessment_is_made_of_what_the_edition_is_set_to(edition: Edition) -> None:
    with translation.override("zh-hans"):
        said = {one.question: " ".join(one.said) for one in assessment(edition)}
    people, given = list(said.values())[1], list(said.values())[3]
    assert "身份证号" in people
    assert ("公安" in given, "身份证号" in given) == (True, True)
    assert len(said) == 6
    assert all(said.values())
