"""A dossier as an expert sees it."""

from __future__ import annotations

import pytest
from nomination.readings import person

from jiangbang.programme.models import Edition
from jiangbang.review.blind import blind_lines, text_of, visible_fields

pytestmark = pytest.mark.django_db


def test_only_fields_that_the_form_shows_to_experts_are_there(edition: Edition) -> None:
    form = edition.spec.form
    keys = {line.key for line in blind_lines(person(1), form)}
    assert keys.isdisjoint(
        {"name", "employer_and_position", "id_number", "mobile", "address", "photo", "opinions", "birth_month"}
    )
    assert {"achievements", "deeds", "honours"} <= keys
    assert [spec.key for spec in visible_fields(form) if spec.kind in ("image", "opinions")] == []


def test_names_and_numbers_inside_a_text_are_taken_out(edition: Edition) -> None:
    record = person(
        1,
        name="欧阳𬱖",
        employer_and_position="杭州云栖智联科技有限公司 算法工程师",
        deeds="欧 阳𬱖同志在云栖智联带队攻关，电话19900000001，另13800001111，0571-00000009。",
        achievements=["云栖智联科技有限公司2022年度优秀", "欧阳𬱖工作室"],
    )
    text = text_of(record, edition.spec.form)
    assert not any(word in text for word in ("欧阳", "欧 阳", "云栖智联", "19900000001", "13800001111", "00000009"))
    assert "〔本人〕工作室" in text
    assert "〔所在单位〕" in text
